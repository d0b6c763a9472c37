/**
 * The simulator takes a resource literally: `arn:aws:s3:::bucket/*` is covered by a policy's `bucket/*` and not by its
 * `bucket/reports/*`. Whatever the asked pattern leaves open is therefore filled in with a name that no policy has.
 */
const anyName = 'whatever-the-asked-pattern-leaves-open';

/** ARN formats, as https://docs.aws.amazon.com/service-authorization/latest/reference/ lists them. */
const formats: readonly { readonly action: RegExp; readonly format: string }[] = [
  { action: /^s3:(?!\w*Bucket)\w*(?:Object|Multipart)/i, format: 'arn:aws:s3:::${BucketName}/${KeyName}' },
  { action: /^s3:(ListAllMyBuckets|ListAccessPoints)$/i, format: '*' },
  { action: /^s3:/i, format: 'arn:aws:s3:::${BucketName}' },
  { action: /^kms:(CreateKey|ListKeys|ListAliases|GenerateRandom)$/i, format: '*' },
  { action: /^kms:/i, format: 'arn:aws:kms:${Region}:${Account}:key/${KeyId}' },
  { action: /^sts:AssumeRole/i, format: 'arn:aws:iam::${Account}:role/${RoleNameWithPath}' },
];

/** The ARN format of the resources that an action is about; `*` where the sandbox knows of none. */
export function resourceFormat(action: string): string {
  return formats.find((entry) => entry.action.test(action))?.format ?? '*';
}

/** A resource that the evaluator can be asked about in place of the one in the request. */
export function concreteResource(action: string, asked: string, accountId: string): string {
  const arn = asked === '*' ? resourceFormat(action) : asked;
  if (arn === '*') return arn;
  return arn
    .replaceAll('${Account}', accountId)
    .replaceAll('${Region}', 'us-east-1')
    .replace(/\$\{[A-Za-z]+\}/g, anyName)
    .replace(/[*?]+/g, anyName);
}

/** The account that owns a simulated resource: the one in its ARN, else the one that the request says. */
export function ownerOf(resource: string, otherwise: string): string {
  return resource.split(':')[4] || otherwise;
}
