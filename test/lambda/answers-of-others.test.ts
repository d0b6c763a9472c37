import { deliveryOf } from '../../core/delivery/delivery.ts';
import type { TestEvent } from '../../core/event.ts';
import type { Report } from '../../core/report.ts';
import { whyNotOfAws } from '../../lambda/customer_configuration_check/answers.ts';
import { connectToAws } from '../../lambda/customer_configuration_check/aws.ts';
import { check } from '../../lambda/customer_configuration_check/check.ts';
import { readConfiguration } from '../../lambda/customer_configuration_check/configuration.ts';
import { createSessionCache } from '../../lambda/customer_configuration_check/session.ts';
import { disturbances } from './answers-of-others.ts';
import {
  assumed,
  copied,
  encryptionHeaders,
  type FakeAnswer,
  type FakeAws,
  type FakeRequest,
  type Operation,
  s3Error,
  startFakeAws,
  stored,
} from './fake-aws.ts';
import { environmentFor, functionArn, inbox } from './invocation.ts';

/**
 * Every disturbance, at every call of a check and of a diagnosis, once and always. Whatever answers instead of AWS, no
 * report may say more than AWS said.
 */

const original = process.env;
let aws: FakeAws;

/** In a world where everything is allowed, and in one where S3 denies the copy, which triggers the diagnosis. */
const places = [
  { operation: 'AssumeRole', isDenied: false },
  { operation: 'PutObject', isDenied: false },
  { operation: 'CopyObject', isDenied: false },
  { operation: 'DeleteObject', isDenied: false },
  { operation: 'SimulatePrincipalPolicy', isDenied: true },
  { operation: 'GetObject', isDenied: true },
] as const satisfies readonly { operation: Operation; isDenied: boolean }[];

const cases = places.flatMap((place) =>
  disturbances.flatMap((disturbance) =>
    (['once', 'always'] as const).map((times) => ({ ...place, disturbance, times, fault: disturbance.name })),
  ),
);
type Case = (typeof cases)[number];

interface Outcome {
  readonly report: Report;
  /** The operations that got a genuine answer of AWS, whatever came before. */
  readonly genuine: ReadonlySet<Operation>;
  /** How many requests were disturbed. */
  readonly faults: number;
}

const session = 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check';

const genuineAnswers: Partial<Record<Operation, (request: FakeRequest, isDenied: boolean) => FakeAnswer>> = {
  AssumeRole: (request) => assumed(request),
  PutObject: stored,
  CopyObject: (request, isDenied) =>
    isDenied ? s3Error(403, 'AccessDenied', 'Access Denied') : copied(encryptionHeaders(request)),
  DeleteObject: () => ({ status: 204 }),
  // The session is limited to its own objects.
  GetObject: ({ path }) =>
    path.includes('of-nobody')
      ? s3Error(
          403,
          'AccessDenied',
          `User: ${session} is not authorized to perform: s3:GetObject on resource: "x" because no session policy allows the s3:GetObject action`,
        )
      : { status: 206, headers: { etag: '"abc"', 'content-type': 'application/json' }, body: '{' },
  SimulatePrincipalPolicy: ({ body }) => ({
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: simulated(body),
  }),
};

/** Allows everything that is simulated. */
function simulated(body: string): string {
  const actions = [...new URLSearchParams(body)].filter(([name]) => name.startsWith('ActionNames.member.'));
  const results = actions.map(
    ([, action]) =>
      `<member><EvalActionName>${action}</EvalActionName><EvalDecision>allowed</EvalDecision><EvalResourceName>*</EvalResourceName></member>`,
  );
  return `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><EvaluationResults>${results.join('')}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`;
}

const running = new Map<string, { readonly case: Case; faults: number; readonly genuine: Set<Operation> }>();

/** Each check has its own role, which every one of its requests names or is signed for. */
function customerOf({ accessKeyId, body }: FakeRequest): string {
  return /(?:ASIAcheck-|role%2F|role\/)(grid-\d+)/.exec(`${accessKeyId} ${body}`)?.[1] ?? '';
}

function answerTo(request: FakeRequest): FakeAnswer | undefined {
  const run = running.get(customerOf(request));
  const genuine = genuineAnswers[request.operation]?.(request, run?.case.isDenied ?? false);
  if (!run || !genuine || typeof genuine === 'string') return genuine;
  const isHit = run.case.operation === request.operation && (run.case.times === 'always' || run.faults === 0);
  if (!isHit) {
    run.genuine.add(request.operation);
    return genuine;
  }
  run.faults += 1;
  return run.case.disturbance.answer(genuine);
}

const isSilent = ({ fault }: Case) => fault === 'silence';

async function outcomeOf(one: Case, at: number): Promise<Outcome> {
  const customer = `grid-${at}`;
  const run = { case: one, faults: 0, genuine: new Set<Operation>() };
  running.set(customer, run);
  const configuration = readConfiguration(process.env, functionArn);
  const event: TestEvent = {
    customer,
    inbox,
    deliveryRoleArn: `arn:aws:iam::111111111111:role/${customer}`,
    diagnosis: 'service-account',
  };
  // Only silence takes time; no other case depends on a clock.
  const connected = connections[isSilent(one) ? 'impatient' : 'patient'];
  const report = await check(deliveryOf(event, { ...configuration, accountId: '111111111111' }), {
    configuration,
    aws: connected,
    sessions: createSessionCache(),
    remainingMs: () => 600_000,
    now: () => new Date(),
    newRunId: () => 'run-1',
    log: () => {},
  });
  return { report, genuine: run.genuine, faults: run.faults };
}

const outcomes: Outcome[] = [];
let connections: Record<'patient' | 'impatient', ReturnType<typeof connectToAws>>;
/** A check in the world where S3 denies the copy, with no answer to any question. */
let unanswered: Report;

beforeAll(async () => {
  aws = await startFakeAws();
  process.env = { ...environmentFor(aws.url), AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  const connect = (requestTimeout: number) =>
    connectToAws(readConfiguration(process.env), { connectionTimeout: 60_000, requestTimeout });
  connections = { patient: connect(60_000), impatient: connect(1_000) };
  const operations: readonly Operation[] = [...Object.keys(genuineAnswers)] as Operation[];
  aws.answers = Object.fromEntries(operations.map((operation) => [operation, answerTo]));
  const refused = { name: 'refused', answer: () => s3Error(403, 'AccessDenied') };
  const unanswerable = { operation: 'SimulatePrincipalPolicy', isDenied: true, times: 'always' } as const;
  // Run separately, because it loads what a diagnosis needs.
  unanswered = (await outcomeOf({ ...unanswerable, disturbance: refused, fault: refused.name }, cases.length)).report;
  const pairs = Array.from({ length: cases.length / 2 }, (_, pair) => 2 * pair);
  const runBoth = async (once: number) => {
    const always = await outcomeOf(cases[once + 1] as Case, once + 1);
    outcomes[once + 1] = always;
    // If only one request was disturbed, both cases give the same answers.
    outcomes[once] = always.faults === 1 ? always : await outcomeOf(cases[once] as Case, once);
  };
  const waiting = pairs.filter((at) => !isSilent(cases[at] as Case)).values();
  const lane = async () => {
    for (const at of waiting) await runBoth(at);
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  await Promise.all(pairs.filter((at) => isSilent(cases[at] as Case)).map(runBoth));
});
afterAll(async () => {
  process.env = original;
  await aws.stop();
});

/** Exactly the permissions that the answered steps prove. */
const delivering: readonly Operation[] = ['AssumeRole', 'PutObject', 'CopyObject'];

test('there are 240', () => {
  expect(cases).toHaveLength(240);
  expect(outcomes.filter(Boolean)).toHaveLength(240);
});

describe.each(places)('$operation (denied: $isDenied) answered with', ({ operation }) => {
  const here = [...cases.entries()].filter(([, one]) => one.operation === operation);
  test.each(here.map(([at, { fault, times }]) => ({ at, fault, times })))('$fault, $times', ({ at, times }) => {
    const { report, genuine } = outcomes[at] as Outcome;
    const isDelivered = delivering.every((one) => genuine.has(one));
    if (report.verdict === 'passed') expect([...genuine]).toEqual(expect.arrayContaining([...delivering]));
    expect(report.diagnoses.filter(({ confidence }) => confidence === 'proven')).toEqual([]);
    const statements = report.diagnoses.flatMap(({ remedy }) => remedy?.statement ?? []);
    const allowed = unanswered.diagnoses.flatMap(({ remedy }) => remedy?.statement ?? []);
    expect(statements).toEqual((cases[at] as Case).isDenied ? statements.filter((one) => isAmong(allowed, one)) : []);
    const isOfDelivery = delivering.includes(operation);
    if (isOfDelivery && times === 'always') expect(report.verdict).toBe('inconclusive');
    if (!isOfDelivery && !(cases[at] as Case).isDenied) expect([report.verdict, isDelivered]).toEqual(['passed', true]);
    if ((cases[at] as Case).isDenied) expect(report.verdict).toBe('denied');
  });
});

function isAmong(all: readonly unknown[], one: unknown): boolean {
  return all.some(
    (other) => JSON.stringify(other).replace(/grid-\d+/g, '') === JSON.stringify(one).replace(/grid-\d+/g, ''),
  );
}

describe('an answer is AWS’s', () => {
  const put = { method: 'PUT', headers: {} };
  const copy = { method: 'PUT', headers: { 'x-amz-copy-source': 'bucket/key' } };
  const ids = { 'x-amz-request-id': 'TX1' };

  test.each([
    ['PutObject', put, { statusCode: 200, headers: { ...ids, etag: '"abc"', 'content-length': '0' } }],
    ['CopyObject', copy, { statusCode: 200, headers: { ...ids, 'content-type': 'application/xml' } }],
    ['DeleteObject', { method: 'DELETE', headers: {} }, { statusCode: 204, headers: ids }],
    [
      'of STS',
      { method: 'POST', headers: {} },
      { statusCode: 200, headers: { 'x-amzn-requestid': 'r', 'content-type': 'text/xml' } },
    ],
    [
      'a refusal',
      put,
      { statusCode: 403, headers: { ...ids, 'content-type': 'application/xml', 'content-length': '9' } },
    ],
  ])('%s', (_, request, answer) => {
    expect(whyNotOfAws(request, answer)).toBeUndefined();
  });

  test.each([
    ['without a request id', put, { statusCode: 403, headers: {} }, 'request ID'],
    ['PutObject without an ETag', put, { statusCode: 200, headers: ids }, 'ETag'],
    ['PutObject with a body', put, { statusCode: 200, headers: { ...ids, etag: 'e', 'content-length': '7' } }, 'body'],
    [
      'CopyObject as text',
      copy,
      { statusCode: 200, headers: { ...ids, 'content-type': 'text/html', 'content-length': '9' } },
      'XML',
    ],
  ])('unlike %s: the error says what answered', (_, request, answer, why) => {
    expect(whyNotOfAws(request, answer)).toMatch(new RegExp(`status ${answer.statusCode}.*${why}`));
  });

  test('text from its headers is escaped and shortened in a report', () => {
    const why = whyNotOfAws(put, { statusCode: 200, headers: { server: `\u001b[31m${'x'.repeat(500)}` } }) ?? '';
    expect(why).not.toMatch(/[^\x20-\x7e]/);
    expect(why.length).toBeLessThan(250);
  });
});
