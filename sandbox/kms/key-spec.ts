import { AwsError } from '../server/operation.ts';
import type { Key, KeyState } from '../world/world.ts';

/** What a key is for. The world knows a key's spec only, so an RSA or SM2 key counts as one for encryption. */
export type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC';

const families: readonly {
  readonly prefix: string;
  readonly usage: KeyUsage;
  readonly algorithms: readonly string[];
}[] = [
  { prefix: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', algorithms: ['SYMMETRIC_DEFAULT'] },
  { prefix: 'RSA_', usage: 'ENCRYPT_DECRYPT', algorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] },
  { prefix: 'SM2', usage: 'ENCRYPT_DECRYPT', algorithms: ['SM2PKE'] },
  { prefix: 'ECC_', usage: 'SIGN_VERIFY', algorithms: [] },
  { prefix: 'ML_DSA_', usage: 'SIGN_VERIFY', algorithms: [] },
  { prefix: 'HMAC_', usage: 'GENERATE_VERIFY_MAC', algorithms: [] },
];

function familyOf(key: Key) {
  const family = families.find(({ prefix }) => key.spec.startsWith(prefix));
  if (!family) {
    const known = families.map(({ prefix }) => `${prefix}${prefix.endsWith('_') ? '…' : ''}`).join(', ');
    throw new Error(`${key.arn} has the key spec ${key.spec}, which KMS does not have; known are ${known}`);
  }
  return family;
}

export function keyUsage(key: Key): KeyUsage {
  return familyOf(key).usage;
}

export function encryptionAlgorithms(key: Key): readonly string[] {
  return familyOf(key).algorithms;
}

/** Key material that is still to be imported comes from outside; all other material is KMS's own. */
export function keyOrigin(key: Key): 'AWS_KMS' | 'EXTERNAL' {
  return key.state === 'PendingImport' ? 'EXTERNAL' : 'AWS_KMS';
}

/** The cryptographic operations that S3 and the check use. */
export type CryptographicOperation = 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext' | 'Decrypt' | 'Encrypt';

const unusableStates: Readonly<Partial<Record<KeyState, { readonly code: string; readonly words: string }>>> = {
  Disabled: { code: 'DisabledException', words: 'is disabled.' },
  PendingDeletion: { code: 'KMSInvalidStateException', words: 'is pending deletion.' },
  PendingImport: { code: 'KMSInvalidStateException', words: 'is pending import.' },
};

/**
 * A caller that is authorized still fails where the key cannot do what is asked.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html; wordings as recorded in
 * test/fixtures/aws-recorded-errors-kms.jsonl
 * @throws AwsError DisabledException, KMSInvalidStateException or InvalidKeyUsageException, all 400
 */
export function checkKeyCan(key: Key, operation: CryptographicOperation): void {
  const unusable = unusableStates[key.state];
  if (unusable) throw new AwsError(unusable.code, 400, `${key.arn} ${unusable.words}`);
  if (key.spec === 'SYMMETRIC_DEFAULT') return;
  const usage = keyUsage(key);
  throw new AwsError(
    'InvalidKeyUsageException',
    400,
    operation.startsWith('GenerateDataKey')
      ? // As the troubleshooting guide of AWS Backint Agent for SAP HANA quotes it; not among the recorded answers.
        'You cannot generate a data key with an asymmetric CMK'
      : usage !== 'ENCRYPT_DECRYPT'
        ? `${key.arn} key usage is ${usage} which is not valid for ${operation}.`
        : `Algorithm SYMMETRIC_DEFAULT is incompatible with key spec ${key.spec}.`,
  );
}
