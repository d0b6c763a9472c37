import { Sha256 } from '@aws-crypto/sha256-js';

/** SHA-256; with a key, its HMAC. */
export function digestOf(text: string, key?: Uint8Array): Uint8Array {
  const hash = new Sha256(key);
  hash.update(text);
  return hash.digestSync();
}

export function hexDigestOf(text: string, key?: Uint8Array): string {
  return Array.from(digestOf(text, key), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
