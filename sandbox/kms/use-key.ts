import { randomUUID } from 'node:crypto';
import type { Key, World } from '../../model/world/world.ts';
import { type CryptographicOperation, type KeyRequest, withKey } from './with-key.ts';

export interface KeyUse extends KeyRequest<CryptographicOperation> {
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/**
 * Uses a key as S3 does for its caller: no ciphertext changes hands, since the sandbox stores objects in the clear, but
 * every question that KMS would ask is asked, and CloudTrail learns of it.
 *
 * @throws AwsError in KMS's own words, always 400: AccessDeniedException, NotFoundException, DisabledException,
 * KMSInvalidStateException, InvalidKeyUsageException, or DryRunOperationException
 */
export function useKey(world: World, use: KeyUse): Key {
  return withKey(world, use.forwardedBy ? { ...use, ...asS3Sends(use) } : use, (key) => key);
}

/**
 * S3 asks for 256-bit data keys, and to decrypt it sends the encrypted data key alone, which says what key it is of.
 * Its requests have ids of their own, which nothing ties to the id of the caller's.
 */
function asS3Sends({ operation }: KeyUse): Pick<KeyRequest, 'requestId' | 'parameters' | 'fromCiphertext'> {
  return {
    requestId: randomUUID(),
    ...(operation === 'Decrypt' ? { fromCiphertext: true } : { parameters: { keySpec: 'AES_256' } }),
  };
}
