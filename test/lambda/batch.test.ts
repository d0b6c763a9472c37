import { type Report, reportSchema } from '../../core/report.ts';
import { connectToAws } from '../../lambda/customer_configuration_check/aws.ts';
import { answerInvocation as answer } from '../../lambda/customer_configuration_check/batch.ts';
import { readConfiguration } from '../../lambda/customer_configuration_check/configuration.ts';
import type { CheckDependencies } from '../../lambda/customer_configuration_check/dependencies.ts';
import * as diagnosisOf from '../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import { createSessionCache } from '../../lambda/customer_configuration_check/session.ts';
import { type FakeAws, type FakeRequest, s3Error, stored } from './fake-aws.ts';
import { inbox, invoke, newEvent, newHandler, operations, sentOperations, serviceKey } from './invocation.ts';
import { serveFakeAws } from './served-fake-aws.ts';

const handler = newHandler();

const diagnose = vi.spyOn(diagnosisOf, 'diagnose');
afterAll(() => diagnose.mockRestore());

let aws: FakeAws;
serveFakeAws(
  (started) => {
    aws = started;
  },
  { REGISTRY_BUCKET: 'registry-111111111111' },
);
beforeEach(() => {
  diagnose.mockReset().mockResolvedValue([]);
});

async function reportsOf(input: unknown, remainingMs?: number | (() => number)): Promise<Report[]> {
  const { answer } = await invoke(handler, input, remainingMs);
  const { reports } = answer as { reports: Report[] };
  expect(reports.map((report) => reportSchema.parse(report))).toEqual(reports);
  return reports;
}

function isOf(customer: string, { path }: FakeRequest): boolean {
  return path.includes(`/configuration-check/${customer}/`);
}

const manyFields = Array.from({ length: 300_000 }, (_, nth) => [`f${nth}`, nth] as const);

describe('a batch', () => {
  test('is answered in order, each customer separately', async () => {
    const events = [newEvent(), newEvent(), newEvent()];
    const [first = newEvent(), second = newEvent()] = events;
    aws.answers = {
      PutObject: (request) => {
        if (isOf(first.customer, request)) return { ...stored(request), delayMs: 60 };
        return isOf(second.customer, request) ? s3Error(403, 'AccessDenied') : undefined;
      },
    };
    const reports = await reportsOf({ customers: events });
    expect(reports.map(({ customer }) => customer)).toEqual(events.map(({ customer }) => customer));
    expect(reports.map(({ verdict }) => verdict)).toEqual(['passed', 'denied', 'passed']);
  });

  test('never runs more checks at once than configured', async () => {
    process.env['CHECK_CONCURRENCY'] = '3';
    aws.answers = { PutObject: (request) => ({ ...stored(request), delayMs: 5 }) };
    const reports = await reportsOf({ customers: Array.from({ length: 20 }, () => newEvent()) });
    expect(reports.filter(({ verdict }) => verdict === 'passed')).toHaveLength(20);
    expect(aws.mostAtOnce).toBe(3);
  });

  test('without customers has no reports', async () => {
    expect(await reportsOf({ customers: [] })).toEqual([]);
  });

  test.each([
    ['too many customers', { customers: Array(300_000).fill({}) }, /^- customers: 300000 customers.*at most 10000/m],
    ['no list', { customers: { a: 'x'.repeat(1_000_000) } }, /^- customers: \{"a":"x+\. Allowed: a list/m],
    ['many other fields', Object.fromEntries([['customers', []], ...manyFields]), /^- f0: does not belong/m],
  ])('with %s is rejected in few words, without a request', async (_, input, says) => {
    await expect(reportsOf(input)).rejects.toThrow(says);
    const { message } = (await reportsOf(input).catch((error: unknown) => error)) as Error;
    expect(message.length).toBeLessThan(3_000);
    expect(operations(aws)).toEqual([]);
  });

  test('an invalid event only affects its own report, which says what is wrong', async () => {
    const good = newEvent();
    const bad = newEvent({ inbox: { ...inbox, accountId: '1234' } });
    const reports = await reportsOf({ customers: [bad, good, 'nonsense'] });
    expect(reports.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'passed', 'inconclusive']);
    expect(reports.map(({ customer }) => customer)).toEqual([bad.customer, good.customer, 'customers[2]']);
    expect(reports[0]?.steps.map(({ status }) => status)).toEqual(Array(5).fill('skipped'));
    expect(reports[0]?.steps[0]?.reason).toContain('inbox.accountId: "1234"');
    expect(reports[2]?.steps[0]?.reason).toContain('customers[2]');
    expect(operations(aws)).toEqual(sentOperations);
  });

  test('a customer whose AWS is silent gets a report, and so does everyone else', async () => {
    const [silent, good] = [newEvent(), newEvent()];
    aws.answers = { PutObject: (request) => (isOf(silent.customer, request) ? 'hang' : undefined) };
    const reports = await reportsOf({ customers: [silent, good] }, 2_500);
    expect(reports.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'passed']);
  });

  test('customers for whom no time is left get a report without a request', async () => {
    process.env['CHECK_CONCURRENCY'] = '1';
    const events = [newEvent(), newEvent(), newEvent()];
    const reports = await reportsOf({ customers: events }, () =>
      aws.requests.length < sentOperations.length ? 20_000 : 1_000,
    );
    expect(reports.map(({ verdict }) => verdict)).toEqual(['passed', 'inconclusive', 'inconclusive']);
    expect(reports.map(({ customer }) => customer)).toEqual(events.map(({ customer }) => customer));
    expect(reports[2]?.steps[0]?.reason).toMatch(/\btime\b/);
    expect(operations(aws)).toEqual(sentOperations);
  });

  test("a bug in the check affects one customer's report, and is in the log with all details", async () => {
    const lines: string[] = [];
    const [struck, good] = [newEvent(), newEvent()];
    const means: CheckDependencies = {
      configuration: { ...readConfiguration(process.env), accountId: '111111111111', concurrency: 1 },
      aws: connectToAws({ region: 'us-east-1', customEndpoint: true }),
      sessions: createSessionCache(),
      remainingMs: () => 30_000,
      now: () => new Date(),
      newRunId: () => {
        if (lines.length === 0) throw new TypeError('a defect');
        return 'run-2';
      },
      log: (line) => lines.push(line),
    };
    const { reports } = (await answer({ customers: [struck, good] }, means)) as { reports: Report[] };
    expect(reports.map(({ customer, verdict }) => [customer, verdict])).toEqual([
      [struck.customer, 'inconclusive'],
      [good.customer, 'passed'],
    ]);
    expect(reports[0]?.steps[0]?.reason).toMatch(/: a defect\b/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'ERROR', customer: struck.customer });
    expect(JSON.stringify(reports)).not.toMatch(/\bat .*\.ts/);
  });

  test.each([
    ['customers is no list', { customers: 'acme' }, 'customers'],
    ['something stands beside it', { customers: [], customer: 'acme' }, 'customer'],
    ['Items is no list', { Items: {} }, 'Items'],
  ])('is rejected as a whole if %s', async (_, input, path) => {
    const refusal = await invoke(handler, input).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'InvalidTestEvent', problems: [{ path }] });
  });
});

describe('the input from a Step Functions ItemBatcher', () => {
  const registered = (event: unknown) => ({ status: 200, headers: { etag: '"abc"' }, body: JSON.stringify(event) });

  test('may contain events, and registry keys from a listing', async () => {
    const [direct, stored] = [newEvent(), newEvent()];
    aws.answers = { GetObject: () => registered(stored) };
    const Items = [
      direct,
      { Key: `customers/${stored.customer}.json`, Size: 512, Etag: '"x"', StorageClass: 'STANDARD' },
    ];
    const reports = await reportsOf({ BatchInput: { any: 'thing' }, Items });
    expect(reports.map(({ customer, verdict }) => [customer, verdict])).toEqual([
      [direct.customer, 'passed'],
      [stored.customer, 'passed'],
    ]);
  });

  test("the registry is read with the function's own role, and only if it is ours", async () => {
    const stored = newEvent();
    aws.answers = { GetObject: () => registered(stored) };
    await reportsOf({ Items: [{ Key: `customers/${stored.customer}.json` }] });
    const [read] = aws.requests;
    expect(read?.operation).toBe('GetObject');
    expect(read?.path).toContain(`/registry-111111111111/customers/${stored.customer}.json`);
    expect(read?.accessKeyId).toBe('AKIAFUNCTION');
    expect(read?.headers['x-amz-expected-bucket-owner']).toBe('111111111111');
  });

  test.each([
    ['is denied', s3Error(403, 'AccessDenied', 'Access Denied'), /cannot be read: AccessDenied: Access Denied/],
    ['is gone', s3Error(404, 'NoSuchKey', 'The specified key does not exist.'), /cannot be read: NoSuchKey/],
    ['is not JSON', { status: 200, headers: { etag: '"abc"' }, body: '{"customer":' }, /is not JSON/],
    ['is no test event', { status: 200, headers: { etag: '"abc"' }, body: '{"customer":"acme"}' }, /inbox: is missing/],
    ['is far too large', { status: 200, headers: { etag: '"abc"' }, body: 'x'.repeat(70_000) }, /70000 bytes/],
  ])('an object that %s is one report that names its key', async (_, answer, why) => {
    const good = newEvent();
    aws.answers = { GetObject: () => answer };
    const reports = await reportsOf({ Items: [{ Key: 'customers/broken.json' }, good] });
    expect(reports.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'passed']);
    expect(reports[0]?.steps[0]?.reason).toContain('customers/broken.json');
    expect(reports[0]?.steps[0]?.reason).toMatch(why);
  });

  test('an empty key is not a key: the item is reported by its position', async () => {
    const [report] = await reportsOf({ Items: [{ Key: '' }] });
    expect(report).toMatchObject({ customer: 'Items[0]', verdict: 'inconclusive' });
    expect(aws.requests).toEqual([]);
  });

  test("a registration with another customer's event gets one report that says so, and is not checked", async () => {
    const [good, globex] = [newEvent(), newEvent()];
    aws.answers = { GetObject: () => registered(globex) };
    const reports = await reportsOf({ Items: [{ Key: 'customers/acme.json' }, good] });
    expect(reports.map(({ customer, verdict }) => [customer, verdict])).toEqual([
      ['customers/acme.json', 'inconclusive'],
      [good.customer, 'passed'],
    ]);
    expect(reports[0]?.steps[0]?.reason).toContain(`customers/${globex.customer}.json`);
    // The other customer is checked.
    expect(aws.requests.filter(({ operation }) => operation === 'CopyObject')).toHaveLength(1);
  });

  test('a key without a registry is one report', async () => {
    delete process.env['REGISTRY_BUCKET'];
    const [report] = await reportsOf({ Items: [{ Key: 'customers/acme.json' }] });
    expect(report).toMatchObject({ customer: 'customers/acme.json', verdict: 'inconclusive' });
    expect(report?.steps[0]?.reason).toContain('REGISTRY_BUCKET');
  });
});

describe('the diagnosis', () => {
  const diagnosis: Awaited<ReturnType<typeof diagnose>>[number] = {
    step: 'copy-to-inbox',
    summary: 'The bucket policy does not allow it.',
    denial: { layer: 'bucket-policy', side: 'customer' },
    confidence: 'inferred',
    evidence: [],
    candidates: [],
  };

  test('runs for a step that did not pass, and its result is in the report and in the log', async () => {
    const event = newEvent({ diagnosis: 'service-account' });
    aws.answers = { CopyObject: () => s3Error(403, 'AccessDenied') };
    diagnose.mockResolvedValue([diagnosis]);
    const { answer, lines } = await invoke(handler, event);
    expect(answer).toMatchObject({ verdict: 'denied', diagnoses: [diagnosis] });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ layer: 'bucket-policy', side: 'customer', verdict: 'denied' });
    const [asked] = diagnose.mock.calls[0] ?? [];
    expect(asked).toMatchObject({
      delivery: { customer: event.customer },
      principal: expect.stringContaining('check-'),
    });
    expect(asked?.steps.map(({ status }) => status)).toEqual(['passed', 'passed', 'denied', 'skipped', 'passed']);
    expect(asked).not.toHaveProperty('fallbackSource');
  });

  test("knows that the copied object was encrypted with the service's own key", async () => {
    aws.answers = { PutObject: (_, nth) => (nth === 1 ? s3Error(403, 'AccessDenied') : undefined) };
    await invoke(handler, newEvent({ diagnosis: 'service-account' }));
    expect(diagnose.mock.calls[0]?.[0]).toMatchObject({ fallbackSource: { kmsKeyArn: serviceKey } });
  });

  test('does not run if the event requests none, or the check passes', async () => {
    expect((await reportsOf({ customers: [newEvent({ diagnosis: 'full' })] }))[0]?.verdict).toBe('passed');
    aws.answers = { CopyObject: () => s3Error(403, 'AccessDenied') };
    await invoke(handler, newEvent({ diagnosis: 'none' }));
    expect(diagnose).not.toHaveBeenCalled();
  });

  test('that fails or never ends does not prevent the report', async () => {
    aws.answers = { CopyObject: () => s3Error(403, 'AccessDenied') };
    diagnose.mockRejectedValueOnce(new Error('a defect'));
    diagnose.mockImplementationOnce(() => new Promise(() => {}));
    process.env['CHECK_CONCURRENCY'] = '1';
    const event = { diagnosis: 'service-account' };
    const reports = await reportsOf({ customers: [newEvent(event), newEvent(event)] }, 3_000);
    for (const report of reports) {
      expect(report).toMatchObject({ verdict: 'denied', deniedStep: 'copy-to-inbox' });
      expect(report.diagnoses).toMatchObject([{ confidence: 'unknown', denial: {} }]);
    }
    expect(reports[0]?.diagnoses[0]?.summary).toContain('a defect');
  });
});
