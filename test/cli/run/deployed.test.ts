import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deployed } from '../../../cli/run/deployed.ts';
import type { JobOutcome } from '../../../cli/run/job.ts';
import { passedReport } from '../reports.ts';

interface LambdaAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Answers as the Invoke API does: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
let answers: LambdaAnswer[] = [];
let asked: { path: string; body: unknown }[] = [];
let server: Server;
const before = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) });
      const { status, headers = {}, body } = answers.shift() ?? { status: 500, body: {} };
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
  });
});
beforeEach(() => {
  answers = [];
  asked = [];
});
afterAll(async () => {
  process.env = before;
  await new Promise((resolve) => server.close(resolve));
});

async function invoke(...events: unknown[]): Promise<readonly JobOutcome[]> {
  const outcomes: JobOutcome[] = [];
  const jobs = events.map((event, at) => ({ title: String(at), event }));
  await deployed({ functionName: 'check' })(jobs, (at, outcome) => {
    outcomes[at] = outcome;
  });
  return outcomes;
}

test('invokes the function once for each event, and reads report and log', async () => {
  const log = Buffer.from('START\nEND\n').toString('base64');
  answers = [
    { status: 200, headers: { 'x-amz-log-result': log }, body: passedReport },
    { status: 200, body: { reports: [passedReport] } },
  ];
  const outcomes = await invoke({ customer: 'acme' }, { customers: [] });
  expect(asked).toEqual([
    { path: '/2015-03-31/functions/check/invocations', body: { customer: 'acme' } },
    { path: '/2015-03-31/functions/check/invocations', body: { customers: [] } },
  ]);
  expect(outcomes.map(({ answer, log: lines }) => [answer.kind, lines])).toEqual([
    ['reports', ['START', 'END']],
    ['reports', []],
  ]);
});

test('distinguishes a rejected event from a failure of the function', async () => {
  const headers = { 'x-amz-function-error': 'Unhandled' };
  answers = [
    { status: 200, headers, body: { errorType: 'InvalidTestEvent', errorMessage: '- inbox: is missing', trace: [] } },
    {
      status: 200,
      headers,
      body: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 30.00 seconds' },
    },
  ];
  const outcomes = await invoke({}, {});
  expect(outcomes.map(({ answer }) => answer)).toEqual([
    { kind: 'invalid-event', message: '- inbox: is missing' },
    { kind: 'failed', message: 'The function failed: Task timed out after 30.00 seconds (Sandbox.Timedout).' },
  ]);
});

test('a function that cannot be invoked affects only its own event', async () => {
  const headers = { 'x-amzn-errortype': 'ResourceNotFoundException' };
  answers = [
    { status: 404, headers, body: { Message: 'Function not found: check' } },
    { status: 200, body: passedReport },
  ];
  const [first, second] = await invoke({}, {});
  expect(first?.answer).toEqual({
    kind: 'failed',
    message: expect.stringMatching(/\bcheck\b.*ResourceNotFoundException/),
  });
  expect(second?.answer.kind).toBe('reports');
});
