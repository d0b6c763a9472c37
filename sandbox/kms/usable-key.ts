import { conditions } from '../../core/aws-words/conditions.ts';
import { keyUsage } from '../../model/world/key-spec.ts';
import type { Key, KeyState } from '../../model/world/world.ts';
import { type AwsError, saidBy } from '../wire/operation.ts';

/** The cryptographic operations that S3 and the check use. */
export type CryptographicOperation = 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext' | 'Decrypt' | 'Encrypt';

const { keyDisabled, keyInvalidState, keyOfOtherKind } = conditions;

/** What is said of a key in a state in which it can't be used. */
const unusableStates: Readonly<Partial<Record<KeyState, (arn: string) => AwsError>>> = {
  Disabled: (arn) => saidBy({ ...keyDisabled.says, message: keyDisabled.says.message(arn) }),
  PendingDeletion: (arn) => saidBy({ ...keyInvalidState.says, message: keyInvalidState.says.message(arn, 'deletion') }),
  PendingImport: (arn) => saidBy({ ...keyInvalidState.says, message: keyInvalidState.says.message(arn, 'import') }),
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
  if (unusable) throw unusable(key.arn);
  if (key.spec === 'SYMMETRIC_DEFAULT') return;
  const { says } = keyOfOtherKind;
  const usage = keyUsage(key);
  const message = operation.startsWith('GenerateDataKey')
    ? says.asymmetric
    : usage === 'ENCRYPT_DECRYPT'
      ? says.ofSpec(key.spec)
      : says.ofUsage(key.arn, usage, operation);
  throw saidBy({ ...says, message });
}
