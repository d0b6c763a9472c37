import { type FakeAnswer, type FakeAws, type Operation, s3Error, stsError } from './fake-aws.ts';
import { littleTimeFor, newEvent, newHandler, operations, reportOf, resultOf } from './invocation.ts';
import { serveFakeAws } from './served-fake-aws.ts';

const handler = newHandler();

/** AWS and the network on a bad day, and the check's report. */

let aws: FakeAws;
serveFakeAws((started) => {
  aws = started;
});

function attempts(operation: Operation): number {
  return operations(aws).filter((name) => name === operation).length;
}

interface Case {
  readonly name: string;
  readonly answer: FakeAnswer;
  readonly code: string;
  readonly attempts: number;
}

const html = '<html><head><title>403 Forbidden</title></head><body>proxy</body></html>';
const inconclusive: readonly Case[] = [
  { name: 'throttling', answer: s3Error(503, 'SlowDown'), code: 'SlowDown', attempts: 3 },
  { name: 'an internal error', answer: s3Error(500, 'InternalError'), code: 'InternalError', attempts: 3 },
  { name: 'an unknown fault with status 502', answer: s3Error(502, 'BadGateway'), code: 'BadGateway', attempts: 3 },
  { name: 'a reset connection', answer: 'reset', code: 'ECONNRESET', attempts: 3 },
  { name: 'an expired token', answer: s3Error(400, 'ExpiredToken'), code: 'ExpiredToken', attempts: 1 },
  { name: 'a skewed clock', answer: s3Error(403, 'RequestTimeTooSkewed'), code: 'RequestTimeTooSkewed', attempts: 1 },
  {
    name: 'an unknown access key',
    answer: s3Error(403, 'InvalidAccessKeyId'),
    code: 'InvalidAccessKeyId',
    attempts: 1,
  },
  {
    name: 'a wrong signature',
    answer: s3Error(403, 'SignatureDoesNotMatch'),
    code: 'SignatureDoesNotMatch',
    attempts: 1,
  },
  {
    name: 'KMS throttling through S3',
    answer: s3Error(400, 'KMS.ThrottlingException'),
    code: 'KMS.ThrottlingException',
    attempts: 3,
  },
];

describe("credentials that S3 does not know only in the inbox's Region", () => {
  const region = 'me-south-1';
  const [customerKey, serviceKey] = ['222222222222', '111111111111'].map(
    (account, at) =>
      `arn:aws:kms:${at === 0 ? region : 'us-east-1'}:${account}:key/00000000-0000-4000-8000-00000000000${2 - at}`,
  );
  const elsewhere = () => {
    const event = newEvent({ diagnosis: 'service-account' });
    return {
      ...event,
      inbox: { ...(event['inbox'] as object), region, kmsKeyArn: customerKey },
      internal: { ...(event['internal'] as object), kmsKeyArn: serviceKey },
    };
  };

  test.each(['InvalidToken', 'InvalidAccessKeyId'])('%s: the service has not enabled it', async (code) => {
    aws.answers = { CopyObject: () => s3Error(403, code) };
    const report = await reportOf(handler, elsewhere());
    expect(report).toMatchObject({ verdict: 'inconclusive', deniedStep: 'copy-to-inbox' });
    expect(report.diagnoses).toMatchObject([
      { confidence: 'inferred', denial: { side: 'service' }, remedy: { side: 'service' } },
    ]);
    expect(report.diagnoses[0]?.summary).toContain(region);
    expect(report.diagnoses[0]?.denial.layer).toBeUndefined();
  });

  test('in its own Region, or if nothing was stored before: no conclusion', async () => {
    aws.answers = { CopyObject: () => s3Error(400, 'InvalidToken') };
    expect((await reportOf(handler, newEvent({ diagnosis: 'service-account' }))).diagnoses).toEqual([]);
    aws.answers = { PutObject: () => s3Error(400, 'InvalidToken'), CopyObject: () => s3Error(400, 'InvalidToken') };
    expect((await reportOf(handler, elsewhere())).diagnoses).toEqual([]);
  });
});

describe.each(['PutObject', 'CopyObject'] as const)('%s answered with', (operation) => {
  const step = operation === 'PutObject' ? 'put-internal' : 'copy-to-inbox';

  test.each(inconclusive)('$name: inconclusive', async ({ answer, code, attempts: expected }) => {
    aws.answers = { [operation]: () => answer };
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict: 'inconclusive', deniedStep: step });
    expect(resultOf(report, step)).toMatchObject({ status: 'failed', error: { code } });
    expect(attempts(operation)).toBe(expected);
  });

  test("a proxy's page instead of XML: inconclusive, although its status is 403", async () => {
    aws.answers = { [operation]: () => ({ status: 403, body: html, headers: { 'content-type': 'text/html' } }) };
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict: 'inconclusive', deniedStep: step });
  });

  test('half an XML document: inconclusive', async () => {
    aws.answers = { [operation]: () => ({ status: 403, body: '<Error><Code>AccessDen' }) };
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict: 'inconclusive', deniedStep: step });
  });

  test('silence: inconclusive, and the report still comes', async () => {
    aws.answers = { [operation]: () => 'hang' };
    const before = operation === 'PutObject' ? 'AssumeRole' : 'PutObject';
    const report = await reportOf(handler, newEvent(), littleTimeFor(aws, operation, before));
    expect(report).toMatchObject({ verdict: 'inconclusive', deniedStep: step });
    expect(resultOf(report, step).error).toMatchObject({ code: 'TimeoutError' });
  });

  test('one fault, then success: passed', async () => {
    aws.answers = { [operation]: (_: unknown, nth: number) => (nth === 1 ? s3Error(503, 'SlowDown') : undefined) };
    const report = await reportOf(handler, newEvent());
    expect(report.verdict).toBe('passed');
    expect(attempts(operation)).toBe(2);
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const misconfigured: readonly (readonly [status: number, code: string])[] = [
  [404, 'NoSuchBucket'],
  [301, 'PermanentRedirect'],
  [400, 'AuthorizationHeaderMalformed'],
  [400, 'IllegalLocationConstraintException'],
  [400, 'AccessControlListNotSupported'],
  [400, 'KMS.DisabledException'],
  [400, 'KMS.KMSInvalidStateException'],
  [400, 'KMS.NotFoundException'],
  [400, 'KMS.InvalidKeyUsageException'],
];

describe('CopyObject rejected for the state of a bucket or key', () => {
  test.each(misconfigured)('%i %s: misconfigured, sent once', async (status, code) => {
    aws.answers = { CopyObject: () => s3Error(status, code) };
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict: 'misconfigured', deniedStep: 'copy-to-inbox' });
    expect(resultOf(report, 'copy-to-inbox')).toMatchObject({ status: 'failed', error: { code, httpStatus: status } });
    expect(attempts('CopyObject')).toBe(1);
  });
});

describe('CopyObject that answers 200 with an error in its body', () => {
  test('a denial is a denial, and is not retried', async () => {
    aws.answers = { CopyObject: () => s3Error(200, 'AccessDenied', 'Access Denied') };
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict: 'denied', deniedStep: 'copy-to-inbox' });
    expect(resultOf(report, 'copy-to-inbox')).toMatchObject({
      status: 'denied',
      error: {
        code: 'AccessDenied',
        httpStatus: 200,
        message: 'Access Denied',
        requestId: 'TX1234',
        extendedRequestId: 'host/id=',
      },
    });
    expect(attempts('CopyObject')).toBe(1);
  });

  test('a disabled key is the state of the key', async () => {
    aws.answers = { CopyObject: () => s3Error(200, 'KMS.DisabledException') };
    expect(await reportOf(handler, newEvent())).toMatchObject({ verdict: 'misconfigured' });
    expect(attempts('CopyObject')).toBe(1);
  });

  test('an internal error is retried', async () => {
    aws.answers = { CopyObject: (_, nth) => (nth === 1 ? s3Error(200, 'InternalError') : undefined) };
    expect(await reportOf(handler, newEvent())).toMatchObject({ verdict: 'passed' });
  });

  test('an empty body is an aborted copy: inconclusive', async () => {
    aws.answers = { CopyObject: () => ({ status: 200, body: '' }) };
    expect(await reportOf(handler, newEvent())).toMatchObject({ verdict: 'inconclusive', deniedStep: 'copy-to-inbox' });
    expect(attempts('CopyObject')).toBe(3);
  });
});

test('a denial is never retried', async () => {
  aws.answers = { CopyObject: () => s3Error(403, 'AccessDenied') };
  await reportOf(handler, newEvent());
  expect(attempts('CopyObject')).toBe(1);
});

describe('AssumeRole answered with', () => {
  const faults: readonly (readonly [string, FakeAnswer, string, number])[] = [
    ['throttling', stsError(400, 'Throttling', 'Rate exceeded'), 'inconclusive', 3],
    ['an expired token', stsError(403, 'ExpiredToken', 'The security token is expired'), 'inconclusive', 1],
    ['an unknown token', stsError(403, 'InvalidClientTokenId', 'The security token is invalid.'), 'inconclusive', 1],
    ['a role ARN that STS rejects', stsError(400, 'ValidationError', 'x is invalid'), 'misconfigured', 1],
    ['a reset connection', 'reset', 'inconclusive', 3],
  ];
  test.each(faults)('%s', async (_, answer, verdict, expected) => {
    aws.answers = { AssumeRole: () => answer };
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict, deniedStep: 'assume-delivery-role' });
    expect(operations(aws)).toEqual(Array(expected).fill('AssumeRole'));
  });
});

test('a service that never answers leaves time for the report', async () => {
  aws.answers = { AssumeRole: () => 'hang' };
  const report = await reportOf(handler, newEvent(), 1_200);
  expect(report).toMatchObject({ verdict: 'inconclusive', deniedStep: 'assume-delivery-role' });
});

test('without any time left nothing is sent, and the report says so', async () => {
  const report = await reportOf(handler, newEvent(), 100);
  expect(report.verdict).toBe('inconclusive');
  expect(resultOf(report, 'assume-delivery-role').error?.message).toBe('No time was left to try it.');
  expect(aws.requests).toEqual([]);
});
