import type { Key } from './world.ts';

/** The purpose of a key. The world only has a key's spec, so an RSA or SM2 key is treated as one for encryption. */
type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC';

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

export function isKeySpec(spec: string): boolean {
  return families.some(({ prefix }) => spec.startsWith(prefix));
}

function familyOf(key: Pick<Key, 'arn' | 'spec'>) {
  const family = families.find(({ prefix }) => key.spec.startsWith(prefix));
  if (!family) throw new Error(`${key.arn} was read with the key spec ${key.spec}, which KMS does not have`);
  return family;
}

export function keyUsage(key: Pick<Key, 'arn' | 'spec'>): KeyUsage {
  return familyOf(key).usage;
}

export function encryptionAlgorithms(key: Key): readonly string[] {
  return familyOf(key).algorithms;
}

/** The origin is external if key material is still to be imported. All other material comes from KMS. */
export function keyOrigin(key: Key): 'AWS_KMS' | 'EXTERNAL' {
  return key.state === 'PendingImport' ? 'EXTERNAL' : 'AWS_KMS';
}

const operations =
  /^(?:Decrypt|Encrypt|GenerateDataKey(?:Pair)?(?:WithoutPlaintext)?|ReEncrypt(?:From|To)|Sign|Verify|GetPublicKey|CreateGrant|RetireGrant|DescribeKey|GenerateMac|VerifyMac|DeriveSharedSecret)$/;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Operations */
export function isGrantOperation(operation: string): boolean {
  return operations.test(operation);
}
