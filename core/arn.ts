/**
 * Everything that depends on AWS's naming: ARNs, partitions, DNS suffixes and service names. No other file builds or
 * parses an ARN or an endpoint; a test enforces this.
 */

/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`. Region and account may be empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, accountId, ...resource] = text.split(':');
  if (prefix !== 'arn' || !partition || !service || region === undefined || accountId === undefined) return undefined;
  if (resource.length === 0) return undefined;
  return { partition, service, region, accountId, resource: resource.join(':') };
}

type ArnParts = Pick<Arn, 'partition' | 'service' | 'resource'> & Partial<Pick<Arn, 'region' | 'accountId'>>;

export function arnOf({ partition, service, region = '', accountId = '', resource }: ArnParts): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/**
 * The partitions that the AWS SDKs know, by the prefix of their Regions' names, each with its DNS suffix.
 *
 * Source: https://docs.aws.amazon.com/general/latest/gr/rande.html and the partitions file that the AWS SDKs share
 * (https://github.com/aws/aws-sdk-js-v3, partitions.json).
 */
const partitions = [
  { regions: 'cn-', partition: 'aws-cn', dnsSuffix: 'amazonaws.com.cn' },
  { regions: 'us-gov-', partition: 'aws-us-gov', dnsSuffix: 'amazonaws.com' },
  { regions: 'us-iso-', partition: 'aws-iso', dnsSuffix: 'c2s.ic.gov' },
  { regions: 'us-isob-', partition: 'aws-iso-b', dnsSuffix: 'sc2s.sgov.gov' },
  { regions: 'eu-isoe-', partition: 'aws-iso-e', dnsSuffix: 'cloud.adc-e.uk' },
  { regions: 'us-isof-', partition: 'aws-iso-f', dnsSuffix: 'csp.hci.ic.gov' },
  { regions: 'eusc-', partition: 'aws-eusc', dnsSuffix: 'amazonaws.eu' },
] as const;
const commercial = { partition: 'aws', dnsSuffix: 'amazonaws.com' } as const;

function partitionRow(region: string): { readonly partition: string; readonly dnsSuffix: string } {
  return partitions.find(({ regions }) => region.startsWith(regions)) ?? commercial;
}

/** IAM principals and KMS keys can't be used outside of their own partition. */
export function partitionOf(region: string): string {
  return partitionRow(region).partition;
}

/** The DNS suffix of a Region's endpoints. */
export function dnsSuffixOf(region: string): string {
  return partitionRow(region).dnsSuffix;
}

/** The partition of an ARN. */
export function partitionIn(arn: string | undefined): string {
  return parseArn(arn ?? '')?.partition ?? commercial.partition;
}

/** `s3.us-east-1.amazonaws.com`, the endpoint of a service in a Region. */
export function endpointOf(service: string, region: string): string {
  return `${service}.${region}.${dnsSuffixOf(region)}`;
}

/** The value of kms:ViaService in S3's calls to KMS: S3's endpoint in its Region. */
export function viaS3(region: string): string {
  return endpointOf('s3', region);
}

/**
 * The names of Lambda, STS, KMS … as principals in policies and as sources of CloudTrail events. They are the same in
 * every partition.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function serviceName<Service extends string>(service: Service): `${Service}.amazonaws.com` {
  return `${service}.amazonaws.com`;
}

export function bucketArn(partition: string, bucket: string): string {
  return arnOf({ partition, service: 's3', resource: bucket });
}

export function objectArn(partition: string, bucket: string, key: string): string {
  return `${bucketArn(partition, bucket)}/${key}`;
}

/** A KMS key's ARN is in the partition of its Region. */
export function keyArn(region: string, accountId: string, keyId: string): string {
  return arnOf({ partition: partitionOf(region), service: 'kms', region, accountId, resource: `key/${keyId}` });
}

/** The UUID (or `mrk-…`) at the end of a key's ARN. */
export function keyIdIn(arn: string): string {
  return arn.slice(arn.indexOf(':key/') + ':key/'.length);
}

export function functionArn(region: string, accountId: string, name: string): string {
  return arnOf({
    partition: partitionOf(region),
    service: 'lambda',
    region,
    accountId,
    resource: `function:${name}`,
  });
}

/** `name` may begin with a path. */
export function roleArn(partition: string, accountId: string, name: string): string {
  return arnOf({ partition, service: 'iam', accountId, resource: `role/${name}` });
}

/** An account as a principal in policies, and its root user as a caller. */
export function accountArn(partition: string, accountId: string): string {
  return arnOf({ partition, service: 'iam', accountId, resource: 'root' });
}

/** `arn:aws:sts::111111111111:assumed-role/NAME/SESSION`, without the role's path. */
export function sessionArn(ofRole: string, session: string): string {
  const { partition, accountId = '' } = { partition: partitionIn(ofRole), ...parseArn(ofRole) };
  return arnOf({ partition, service: 'sts', accountId, resource: `assumed-role/${lastNameIn(ofRole)}/${session}` });
}

/** The prefix of the ARNs of all sessions of a role, up to the slash before the session's name. */
export function sessionsOf(ofRole: string): string {
  return sessionArn(ofRole, '').slice(0, -1);
}

function lastNameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** AWS managed policies are not in a customer's account: `arn:aws:iam::aws:policy/NAME`. */
export function awsManagedPolicyIn(arn: string): string | undefined {
  return /^arn:aws[a-z-]*:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
}

/**
 * A pattern for ARNs of any partition.
 *
 * @param rest the part after the partition, starting with the service; unanchored patterns find an ARN within a text
 */
export function arnPattern(rest: RegExp, { anchored = true }: { readonly anchored?: boolean } = {}): RegExp {
  const source = `arn:aws[a-z-]*:${rest.source}`;
  return new RegExp(anchored ? `^${source}$` : source, rest.flags);
}

/** The account ID in an ARN; undefined if it has none (S3) or is redacted. */
export function accountIn(arn: string | undefined): string | undefined {
  const accountId = arn && parseArn(arn)?.accountId;
  return accountId && /^\d{12}$/.test(accountId) ? accountId : undefined;
}

/** The Region in an ARN; undefined for global services and S3, or if it is redacted. */
export function regionIn(arn: string | undefined): string | undefined {
  const region = arn && parseArn(arn)?.region;
  return region && /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region) ? region : undefined;
}

/** The bucket of an S3 bucket's or object's ARN. */
export function bucketIn(arn: string | undefined): string | undefined {
  return /^arn:[^:]+:s3:[^:]*::([^/]*)/.exec(arn ?? '')?.[1];
}

/** True if a request named an access point, which has its own policy, instead of the bucket. */
export function isAccessPoint(arn: string | undefined): boolean {
  return /^arn:[^:]*:s3[\w-]*:[^:]*:[^:]*:(?:outpost\/[^/]*\/)?accesspoint\//.test(arn ?? '');
}

/** The ARN of the bucket that contains an object; a bucket's own ARN is returned unchanged. */
export function bucketArnIn(arn: string): string {
  return arn.split('/')[0] ?? arn;
}

/**
 * The ARN that policies should name for a principal: the role behind a session, because a policy that names a session
 * stops working for the next one. A session's ARN doesn't contain the role's path.
 */
export function identityOf(principal: string): string {
  const session = principal.match(/^arn:([^:]*):sts::([^:]*):assumed-role\/([^/]+)/);
  return session ? `arn:${session[1]}:iam::${session[2]}:role/${session[3]}` : principal;
}

/** The name of the role or user. People use it for a role's sessions too. */
export function nameOf(principal: string | undefined): string | undefined {
  return principal === undefined ? undefined : identityOf(principal).split('/').at(-1) || undefined;
}

/** The last part of a principal's ARN: the name of a session or user, or `root`, as in CloudTrail's user name. */
export function nameOfSession(principal: string): string {
  return principal.split(/[/:]/).at(-1) ?? '';
}

/** An ARN that a policy can contain, with nothing redacted or cut off. */
export function isWhole(arn: string | undefined): arn is string {
  const parsed = arn === undefined ? undefined : parseArn(arn);
  if (!parsed?.resource || /[<>{}…]|\*{3}|\.{3}/.test(arn ?? '')) return false;
  return parsed.service === 's3' ? true : /^\d{12}$/.test(parsed.accountId);
}

/** Example ARN formats for messages. */
export const arnExamples = {
  role: roleArn('aws', '111111111111', 'secure-inbox-delivery'),
  key: keyArn('us-east-1', '222222222222', '1234abcd-12ab-34cd-56ef-1234567890ab'),
} as const;
