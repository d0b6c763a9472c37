import { keyUsage } from '../../model/world/key-spec.ts';
import type { Key, KeyState } from '../../model/world/world.ts';
import { AwsError } from '../wire/operation.ts';

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
