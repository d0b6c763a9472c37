import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { Key } from '../../model/world/world.ts';
import { AwsError } from '../wire/operation.ts';

/**
 * Ciphertexts of symmetric keys: AES-256-GCM with the encryption context as additional authenticated data. Like those
 * of KMS, they contain the ARN of their key, so that Decrypt needs no KeyId.
 *
 * The key material is derived from public data, so it protects nothing; when a world is loaded again, it can still
 * decrypt its earlier ciphertexts.
 */
const version = 1;
const ivLength = 12;
const tagLength = 16;

type EncryptionContext = Readonly<Record<string, string>>;

export function seal(key: Key, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const arn = Buffer.from(key.arn);
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', keyMaterial(key), iv).setAAD(associated(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const header = Buffer.from([version, arn.length >> 8, arn.length & 0xff]);
  return Buffer.concat([header, arn, iv, cipher.getAuthTag(), body]);
}

/**
 * The ARN of the key that a ciphertext was encrypted with.
 *
 * @throws AwsError InvalidCiphertextException, 400
 */
export function keyArnOf(ciphertext: Buffer): string {
  return parse(ciphertext).arn;
}

/** @throws AwsError InvalidCiphertextException, 400, if the context differs from the one used to encrypt */
export function open(key: Key, ciphertext: Buffer, context: EncryptionContext): Buffer {
  const { iv, tag, body } = parse(ciphertext);
  const decipher = createDecipheriv('aes-256-gcm', keyMaterial(key), iv).setAAD(associated(context)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

/** Related multi-Region keys share a key ID and key material. */
export function sharesMaterial(key: Key, arn: string): boolean {
  return key.arn === arn || (key.multiRegion && keyIdOf(key.arn) === keyIdOf(arn));
}

function keyMaterial(key: Key): Buffer {
  const name = key.multiRegion ? `${key.accountId}/${key.keyId}` : key.arn;
  return createHmac('sha256', 'key material of the sandbox').update(name).digest();
}

/** Identifies a key's material, in the format of KMS's CurrentKeyMaterialId: 64 hexadecimal digits. */
export function keyMaterialId(key: Key): string {
  return createHash('sha256').update(keyMaterial(key)).digest('hex');
}

function associated(context: EncryptionContext): Buffer {
  const sorted = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(sorted));
}

function parse(ciphertext: Buffer) {
  const arnLength = ciphertext.length > 3 ? ciphertext.readUInt16BE(1) : 0;
  const ivStart = 3 + arnLength;
  const tagStart = ivStart + ivLength;
  const bodyStart = tagStart + tagLength;
  if (ciphertext[0] !== version || arnLength === 0 || ciphertext.length < bodyStart) throw invalidCiphertext();
  return {
    arn: ciphertext.subarray(3, ivStart).toString(),
    iv: ciphertext.subarray(ivStart, tagStart),
    tag: ciphertext.subarray(tagStart, bodyStart),
    body: ciphertext.subarray(bodyStart),
  };
}

function keyIdOf(arn: string): string {
  return arn.split('/').at(-1) ?? '';
}

/** KMS gives no message, so that the error reveals nothing. */
function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', 400, '');
}
