import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DecryptCommand, DescribeKeyCommand, EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { delivery, editKey, europeanKeyArn, serviceKeyArn } from '../small-world.ts';
import { failureOf, servedWorld } from './served-world.ts';

/**
 * Replays recorded answers from AWS. A row's placeholders represent values of the recording account, so each case has
 * its own values for them.
 */
const rows = readFileSync(join(import.meta.dirname, '../../fixtures/aws-recorded-errors-kms.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): { code: string; message: string; http_status: number } => JSON.parse(line));

const served = servedWorld();
const { kms, sts } = {
  kms: (region?: string) => served.clientsOf(delivery, region).kms,
  sts: () => served.clientsOf(delivery).sts,
};

const missingId = '00000000-0000-4000-8000-0000000000ff';
const missingArn = serviceKeyArn.replace(/key\/.*/, `key/${missingId}`);
const missingMultiRegionArn = serviceKeyArn.replace(/key\/.*/, 'key/mrk-000000000000000000000000000000ff');
const [serviceKeyId = ''] = /[^/]+$/.exec(serviceKeyArn) ?? [];
const describeKey = (KeyId: string, region?: string) => kms(region).send(new DescribeKeyCommand({ KeyId }));
const dataKey = (more: object = {}) => kms().send(new GenerateDataKeyCommand({ KeyId: serviceKeyArn, ...more }));
const encrypt = (bytes: number) =>
  kms().send(
    new EncryptCommand({ KeyId: serviceKeyArn, Plaintext: Buffer.alloc(bytes, 1), EncryptionContext: { a: '1' } }),
  );
const assume = (RoleArn: string, RoleSessionName = 'session') =>
  sts().send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
const roleArn = 'arn:aws:iam::111111111111:role/delivery';

interface Case {
  readonly send: () => Promise<unknown>;
  /** The values for the row's placeholders. */
  readonly where?: Readonly<Record<string, string>>;
}

/** Keyed by the recorded code and message. */
const cases: Readonly<Record<string, Case>> = {
  "ValidationException 1 validation error detected: Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1":
    { send: () => dataKey({ NumberOfBytes: 0 }) },
  "ValidationException 1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024":
    { send: () => dataKey({ NumberOfBytes: 1025 }) },
  "NotFoundException Key 'arn:<partition>:kms:<region>:111111111111:key/<key-id:1>' does not exist": {
    send: () => describeKey(missingId),
    where: { '<partition>': 'aws', '<region>': 'us-east-1', '<key-id:1>': missingId },
  },
  'NotFoundException Invalid arn <secondary-region>': {
    send: () => describeKey(europeanKeyArn),
    where: { '<secondary-region>': 'eu-west-1' },
  },
  "NotFoundException Key '<key-arn>' does not exist": {
    send: () => describeKey(missingArn),
    where: { '<key-arn>': missingArn },
  },
  "NotFoundException Key '<mrk-key-arn>' does not exist": {
    send: () => describeKey(missingMultiRegionArn),
    where: { '<mrk-key-arn>': missingMultiRegionArn },
  },
  "NotFoundException Invalid keyId 'fake-key-id'": { send: () => describeKey('fake-key-id') },
  "NotFoundException Invalid keyId '134f2428cec14b25a1ae9048164dba47'": {
    send: () => describeKey('134f2428cec14b25a1ae9048164dba47'),
  },
  "NotFoundException Invalid keyId 'mrk-fake-key-id'": { send: () => describeKey('mrk-fake-key-id') },
  "NotFoundException Key 'arn:<partition>:kms:ap-southeast-1:111111111111:key/<key-id:1>' does not exist": {
    send: () => describeKey(serviceKeyId, 'ap-southeast-1'),
    where: { '<partition>': 'aws', '<key-id:1>': serviceKeyId },
  },
  "NotFoundException Invalid keyId 'key_id'": { send: () => describeKey('key_id') },
  'KMSInvalidStateException arn:<partition>:kms:<region>:111111111111:key/<key-id:1> is pending import.': {
    send: () => inState({ state: 'PendingImport' }, () => encrypt(1)),
    where: { '<partition>': 'aws', '<region>': 'us-east-1', '<key-id:1>': serviceKeyId },
  },
  'InvalidKeyUsageException <key-arn> key usage is SIGN_VERIFY which is not valid for Encrypt.': {
    send: () => inState({ spec: 'ECC_NIST_P256' }, () => encrypt(1)),
    where: { '<key-arn>': serviceKeyArn },
  },
  'IncorrectKeyException The key ID in the request does not identify a CMK that can perform this operation.': {
    send: decryptWithAnotherKey,
  },
  "ValidationException 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096":
    { send: () => encrypt(4097) },
  'InvalidCiphertextException ': { send: decryptWithoutContext },
  'DisabledException <key-arn> is disabled.': {
    send: () => inState({ state: 'Disabled' }, () => encrypt(1)),
    where: { '<key-arn>': serviceKeyArn },
  },
  'DryRunOperationException The request would have succeeded, but the DryRun option is set.': {
    send: () => dataKey({ NumberOfBytes: 8, DryRun: true }),
  },
  'ValidationError nothing-valid-in-here is invalid': { send: () => assume('nothing-valid-in-here') },
  'ValidationError arn::b:::something/test-role is invalid': { send: () => assume('arn::b:::something/test-role') },
  'ValidationError arn:a::::something/test-role is invalid': { send: () => assume('arn:a::::something/test-role') },
  'ValidationError arn:a:::something/test-role is invalid': { send: () => assume('arn:a:::something/test-role') },
  'ValidationError arn:a:a::aaaaaaaaaa: is invalid': { send: () => assume('arn:a:a::aaaaaaaaaa:') },
  "ValidationError 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*":
    { send: () => assume(roleArn, 'Session1:2') },
  [`ValidationError 1 validation error detected: Value '${'s'.repeat(65)}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64`]:
    { send: () => assume(roleArn, 's'.repeat(65)) },
};

function inState(changes: Parameters<typeof editKey>[2], send: () => Promise<unknown>): Promise<unknown> {
  editKey(served.world, serviceKeyArn, changes);
  return send();
}

async function decryptWithAnotherKey(): Promise<unknown> {
  const other = served.world.keys.get(serviceKeyArn);
  const otherArn = serviceKeyArn.replace(/key\/.*/, `key/${missingId}`);
  if (other) served.world.keys.set(otherArn, { ...other, arn: otherArn, keyId: missingId });
  const { CiphertextBlob } = await encrypt(1);
  return kms().send(new DecryptCommand({ CiphertextBlob, KeyId: otherArn, EncryptionContext: { a: '1' } }));
}

async function decryptWithoutContext(): Promise<unknown> {
  const { CiphertextBlob } = await encrypt(1);
  return kms().send(new DecryptCommand({ CiphertextBlob }));
}

test('every recorded answer has a case, and every case a recorded answer', () => {
  expect(rows.map(({ code, message }) => `${code} ${message}`).sort()).toEqual(Object.keys(cases).sort());
});

test.each(rows)('$code $message', async ({ code, message, http_status: status }) => {
  const { send, where = {} } = cases[`${code} ${message}`] ?? {};
  if (!send) throw new Error('no case');
  const expected = Object.entries(where).reduce((text, [name, value]) => text.replaceAll(name, value), message);
  expect(await failureOf(send())).toEqual({ code, status, message: expected });
});
