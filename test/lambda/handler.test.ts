import { reportSchema } from '../../core/report.ts';
import { masked } from '../masked.ts';
import { copied, type FakeAws, s3Error, stored, stsError } from './fake-aws.ts';
import {
  afterAssumeRole,
  customerKey,
  deliveryRole,
  inbox,
  internalBucket,
  invoke,
  newEvent,
  newHandler,
  operations,
  reportOf,
  resultOf,
  sentOperations,
  serviceKey,
  statuses,
} from './invocation.ts';
import { serveFakeAws } from './served-fake-aws.ts';

const handler = newHandler();

let aws: FakeAws;
serveFakeAws((started) => {
  aws = started;
});

describe('a check that passes', () => {
  test('makes a request for each operation, one after the other', async () => {
    const report = await reportOf(handler, newEvent());
    expect(report.verdict).toBe('passed');
    expect(operations(aws)).toEqual(sentOperations);
    expect(aws.mostAtOnce).toBe(1);
  });

  test('reports every step, and as whom it delivered', async () => {
    const event = newEvent();
    const report = await reportOf(handler, event);
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report.customer).toBe(event.customer);
    expect(report.principal).toBe(
      `arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-${event.customer}`,
    );
    expect(statuses(report)).toEqual({
      'assume-delivery-role': 'passed',
      'put-internal': 'passed',
      'copy-to-inbox': 'passed',
      'verify-delivery': 'passed',
      'clean-up': 'passed',
    });
    expect(report).not.toHaveProperty('deniedStep');
    expect(report.diagnoses).toEqual([]);
  });

  test('restricts the role to the customer and delivers only with that session', async () => {
    const event = newEvent();
    await reportOf(handler, event);
    const [assume, ...deliveries] = aws.requests;
    const query = new URLSearchParams(assume?.body);
    expect(query.get('RoleArn')).toBe(deliveryRole);
    expect(query.get('RoleSessionName')).toBe(`check-${event.customer}`);
    expect(query.get('Policy')).toContain(inbox.bucket);
    expect(assume?.accessKeyId).toBe('AKIAFUNCTION');
    expect(deliveries.map(({ accessKeyId }) => accessKeyId)).toEqual(Array(3).fill(`ASIAcheck-${event.customer}`));
  });

  test('names key and owner of each bucket in each request', async () => {
    const event = newEvent();
    await reportOf(handler, event);
    const [, put, copy, remove] = aws.requests;
    const source = new RegExp(`^/${internalBucket}/configuration-check/${event.customer}/[\\w-]+\\.json`);
    expect(put?.path).toMatch(source);
    expect(put?.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': customerKey,
      'x-amz-expected-bucket-owner': '111111111111',
    });
    expect(copy?.path).toMatch(`/${inbox.bucket}/reports/configuration-check/test-object.json`);
    expect(copy?.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': customerKey,
      'x-amz-expected-bucket-owner': '222222222222',
      'x-amz-source-expected-bucket-owner': '111111111111',
    });
    expect(`/${copy?.headers['x-amz-copy-source']}`).toBe(put?.path.split('?')[0]);
    for (const header of ['x-amz-acl', 'x-amz-server-side-encryption-bucket-key-enabled', 'expect']) {
      expect(copy?.headers).not.toHaveProperty(header);
      expect(put?.headers).not.toHaveProperty(header);
    }
    expect(remove?.path.split('?')[0]).toBe(put?.path.split('?')[0]);
    expect(remove?.headers['x-amz-expected-bucket-owner']).toBe('111111111111');
  });

  test("sends the event's ACL only with the copy", async () => {
    const report = await reportOf(handler, newEvent({ inbox: { ...inbox, acl: 'bucket-owner-full-control' } }));
    const [, put, copy] = aws.requests;
    expect(put?.headers).not.toHaveProperty('x-amz-acl');
    expect(copy?.headers['x-amz-acl']).toBe('bucket-owner-full-control');
    expect(resultOf(report, 'copy-to-inbox').request?.acl).toBe('bucket-owner-full-control');
  });

  test("sends the copy to the inbox's Region", async () => {
    const key = customerKey.replace('us-east-1', 'eu-west-1');
    await reportOf(
      handler,
      newEvent({ inbox: { ...inbox, region: 'eu-west-1', kmsKeyArn: key }, internal: { kmsKeyArn: serviceKey } }),
    );
    expect(aws.requests.map(({ region }) => region)).toEqual(['us-east-1', 'us-east-1', 'eu-west-1', 'us-east-1']);
  });

  test('assumes the role once for two checks of a customer', async () => {
    const event = newEvent();
    await reportOf(handler, event);
    const second = await reportOf(handler, event);
    expect(second.verdict).toBe('passed');
    expect(operations(aws).filter((operation) => operation === 'AssumeRole')).toHaveLength(1);
    expect(masked(resultOf(second, 'assume-delivery-role').reason)).toMatchSnapshot();
    expect(second.principal).toMatch(/check-customer-\d+$/);
  });

  test('assumes the role again for another prefix of the same customer', async () => {
    const event = newEvent();
    await reportOf(handler, event);
    await reportOf(handler, { ...event, inbox: { ...inbox, prefix: 'other/' } });
    expect(operations(aws).filter((operation) => operation === 'AssumeRole')).toHaveLength(2);
  });

  test('assumes the role again if CloudTrail must distinguish this check from others', async () => {
    const event = newEvent();
    await reportOf(handler, event);
    await reportOf(handler, { ...event, lookupEvents: true });
    expect(operations(aws).filter((operation) => operation === 'AssumeRole')).toHaveLength(2);
  });

  test('assumes the role again after a check that did not pass', async () => {
    const event = newEvent();
    await reportOf(handler, event);
    aws.answers = { PutObject: () => s3Error(400, 'ExpiredToken') };
    await reportOf(handler, event);
    aws.answers = {};
    expect((await reportOf(handler, event)).verdict).toBe('passed');
    expect(operations(aws).filter((operation) => operation === 'AssumeRole')).toHaveLength(2);
  });
});

describe('assume-delivery-role', () => {
  const message = `User: arn:aws:sts::111111111111:assumed-role/check/x is not authorized to perform: sts:AssumeRole on resource: ${deliveryRole}`;

  test('denied: nothing else is tried, and AWS is quoted', async () => {
    aws.answers = { AssumeRole: () => stsError(403, 'AccessDenied', message) };
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict: 'denied', deniedStep: 'assume-delivery-role' });
    expect(report).not.toHaveProperty('principal');
    expect(resultOf(report, 'assume-delivery-role').error).toEqual({
      code: 'AccessDenied',
      httpStatus: 403,
      message,
      requestId: 'sts-1234',
    });
    expect(operations(aws)).toEqual(['AssumeRole']);
    expect(report.steps.slice(1).every(({ status }) => status === 'skipped')).toBe(true);
  });

  test("is skipped if no role is configured: the caller's own credentials deliver", async () => {
    delete process.env['DELIVERY_ROLE_ARN'];
    const report = await reportOf(handler, newEvent());
    expect(report.verdict).toBe('passed');
    expect(operations(aws)).toEqual(afterAssumeRole);
    expect(aws.requests.every(({ accessKeyId }) => accessKeyId === 'AKIAFUNCTION')).toBe(true);
    expect(resultOf(report, 'assume-delivery-role')).toMatchObject({ status: 'skipped' });
    expect(masked(resultOf(report, 'assume-delivery-role').reason)).toMatchSnapshot();
    expect(aws.requests[0]?.headers['x-amz-expected-bucket-owner']).toBe('111111111111');
  });

  test("outside of Lambda and without a role, STS shows the internal bucket's owner", async () => {
    delete process.env['DELIVERY_ROLE_ARN'];
    const { answer: report } = await invoke(handler, newEvent(), 30_000, {});
    expect(operations(aws)).toEqual(['GetCallerIdentity', ...afterAssumeRole]);
    expect(report).toMatchObject({ verdict: 'passed', principal: 'arn:aws:iam::111111111111:user/someone' });
  });
});

describe('put-internal denied', () => {
  const denial = s3Error(403, 'AccessDenied', 'Access Denied');
  const onlyServiceKey = () => {
    aws.answers = {
      PutObject: (request) =>
        request.headers['x-amz-server-side-encryption-aws-kms-key-id'] === serviceKey ? stored(request) : denial,
    };
  };

  test("the copy still runs, from an object encrypted with the service's own key", async () => {
    onlyServiceKey();
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict: 'denied', deniedStep: 'put-internal' });
    expect(operations(aws)).toEqual(['AssumeRole', 'PutObject', 'PutObject', 'CopyObject', 'DeleteObject']);
    const copy = resultOf(report, 'copy-to-inbox');
    expect(copy.status).toBe('passed');
    expect(copy.reason).toContain(serviceKey);
    expect(copy.request?.sourceKmsKeyArn).toBe(serviceKey);
    expect(reportSchema.parse(report)).toEqual(report);
  });

  test('both steps are reported if the copy is denied too', async () => {
    onlyServiceKey();
    aws.answers.CopyObject = () => denial;
    const report = await reportOf(handler, newEvent());
    expect(report.deniedStep).toBe('put-internal');
    expect(statuses(report)).toMatchObject({
      'put-internal': 'denied',
      'copy-to-inbox': 'denied',
      'clean-up': 'passed',
    });
  });

  test('the copy says why it was skipped if no object could be stored at all', async () => {
    aws.answers = { PutObject: () => denial };
    const report = await reportOf(handler, newEvent());
    expect(operations(aws)).toEqual(['AssumeRole', 'PutObject', 'PutObject']);
    expect(resultOf(report, 'copy-to-inbox')).toMatchObject({ status: 'skipped' });
    expect(resultOf(report, 'copy-to-inbox').reason).toContain(serviceKey);
    expect(resultOf(report, 'clean-up')).toMatchObject({ status: 'skipped', reason: 'Nothing was stored.' });
  });

  test('no second object is tried without a key for it', async () => {
    delete process.env['SERVICE_KMS_KEY_ARN'];
    aws.answers = { PutObject: () => denial };
    const report = await reportOf(handler, newEvent());
    expect(operations(aws)).toEqual(['AssumeRole', 'PutObject']);
    expect(masked(resultOf(report, 'copy-to-inbox').reason)).toMatchSnapshot();
  });

  test('nor if another key would change nothing', async () => {
    aws.answers = { PutObject: () => s3Error(404, 'NoSuchBucket') };
    const report = await reportOf(handler, newEvent());
    expect(operations(aws)).toEqual(['AssumeRole', 'PutObject']);
    expect(report).toMatchObject({ verdict: 'misconfigured', deniedStep: 'put-internal' });
  });
});

describe('verify-delivery', () => {
  const cases: [string, Record<string, string>][] = [
    [
      'another key',
      { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': serviceKey },
    ],
    ['SSE-S3', { 'x-amz-server-side-encryption': 'AES256' }],
    ['no encryption', {}],
  ];
  test.each(cases)('fails for %s in the answer, although the copy succeeded', async (_, headers) => {
    aws.answers = { CopyObject: () => copied(headers) };
    const report = await reportOf(handler, newEvent());
    expect(report).toMatchObject({ verdict: 'misconfigured', deniedStep: 'verify-delivery' });
    expect(statuses(report)).toMatchObject({ 'copy-to-inbox': 'passed', 'verify-delivery': 'failed' });
    expect(resultOf(report, 'verify-delivery').reason).toContain(customerKey);
  });
});

test.each([
  ['another key', serviceKey],
  ['no key', ''],
])('put-internal fails for %s in the answer, and the rest is still tried', async (_, key) => {
  const headers = { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': key };
  aws.answers = { PutObject: (request) => ({ ...stored(request), headers: { etag: '"abc"', ...headers } }) };
  const report = await reportOf(handler, newEvent());
  expect(report).toMatchObject({ verdict: 'misconfigured', deniedStep: 'put-internal' });
  expect(statuses(report)).toMatchObject({ 'copy-to-inbox': 'passed', 'clean-up': 'passed' });
  expect(resultOf(report, 'put-internal').reason).toContain(customerKey);
});

describe('clean-up', () => {
  test('a failure is reported and does not change the verdict', async () => {
    aws.answers = { DeleteObject: () => s3Error(403, 'AccessDenied') };
    const report = await reportOf(handler, newEvent({ diagnosis: 'service-account' }));
    expect(report.verdict).toBe('passed');
    expect(report).not.toHaveProperty('deniedStep');
    expect(resultOf(report, 'clean-up')).toMatchObject({ status: 'denied', error: { code: 'AccessDenied' } });
    expect(report.diagnoses.map(({ step }) => step)).toEqual(['clean-up']);
  });

  test('follows a copy that was denied', async () => {
    aws.answers = { CopyObject: () => s3Error(403, 'AccessDenied') };
    await reportOf(handler, newEvent());
    expect(operations(aws)).toEqual(sentOperations);
  });

  test('follows a put that was never answered, which may have stored the object', async () => {
    aws.answers = { PutObject: () => 'reset' };
    const report = await reportOf(handler, newEvent());
    expect(report.verdict).toBe('inconclusive');
    expect(operations(aws).at(-1)).toBe('DeleteObject');
  });
});

describe('an event that isolates a step', () => {
  test('put-internal: nothing is copied', async () => {
    const report = await reportOf(handler, newEvent({ steps: ['put-internal'] }));
    expect(report.verdict).toBe('passed');
    expect(operations(aws)).toEqual(['AssumeRole', 'PutObject', 'DeleteObject']);
    expect(statuses(report)).toMatchObject({ 'copy-to-inbox': 'skipped', 'verify-delivery': 'skipped' });
  });

  test('copy-to-inbox: its source is stored as preparation, which is reported', async () => {
    const report = await reportOf(handler, newEvent({ steps: ['copy-to-inbox'] }));
    expect(report.verdict).toBe('passed');
    expect(resultOf(report, 'put-internal')).toMatchObject({ status: 'passed' });
    expect(masked(resultOf(report, 'put-internal').reason)).toMatchSnapshot();
  });

  test('copy-to-inbox: a preparation that is denied is not the denied step', async () => {
    aws.answers = {
      PutObject: (request) =>
        request.headers['x-amz-server-side-encryption-aws-kms-key-id'] === serviceKey
          ? stored(request)
          : s3Error(403, 'AccessDenied'),
      CopyObject: () => s3Error(403, 'AccessDenied'),
    };
    const report = await reportOf(handler, newEvent({ steps: ['copy-to-inbox'] }));
    expect(report).toMatchObject({ verdict: 'denied', deniedStep: 'copy-to-inbox' });
    expect(resultOf(report, 'put-internal')).toMatchObject({ status: 'skipped', error: { code: 'AccessDenied' } });
  });

  test('copy-to-inbox: copying an object with another key leaves the question open', async () => {
    aws.answers = {
      PutObject: (request) =>
        request.headers['x-amz-server-side-encryption-aws-kms-key-id'] === serviceKey
          ? stored(request)
          : s3Error(403, 'AccessDenied'),
    };
    const report = await reportOf(handler, newEvent({ steps: ['copy-to-inbox'] }));
    expect(resultOf(report, 'copy-to-inbox').status).toBe('passed');
    expect(report.verdict).toBe('inconclusive');
  });

  test('copy-to-inbox: without any source the question stays open', async () => {
    aws.answers = { PutObject: () => s3Error(403, 'AccessDenied') };
    const report = await reportOf(handler, newEvent({ steps: ['copy-to-inbox'] }));
    expect(report.verdict).toBe('inconclusive');
    expect(report).not.toHaveProperty('deniedStep');
  });
});

describe('an invalid event', () => {
  test('is rejected with everything that is wrong with it, without a request', async () => {
    const event = { customer: 'a b', inbox: { ...inbox, kmsKeyArn: 'alias/inbox', extra: 1 } };
    const refusal = await invoke(handler, event).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'InvalidTestEvent' });
    const { message, stack } = refusal as Error;
    for (const path of ['customer:', 'inbox.kmsKeyArn:', 'inbox.extra:']) expect(message).toContain(`- ${path}`);
    expect(stack).not.toMatch(/\n\s+at /);
    expect(aws.requests).toEqual([]);
  });

  test('an invalid environment is rejected with the names of its variables', async () => {
    process.env['CHECK_CONCURRENCY'] = '0';
    process.env['DELIVERY_ROLE_ARN'] = 'secure-inbox-delivery';
    const refusal = await invoke(handler, newEvent()).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'InvalidConfiguration' });
    expect((refusal as Error).message).toMatch(/CHECK_CONCURRENCY is "0".*\n?.*/);
    expect((refusal as Error).message).toContain('DELIVERY_ROLE_ARN is "secure-inbox-delivery"');
    expect(aws.requests).toEqual([]);
  });
});

describe('the log', () => {
  test('has a line to read and a line of metrics, and no secrets', async () => {
    const event = newEvent();
    const { lines } = await invoke(handler, event);
    expect(lines).toHaveLength(2);
    const [line, metrics] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(line).toMatchObject({
      level: 'INFO',
      customer: event.customer,
      verdict: 'passed',
      requestId: 'invocation-1',
    });
    expect(metrics).toMatchObject({ Checked: 1, Passed: 1, Denied: 0, Misconfigured: 0, Inconclusive: 0 });
    const secrets = ['secret', 'token', 'ASIA', 'AKIA', inbox.bucket, customerKey];
    for (const secret of secrets) expect(lines.join()).not.toContain(secret);
  });
});
