import { parseArn, partitionOf } from './arn.ts';

/** The account id in an ARN; undefined where there is none (S3) or where it is redacted. */
export function accountIn(arn: string | undefined): string | undefined {
  const accountId = arn && parseArn(arn)?.accountId;
  return accountId && /^\d{12}$/.test(accountId) ? accountId : undefined;
}

/** The Region in an ARN; undefined for global services and S3, or where it is redacted. */
export function regionIn(arn: string | undefined): string | undefined {
  const region = arn && parseArn(arn)?.region;
  return region && /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region) ? region : undefined;
}

/** The bucket of an S3 bucket's or object's ARN. */
export function bucketIn(arn: string | undefined): string | undefined {
  const parsed = arn ? parseArn(arn) : undefined;
  return parsed?.service === 's3' && parsed.accountId === '' ? parsed.resource.split('/')[0] : undefined;
}

/**
 * The identity that policies name for a principal: the role behind a session, as a policy that names a session breaks
 * with the next one. A session's ARN does not tell the path of its role.
 */
export function identityOf(principal: string): string {
  const session = principal.match(/^arn:([^:]*):sts::([^:]*):assumed-role\/([^/]+)/);
  return session ? `arn:${session[1]}:iam::${session[2]}:role/${session[3]}` : principal;
}

/** What people call a role, user or session by: the name of the role or user. */
export function nameOf(principal: string | undefined): string | undefined {
  return principal === undefined ? undefined : identityOf(principal).split('/').at(-1) || undefined;
}

/** The last part of a principal's ARN: the name of a session or user, or `root`, as CloudTrail's user name has it. */
export function nameOfSession(principal: string): string {
  return principal.split(/[/:]/).at(-1) ?? '';
}

/** An ARN that can stand in a policy: nothing in it is redacted or cut off. */
export function isWhole(arn: string | undefined): arn is string {
  const parsed = arn === undefined ? undefined : parseArn(arn);
  if (!parsed?.resource || /[<>{}…]|\*{3}|\.{3}/.test(arn ?? '')) return false;
  return parsed.service === 's3' ? true : /^\d{12}$/.test(parsed.accountId);
}

/** `s3.us-east-1.amazonaws.com`, as kms:ViaService has it for the calls that S3 makes to KMS. */
export function viaS3(region: string): string {
  return `s3.${region}.${partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
}
