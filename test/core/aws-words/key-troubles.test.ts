import { keyTroubles } from '../../../core/aws-words/key-troubles.ts';
import { readMessage } from '../../../core/aws-words/message.ts';
import { explainedFirst } from '../../cli/explain/explained.ts';

const key = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';

test.each([
  [`KMS.DisabledException: ${key} is disabled.`, 'disabled'],
  [`KMS.KMSInvalidStateException: ${key} is pending deletion.`, 'pending-deletion'],
  [
    `KMS.KMSInvalidStateException: ${key.replace(/[^/]*$/, 'mrk-1234')} is pending replica deletion.`,
    'pending-deletion',
  ],
  [`KMS.KMSInvalidStateException: ${key} is pending import.`, 'pending-import'],
  [`KMS.KMSInvalidStateException: ${key} is unavailable.`, 'unavailable'],
  ['KMS.InvalidKeyUsageException: You cannot generate a data key with an asymmetric CMK', 'other-kind'],
  ['KMS.KMSInvalidStateException', undefined],
] as const)('%s', (message, trouble) => {
  expect(readMessage(message)).toMatchObject({ layer: 'key-state' });
  expect(readMessage(message).keyTrouble).toBe(trouble);
  const { summary, remedy } = explainedFirst(`An error occurred when calling the PutObject operation: ${message}`);
  for (const [name, { is }] of Object.entries(keyTroubles)) expect(summary.endsWith(is)).toBe(name === trouble);
  const generic = explainedFirst('KMS.KMSInvalidStateException').remedy?.instruction;
  expect(remedy?.instruction === generic).toBe(trouble === undefined);
});
