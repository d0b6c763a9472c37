import { keyOrigin, keyUsage } from '../world/key-spec.ts';
import type { Key } from '../world/world.ts';

interface KeyRequestContext {
  readonly region: string;
  readonly encryptionContext: Readonly<Record<string, string>>;
  readonly isCryptographic: boolean;
  /** Set if the request named the key by an alias and the operation has the condition key for it. */
  readonly alias?: string;
}

/**
 * The condition keys that KMS adds to a request, about the request and the key.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function keyContext(
  key: Key | undefined,
  { region, encryptionContext, isCryptographic, alias }: KeyRequestContext,
): Readonly<Record<string, string | readonly string[]>> {
  const names = Object.keys(encryptionContext);
  return {
    'aws:RequestedRegion': region,
    ...(isCryptographic && { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' }),
    ...Object.fromEntries(names.map((name) => [`kms:EncryptionContext:${name}`, encryptionContext[name] ?? ''])),
    ...(names.length > 0 && { 'kms:EncryptionContextKeys': names }),
    ...(alias && { 'kms:RequestAlias': alias }),
    ...(key && {
      'kms:KeyOrigin': keyOrigin(key),
      'kms:KeySpec': key.spec,
      'kms:KeyUsage': keyUsage(key),
      'kms:CustomerMasterKeySpec': key.spec,
      'kms:CustomerMasterKeyUsage': keyUsage(key),
      'kms:MultiRegion': String(key.multiRegion),
      ...(key.multiRegion && { 'kms:MultiRegionKeyType': key.isReplica ? 'REPLICA' : 'PRIMARY' }),
    }),
    ...(key && key.aliases.length > 0 && { 'kms:ResourceAliases': key.aliases }),
  };
}
