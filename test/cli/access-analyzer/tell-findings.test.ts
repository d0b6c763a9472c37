import { accessAnalyzerFindings } from '../../../cli/access-analyzer/analyzer-findings.ts';
import { tellAnalyzerFindings } from '../../../cli/access-analyzer/tell-findings.ts';
import { pageFor } from '../../../cli/views/terminal/page.ts';
import { policyFileOf } from '../../../model/text/read-policy-file.ts';
import { inboxBucket, smallWorld } from '../../sandbox/small-world.ts';
import { type FakeAnalyzer, fakeAnalyzer } from './fake-analyzer.ts';

const environment = { ...process.env };
let analyzer: FakeAnalyzer;
beforeAll(async () => {
  process.env = { ...environment, AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
  analyzer = await fakeAnalyzer();
});
afterAll(async () => {
  process.env = environment;
  await analyzer.stop();
});

test("a scenario's placeholders are filled in before the call", async () => {
  const statement = (Resource: string) =>
    ({ Sid: 'One', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource }) as const;
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement('arn:aws:s3:::b/*')] });
  // As in a scenario, where no policy has its own file.
  const policy = {
    ...policyFileOf(text, 'bucket.json', 'bucket-policy'),
    document: { Statement: [statement('${inboxBucketArn}/*')] },
  };
  let written = '';
  await tellAnalyzerFindings(
    [{ policies: [policy], world: smallWorld() }],
    { endpoint: analyzer.url, region: 'us-east-1' },
    { write: (text) => (written += text) },
    pageFor(100, false),
  );
  expect(analyzer.asked.map(({ policyDocument }) => JSON.parse(policyDocument).Statement[0].Resource)).toEqual([
    `arn:aws:s3:::${inboxBucket}/*`,
  ]);
  expect(written).toBe('\nIAM Access Analyzer finds nothing in these documents.\n');
});

test('makes no call without policies', async () => {
  analyzer.asked.length = 0;
  expect(await accessAnalyzerFindings([], { endpoint: analyzer.url, region: 'us-east-1' })).toEqual([]);
  expect(analyzer.asked).toEqual([]);
});
