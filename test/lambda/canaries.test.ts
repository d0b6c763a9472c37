import { type FakeAnswer, type FakeAws, s3Error, stsError } from './fake-aws.ts';
import { invoke, newEvent, newHandler, sentOperations } from './invocation.ts';
import { serveFakeAws } from './served-fake-aws.ts';

const handler = newHandler();

/**
 * No report and no log line may contain a credential, whatever AWS answers. Each secret is unique, so that any line
 * that contains it is found.
 */

let aws: FakeAws;
serveFakeAws(
  (started) => {
    aws = started;
  },
  { AWS_SECRET_ACCESS_KEY: 'canary-secret-of-the-function', AWS_SESSION_TOKEN: 'canary-token-of-the-function' },
);

const session = (): FakeAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROA:check</AssumedRoleId><Arn>arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIACANARYSESSION</AccessKeyId><SecretAccessKey>canary-secret-of-the-session</SecretAccessKey><SessionToken>canary-token-of-the-session</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
});

const failures: readonly FakeAnswer[] = [
  s3Error(403, 'AccessDenied', 'Access Denied'),
  s3Error(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match'),
  s3Error(400, 'ExpiredToken', 'The provided token has expired.'),
  { status: 500, body: 'not XML' },
  { status: 200, body: '<html>a portal</html>' },
  'reset',
];
const cases = sentOperations.flatMap((operation) => failures.map((answer, nth) => ({ operation, answer, nth })));

it.each([{ operation: undefined, answer: undefined, nth: 0 }, ...cases])(
  'none if $operation fails in the way $nth',
  async ({ operation, answer }) => {
    aws.answers = { AssumeRole: session, ...(operation && answer && { [operation]: () => answer }) };
    const events = [newEvent(), newEvent({ diagnosis: 'full' })];
    const { answer: report, lines } = await invoke(handler, { customers: events });
    const written = `${JSON.stringify(report)}\n${lines.join('\n')}`;
    expect(lines.length).toBeGreaterThan(1);
    expect(written).not.toMatch(/canary|ASIACANARY|AKIAFUNCTION|X-Amz-Signature|authorization: AWS4/i);
  },
);

it('uses the session to deliver, so that a leak would be found', async () => {
  aws.answers = { AssumeRole: session, CopyObject: () => stsError(403, 'AccessDenied', 'Access Denied') };
  await invoke(handler, newEvent());
  const copy = aws.requests.find(({ operation }) => operation === 'CopyObject');
  expect(copy?.accessKeyId).toBe('ASIACANARYSESSION');
  expect(copy?.headers['x-amz-security-token']).toBe('canary-token-of-the-session');
});
