import { arnOf, arnPattern, partitionOf } from '../../core/arn.ts';
import { conditions } from '../../core/aws-words/conditions.ts';
import type { Key, World } from '../../model/world/world.ts';
import { type AwsError, saidBy } from '../wire/operation.ts';

export type ResolvedKey =
  | { readonly found: Key /** Set if the request named the key by an alias. */; readonly alias?: string }
  /** A key that another account doesn't have. KMS must not reveal that to the caller. */
  | { readonly missingIn: string; readonly arn: string };

/**
 * Finds the key that a request names by key ARN, alias ARN, key ID or alias. A key ID or alias without an ARN is looked
 * up in the requester's account.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id; wordings as recorded in
 * test/fixtures/aws-recorded-errors-kms.jsonl
 * @throws AwsError NotFoundException, 400
 */
export function resolveKeyId(
  world: World,
  { keyId, region, callerAccountId }: { keyId: string; region: string; callerAccountId: string },
): ResolvedKey {
  const arn = keyArn.exec(keyId)?.groups;
  if (!arn && keyId.startsWith('arn:')) throw notFound(noSuchKey.says.ofNoKeyId(keyId));
  const {
    region: arnRegion = region,
    account = callerAccountId,
    resource = keyId,
    partition = partitionOf(region),
  } = arn ?? {};
  if (arnRegion !== region) throw notFound(keyOfOtherRegion.says.message(arnRegion));

  const alias = resource.startsWith('alias/') ? resource : undefined;
  const id = alias ? undefined : resource.replace(/^key\//, '');
  if (id !== undefined && !keyIdPattern.test(id)) throw notFound(noSuchKey.says.ofNoKeyId(keyId));

  const found = [...world.keys.values()].find(
    (key) =>
      key.accountId === account &&
      key.region === region &&
      (alias === undefined ? key.keyId === id : key.aliases.includes(alias)),
  );
  if (found) return { found, ...(alias && { alias }) };

  const named = arnOf({
    partition,
    service: 'kms',
    region,
    accountId: account,
    resource: alias ?? `key/${id}`,
  });
  if (account !== callerAccountId) return { missingIn: account, arn: named };
  throw notFound(noSuchKey.says[alias ? 'ofAlias' : 'message'](named));
}

const { noSuchKey, keyOfOtherRegion } = conditions;

const keyArn = arnPattern(/kms:(?<region>[a-z0-9-]+):(?<account>\d{12}):(?<resource>(?:key|alias)\/.+)/);

/** A UUID, or the ID of a multi-Region key. */
const keyIdPattern = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;

function notFound(message: string): AwsError {
  return saidBy({ ...noSuchKey.says, message });
}
