import type { Permission } from '../../../core/report.ts';
import { checkIn } from './checked-world.ts';

/** A part is decrypted with the source's key and with the upload's key, which are the same by default. */

const inboxKey = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';

function statesOf(permissions: readonly Permission[] = []): Record<string, string> {
  const atCopy = permissions.filter(({ step }) => step === 'copy-to-inbox');
  return Object.fromEntries(atCopy.map(({ action, on, state }) => [`${action} ${on}`, state]));
}

it('a denied decryption is about the inbox if the source can be read', async () => {
  const { report } = await checkIn('multipart/key-policy-without-decrypt.yaml');
  const [diagnosis] = report.diagnoses;
  expect(diagnosis?.denial).toMatchObject({ action: 'kms:Decrypt', resource: inboxKey, on: 'inbox-key' });
  expect(statesOf(report.permissions)).toMatchObject({
    's3:GetObject internal-object': 'allowed',
    'kms:Decrypt internal-key': 'allowed',
    'kms:Decrypt inbox-key': 'denied',
    'kms:GenerateDataKey inbox-key': 'allowed',
    // The request that completes the upload was never sent.
    's3:PutObject inbox-object': 'unknown',
  });
});

it('says nothing about either key if it was not asked, or if both are the same', async () => {
  const { report } = await checkIn('multipart/key-policy-without-decrypt.yaml', { event: { diagnosis: 'none' } });
  expect(statesOf(report.permissions)).toMatchObject({
    'kms:Decrypt internal-key': 'unknown',
    'kms:Decrypt inbox-key': 'unknown',
  });
});

it("a customer's key is distinguished from our own without a request", async () => {
  const { report } = await checkIn('multipart/two-keys-without-decrypt.yaml');
  expect(report.diagnoses[0]?.denial).toMatchObject({ resource: inboxKey, on: 'inbox-key', layer: 'key-policy' });
});

it("a started upload shows the bucket's owner, and that its policy is not public", async () => {
  const { report } = await checkIn('multipart/encryption-demanded-of-each-put.yaml');
  const [diagnosis] = report.diagnoses;
  expect(diagnosis?.denial).toMatchObject({ action: 's3:PutObject', layer: 'bucket-policy' });
  const layers = diagnosis?.candidates.map(({ layer }) => layer) ?? [];
  expect(layers).not.toContain('bucket-owner');
  expect(layers).not.toContain('block-public-access');
  expect(layers.length).toBeGreaterThan(0);
});

it('what a started upload has shown to be allowed is not a candidate: its ACL, its data key', async () => {
  const { report } = await checkIn('multipart/acl-demanded-of-each-put.yaml');
  const [diagnosis] = report.diagnoses;
  expect(diagnosis?.denial).toMatchObject({ action: 's3:PutObject', layer: 'bucket-policy' });
  const actions = diagnosis?.candidates.map(({ action }) => action) ?? [];
  expect(actions).toContain('s3:PutObject');
  expect(actions.filter((action) => action !== 's3:PutObject')).toEqual([]);
});

it('our own policies are simulated for a denied abort, for which S3 gives no reason', async () => {
  const { report, calls } = await checkIn('multipart/role-without-abort.yaml');
  expect(calls).toContain('iam:SimulatePrincipalPolicy');
  expect(report).toMatchObject({
    verdict: 'passed',
    diagnoses: [{ step: 'clean-up', denial: { action: 's3:AbortMultipartUpload', layer: 'identity-policy' } }],
  });
});

it('a passed delivery sends no more requests', async () => {
  const { calls } = await checkIn('multipart/everything-in-order.yaml');
  expect(calls.filter((call) => !call.startsWith('s3:') && call !== 'sts:AssumeRole')).toEqual([]);
  expect(calls).toHaveLength(7);
});
