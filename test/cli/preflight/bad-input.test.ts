import { preflight, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

/** Documents that no AWS service would accept because of their size or depth. They are rejected in a few lines. */

const { file } = testFolder('bad');

const statement = '{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-inbox/*"}';
const many = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at)).join();
const megabytes = (count: number) => 'a'.repeat(count * 1_000_000);

it.each<readonly [string, string, () => string, RegExp]>([
  [
    '6 MB',
    '--bucket-policy',
    () => `{"Id":"${megabytes(6)}","Statement":[${statement}]}`,
    /has 6\.0 MB, and no policy/,
  ],
  ['a line of 8 MB that is cut off', '--bucket-policy', () => `{"Id":"${megabytes(8)}","Statement":[`, /1:80000\d\d: /],
  // More mistakes than a call may have arguments.
  ['32,000 bad statements', '--key-policy', () => `{"Statement":[${many(32_000, () => '{}')}]}`, /and 127981 more/],
  ['200,000 fields', '--bucket-policy', () => `{${many(200_000, (at) => `"f${at}":1`)},"Statement":[]}`, /MB, and no/],
  [
    'deep nesting in a known field',
    '--bucket-policy',
    () => `{"Version":"2012-10-17","Statement":[{"Condition":${'{"a":'.repeat(900)}1${'}'.repeat(900)}}]}`,
    /nested more than/,
  ],
  ['__proto__', '--bucket-policy', () => `{"__proto__":{},"Statement":[${statement}]}`, /Invalid key __proto__/],
  [
    'a key twice',
    '--bucket-policy',
    () => `{"Statement":[${statement.replace('{', '{"Effect":"Deny",')}]}`,
    /appears twice|second time/,
  ],
  ['a large template', '--inbox-template', () => `{"Resources":{"A":"${megabytes(2)}"}}`, /CloudFormation takes 1 MB/],
  [
    'a template with many resources',
    '--inbox-template',
    () => `{"Resources":{${many(501, (at) => `"B${at}":{"Type":"AWS::S3::Bucket"}`)}}}`,
    /has 501 resources/,
  ],
  [
    'a template with many mistakes',
    '--inbox-template',
    () =>
      `{"Resources":{${many(400, (at) => `"B${at}":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":{"Ref":"N"}}}\n`)}}}`,
    /… and \d+ more problems/,
  ],
])('%s', async (_, option, text, why) => {
  const { status, stdout, stderr } = await preflight(option, file('document.json', text()));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(why);
  expect(stderr.length).toBeLessThan(20_000);
});
