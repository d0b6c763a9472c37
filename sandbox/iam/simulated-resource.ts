import { arnOf, parseArn } from '../../core/arn.ts';

/**
 * The simulator takes a resource literally: `arn:…:s3:::bucket/*` is covered by a policy's `bucket/*` and not by its
 * `bucket/reports/*`. Whatever the asked pattern leaves open is therefore filled in with a name that no policy has.
 */
const anyName = 'whatever-the-asked-pattern-leaves-open';

type ArnFormat = Omit<Parameters<typeof arnOf>[0], 'partition'>;

/** ARN formats, as https://docs.aws.amazon.com/service-authorization/latest/reference/ lists them. */
const formats: readonly { readonly action: RegExp; readonly format: ArnFormat | undefined }[] = [
  {
    action: /^s3:(?!\w*Bucket)\w*(?:Object|Multipart)/i,
    format: { service: 's3', resource: '${BucketName}/${KeyName}' },
  },
  { action: /^s3:(ListAllMyBuckets|ListAccessPoints)$/i, format: undefined },
  { action: /^s3:/i, format: { service: 's3', resource: '${BucketName}' } },
  { action: /^kms:(CreateKey|ListKeys|ListAliases|GenerateRandom)$/i, format: undefined },
  {
    action: /^kms:/i,
    format: { service: 'kms', region: '${Region}', accountId: '${Account}', resource: 'key/${KeyId}' },
  },
  {
    action: /^sts:AssumeRole/i,
    format: { service: 'iam', accountId: '${Account}', resource: 'role/${RoleNameWithPath}' },
  },
];

/** The ARN format of the resources that an action is about; `*` where the sandbox knows of none. */
export function resourceFormat(partition: string, action: string): string {
  const format = formats.find((entry) => entry.action.test(action))?.format;
  return format === undefined ? '*' : arnOf({ partition, ...format });
}

/**
 * A resource that the evaluator can be asked about in place of the one in the request.
 *
 * @param principal the ARN of the role whose policies are simulated
 */
export function concreteResource(action: string, asked: string, principal: string): string {
  const { partition = '', accountId = '' } = parseArn(principal) ?? {};
  const arn = asked === '*' ? resourceFormat(partition, action) : asked;
  if (arn === '*') return arn;
  return arn
    .replaceAll('${Account}', accountId)
    .replaceAll('${Region}', 'us-east-1')
    .replace(/\$\{[A-Za-z]+\}/g, anyName)
    .replace(/[*?]+/g, anyName);
}

/** The account that owns a simulated resource: the one in its ARN, else the one that the request says. */
export function accountOwning(resource: string, otherwise: string): string {
  return parseArn(resource)?.accountId || otherwise;
}
