import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { acmeEvent, bucketPolicy, keyPolicy, silentKey } from '../../cli/preflight/acme.ts';
import { preflight, preflightReport, testFolder } from '../../cli/preflight/given.ts';
import { useModeledSandbox } from '../../cli/preflight/modeled-sandbox.ts';

useModeledSandbox();

/** The resource types' schemas accept an object or a text for both: "type": ["object", "string"]. */
const { folder, file } = testFolder('policy-text');
let made = 0;

async function given(policyOfBucket: unknown, policyOfKey: unknown = keyPolicy, more: object = {}) {
  made += 1;
  const template = file(`${made}.json`, {
    ...more,
    Resources: {
      Inbox: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'acme-inbox' } },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'Inbox' }, PolicyDocument: policyOfBucket },
      },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: policyOfKey } },
    },
  });
  return ['--event', file('event.json', acmeEvent()), '--inbox-template', template];
}

const text = JSON.stringify(bucketPolicy);
const substituted = text.replaceAll('arn:aws:s3:::acme-inbox', '${Inbox.Arn}');
const elsewhere = text.replaceAll('acme-inbox/', 'acme-inbox/other/');
const ofRole = text.replaceAll(/arn:aws:iam::\d+:role\/[\w-]+/g, '${Role}');
const role = { Parameters: { Role: { Type: 'String' } } };

it.each<readonly [string, unknown, unknown, object, string]>([
  ['a text', text, keyPolicy, {}, 'passed'],
  ['a text that allows something else', elsewhere, keyPolicy, {}, 'denied'],
  ['Fn::Sub of a text', { 'Fn::Sub': substituted }, keyPolicy, {}, 'passed'],
  [
    'Fn::Sub with variables',
    { 'Fn::Sub': [text.replaceAll('acme-inbox', '${B}'), { B: { Ref: 'Inbox' } }] },
    keyPolicy,
    {},
    'passed',
  ],
  ['a parameter in it that is not given', { 'Fn::Sub': ofRole }, keyPolicy, role, 'inconclusive'],
  [
    'Fn::ToJsonString',
    { 'Fn::ToJsonString': bucketPolicy },
    keyPolicy,
    { Transform: 'AWS::LanguageExtensions' },
    'passed',
  ],
  ['a key policy', bucketPolicy, JSON.stringify(keyPolicy), {}, 'passed'],
  ["a key policy that doesn't allow", bucketPolicy, JSON.stringify(silentKey), {}, 'denied'],
])('%s is read like an object', async (_, ofBucket, ofKey, more, verdict) => {
  expect((await preflightReport(...(await given(ofBucket, ofKey, more)))).verdict).toBe(verdict);
});

it('is rejected if AWS would not save it', async () => {
  const { status, stderr } = await preflight(...(await given(text.replace('PutObject', 'PutObjects'))));
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('PutObjects') });
  expect((await preflight(...(await given('{ no JSON')))).status).toBe(2);
});

it('is not changed by fixes', async () => {
  const options = await given(elsewhere);
  const to = join(folder, 'fixed');
  expect((await preflight(...options, '--fix', to)).status).toBe(1);
  expect(readFileSync(join(to, `${made}.json`), 'utf8')).toBe(readFileSync(join(folder, `${made}.json`), 'utf8'));
});
