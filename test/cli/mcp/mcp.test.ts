import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type Diagnosis, reportSchema } from '../../../core/report.ts';
import { root } from '../entry.ts';

/** The SDK's own client, connected to a process that is started as an assistant starts it. */
const clients: Client[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

async function connect(...options: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  clients.push(client);
  const command = { command: process.execPath, args: ['bin/secure-inbox.mjs', 'mcp', ...options], cwd: root };
  await client.connect(new StdioClientTransport({ ...command, env: { PATH: process.env['PATH'] ?? '' } }));
  return client;
}

let offline: Client;
beforeAll(async () => {
  offline = await connect();
});

interface Result {
  readonly isError?: boolean;
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly content: readonly { readonly text?: string }[];
}

async function call(client: Client, name: string, input: Readonly<Record<string, unknown>> = {}): Promise<Result> {
  // The client validates the answer against the tool's output schema.
  return (await client.callTool({ name, arguments: input })) as Result;
}

const reportOf = ({ structuredContent }: Result) =>
  reportSchema.parse((structuredContent?.['reports'] as unknown[] | undefined)?.[0]);

const opaque = 'An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied';

test('offers its tools with schemas, each marked as read-only or not', async () => {
  const { tools } = await offline.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['explain', 'simulate', 'preflight', 'check', 'sandbox_scenarios']);
  for (const { annotations, outputSchema } of tools) {
    expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    expect(outputSchema).toMatchObject({ type: 'object' });
  }
});

test('explain returns the confidence and the other candidates', async () => {
  const { structuredContent } = await call(offline, 'explain', { text: opaque });
  const { confidence, candidates } = (structuredContent?.['diagnosis'] ?? {}) as Partial<Diagnosis>;
  expect(confidence).toBe('unknown');
  expect(candidates?.length).toBeGreaterThan(1);
});

test('simulate decides cases, and says what is unknown', async () => {
  const request = {
    principal: 'arn:aws:iam::111111111111:role/delivery',
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::inbox/reports/x',
    resourceAccount: '111111111111',
  };
  const allow = (condition: object) => ({
    identity: [
      { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: condition } },
    ],
  });
  const network = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
  const { structuredContent } = await call(offline, 'simulate', {
    cases: [
      { id: 'plain', request, policies: allow({}) },
      { id: 'network', request: { ...request, unknown: ['aws:SourceIp'] }, policies: allow(network) },
    ],
  });
  expect(structuredContent?.['decisions']).toMatchObject([
    { id: 'plain', decision: 'allowed' },
    { id: 'network', decision: 'unknown', unknown: ['aws:SourceIp'] },
  ]);
});

test('preflight takes documents as objects or text, and reads no file', async () => {
  const text = (name: string) => readFileSync(join(root, 'examples/acme', name), 'utf8');
  const report = reportOf(
    await call(offline, 'preflight', {
      bucketPolicy: JSON.parse(text('bucket-policy.json')),
      keyPolicy: text('key-policy.json'),
      event: JSON.parse(text('event.json')),
    }),
  );
  expect(report).toMatchObject({ verdict: 'denied', customer: 'acme' });
  expect(report.diagnoses.map(({ denial }) => denial.layer)).toEqual(['key-policy', 'key-policy', 'bucket-policy']);

  const path = await call(offline, 'preflight', { bucketPolicy: '/etc/passwd' });
  expect(path.isError).toBe(true);
  expect(path.content[0]?.text).toMatch(/bucket-policy/);
  expect(path.content[0]?.text).not.toMatch(/root:|secure-inbox-mcp-/);
});

test('check runs in the sandbox, in a scenario of the package', async () => {
  const found = (await call(offline, 'sandbox_scenarios', { filter: 'key-policy/silent.yaml' })).structuredContent;
  const scenario = 'scenarios/key-policy/silent.yaml';
  expect(found?.['scenarios']).toMatchObject([{ scenario, verdict: 'denied', deniedStep: 'put-internal' }]);
  expect(reportOf(await call(offline, 'check', { scenario }))).toMatchObject({ deniedStep: 'put-internal' });
  expect(reportOf(await call(offline, 'check'))).toMatchObject({ verdict: 'passed' });
});

test.each(['../package.json', '/etc/passwd', 'examples/deliver-report/sandbox.yaml'])(
  'check reads no other file: %s',
  async (scenario) => {
    const { isError, content } = await call(offline, 'check', { scenario });
    expect(isError).toBe(true);
    expect(content[0]?.text).toContain('sandbox_scenarios');
  },
);

test('AWS is called only if the user allowed it at the start', async () => {
  const refused = await call(offline, 'check', { where: 'local', event: '{}' });
  expect(refused.isError).toBe(true);

  const allowed = await connect('--local');
  const tool = (await allowed.listTools()).tools.find(({ name }) => name === 'check');
  expect(tool?.annotations).toMatchObject({ readOnlyHint: false });
  expect(tool?.inputSchema.properties?.['where']).toMatchObject({ enum: ['sandbox', 'local'] });
});

test('an input error has the message of the command line', async () => {
  const { isError, content } = await call(offline, 'check', { event: { customer: 'acme' } });
  expect(isError).toBe(true);
  expect(content[0]?.text).toContain('inbox');
});
