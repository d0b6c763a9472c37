import fc from 'fast-check';
import { failureOf, isKeyTrouble, isTransient } from '../../lambda/customer_configuration_check/errors.ts';
import { boundedRetries, maxAttempts } from '../../lambda/customer_configuration_check/retries.ts';

/** The SDK's error type is stricter about `cause` than JavaScript's. These errors have none. */
function serviceError(name: string, httpStatusCode = 400, message = 'Words of AWS'): Omit<Error, 'cause'> {
  return Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode, requestId: 'TX1', extendedRequestId: 'h=' },
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const meanings: readonly (readonly [code: string, status: number, verdict: string, again: boolean])[] = [
  ['AccessDenied', 403, 'denied', false],
  ['NoSuchBucket', 404, 'misconfigured', false],
  ['PermanentRedirect', 301, 'misconfigured', false],
  ['AllAccessDisabled', 403, 'misconfigured', false],
  ['UnauthorizedAccess', 403, 'misconfigured', false],
  ['KMS.DisabledException', 400, 'misconfigured', false],
  ['KMS.AnythingNewException', 400, 'misconfigured', false],
  ['KMS.ThrottlingException', 400, 'inconclusive', true],
  ['SlowDown', 503, 'inconclusive', true],
  ['InternalError', 500, 'inconclusive', true],
  ['RequestTimeout', 400, 'inconclusive', true],
  ['ExpiredToken', 400, 'inconclusive', false],
  ['RequestTimeTooSkewed', 403, 'inconclusive', false],
  ['SignatureDoesNotMatch', 403, 'inconclusive', false],
];

test.each(meanings)('%s with status %i is %s', (code, status, verdict, again) => {
  const error = serviceError(code, status);
  expect(failureOf(error).verdict).toBe(verdict);
  expect(isTransient(error)).toBe(again);
});

test('the code takes precedence over the status: a denial stays one, and is never retried', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), (status) => {
      const error = serviceError('AccessDenied', status);
      expect(failureOf(error).verdict).toBe('denied');
      expect(isTransient(error)).toBe(false);
    }),
  );
});

test('an unknown error is never blamed on the customer', () => {
  const unknown = fc.string({ minLength: 1 }).filter((code) => !meanings.some(([known]) => known === code));
  fc.assert(
    fc.property(unknown, fc.integer({ min: 200, max: 499 }), (code, status) => {
      const error = serviceError(`Unheard${code}`, status);
      expect(failureOf(error).verdict).toBe('inconclusive');
      expect(isTransient(error)).toBe(false);
    }),
  );
});

test('a thrown value of any kind has a code and a message', () => {
  fc.assert(
    fc.property(fc.anything(), (thrown) => {
      const { verdict, error } = failureOf(thrown);
      expect([verdict, typeof error.code, typeof error.message]).toEqual(['inconclusive', 'string', 'string']);
    }),
  );
});

test('AWS is quoted with its IDs', () => {
  expect(failureOf(serviceError('AccessDenied', 403, 'Access Denied')).error).toEqual({
    code: 'AccessDenied',
    httpStatus: 403,
    message: 'Access Denied',
    requestId: 'TX1',
    extendedRequestId: 'h=',
  });
});

test("S3 names the bucket's endpoint in a separate element", () => {
  const endpoint = 'acme.s3.us-west-2.amazonaws.com';
  const redirect = Object.assign(serviceError('PermanentRedirect', 301), { Endpoint: endpoint });
  expect(failureOf(redirect).error).toMatchObject({ message: 'Words of AWS', endpoint });
  expect(failureOf(serviceError('PermanentRedirect', 301)).error).not.toHaveProperty('endpoint');
});

test("the SDK's status for an error inside a 200 answer is corrected", () => {
  expect(failureOf(serviceError('AccessDenied', 503)).error.httpStatus).toBe(200);
  expect(failureOf(serviceError('SlowDown', 503)).error.httpStatus).toBe(503);
});

test('a network error is identified by its code, whatever the SDK calls it', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { name: 'TimeoutError', code: 'ECONNRESET' });
  expect(failureOf(reset).error).toEqual({ code: 'ECONNRESET', message: 'read ECONNRESET' });
  const refused = Object.assign(
    new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')]),
    { code: 'ECONNREFUSED' },
  );
  expect(failureOf(refused).error).toEqual({
    code: 'ECONNREFUSED',
    message: 'connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1',
  });
});

test('a key problem is what KMS says about a key, not a denial by it', () => {
  expect(isKeyTrouble(failureOf(serviceError('KMS.DisabledException')))).toBe(true);
  expect(isKeyTrouble(failureOf(serviceError('KMS.ThrottlingException')))).toBe(false);
  expect(isKeyTrouble(failureOf(serviceError('AccessDenied', 403)))).toBe(false);
  expect(isKeyTrouble(failureOf(serviceError('NoSuchBucket', 404)))).toBe(false);
});

describe('retries', () => {
  async function delaysFor(error: Error & { cause?: never }, random: number): Promise<number[]> {
    const strategy = boundedRetries(() => random);
    let token = await strategy.acquireInitialRetryToken('');
    const delays: number[] = [];
    try {
      for (;;) {
        token = await strategy.refreshRetryTokenForRetry(token, { error, errorType: 'TRANSIENT' });
        delays.push(token.getRetryDelay());
      }
    } catch (thrown) {
      expect(thrown).toBe(error);
      return delays;
    }
  }

  test('are limited, spread out and increasingly delayed', async () => {
    const [early, late] = [
      await delaysFor(serviceError('SlowDown', 503), 0),
      await delaysFor(serviceError('SlowDown', 503), 1),
    ];
    for (const delays of [early, late]) {
      expect(delays).toHaveLength(maxAttempts - 1);
      expect(delays[1]).toBeGreaterThan(delays[0] ?? 0);
    }
    expect(late[0]).toBeGreaterThan(early[0] ?? 0);
  });

  test('do not happen for a denial', async () => {
    expect(await delaysFor(serviceError('AccessDenied', 503), 0)).toEqual([]);
  });
});
