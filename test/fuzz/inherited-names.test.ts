import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { main } from '../../cli/main.ts';
import { parseTestEvent } from '../../core/event.ts';
import { messagesOf, readRequest } from '../../lambda/stack_check/request.ts';
import { parseTemplate } from '../../model/template/read-template.ts';
import { policyFileOf } from '../../model/text/read-policy-file.ts';
import { deployedStack } from '../../model/world/from-templates.ts';
import { readScenario } from '../../model/world/read-scenario.ts';
import { type PolicyKind, policyProblems } from '../../policy/grammar.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { testSurroundings } from '../cli/surroundings.ts';
import { configuration, request, signedAt, snsEvent, testEvent } from '../lambda/stack-check/asking.ts';
import { type RawRequest, send } from '../sandbox/server/signed-request.ts';
import { delivery, internalBucket, smallWorld } from '../sandbox/small-world.ts';
import { placesIn } from './places.ts';

/**
 * Names that every JavaScript object inherits, used as a key or a value at every place of every input. Each must be
 * treated like a word of the same length that is not inherited.
 */
const pairs = ['constructor', '__proto__', 'toString', 'hasOwnProperty'].map((word) => [word, neutral(word)] as const);

/** `__proto__`, which is unlike any other word, and one more at each place. EVERY_SCENARIO=1 tries all of them. */
function pairsAt(place: number): typeof pairs {
  if (process.env['EVERY_SCENARIO']) return pairs;
  const others = pairs.filter(([word]) => word !== '__proto__');
  return pairs.filter((pair) => pair[0] === '__proto__' || pair === others[place % others.length]);
}

function neutral(word: string): string {
  return `${word.slice(0, -1)}${word.endsWith('_') ? 'p' : 'x'}`;
}

const folder = mkdtempSync(join(tmpdir(), 'inherited-'));
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ world: smallWorld() });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await sandbox.stop();
});

const root = join(import.meta.dirname, '../..');
const fixture = (name: string) => JSON.parse(readFileSync(join(root, 'test/fixtures', name), 'utf8'));
const defaults = { region: 'us-east-1', internalBucket: 'internal', accountId: '111111111111' };

async function run(args: readonly string[], input = ''): Promise<string> {
  const surroundings = testSurroundings({ input });
  const status = await main(args, surroundings);
  return `${status}\n${surroundings.written.stdout}\n${surroundings.written.stderr}`;
}

function grammarOf(kind: PolicyKind) {
  return (document: unknown) => [
    policyProblems(kind, document),
    policyFileOf(JSON.stringify(document), 'policy.json', 'bucket-policy'),
  ];
}

const denied = {
  eventSource: 'kms.amazonaws.com',
  eventName: 'GenerateDataKey',
  errorCode: 'AccessDenied',
  errorMessage:
    'User: arn:aws:sts::111111111111:assumed-role/r/s is not authorized to perform: kms:GenerateDataKey on resource: ' +
    'arn:aws:kms:us-east-1:222222222222:key/x because no resource-based policy allows the kms:GenerateDataKey action',
  userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/r/s', accountId: '111111111111' },
  requestParameters: { keyId: 'arn:aws:kms:us-east-1:222222222222:key/x', encryptionContext: { a: 'b' } },
};
const scenario = {
  name: 'x',
  why: 'https://docs.aws.amazon.com/',
  service: { serviceControlPolicies: [fixture('preflight/acme/bucket-policy.json')] },
  customer: {
    parameters: { Prefix: 'reports/' },
    inbox: { bucketPolicy: { without: ['DenyOtherKeys'], with: [] } },
    key: { grants: [{ granteePrincipal: 'p', operations: ['Decrypt'] }] },
  },
  event: { diagnosis: 'none' },
  expect: { verdict: 'denied', deniedStep: 'copy-to-inbox', denials: [{ layer: 'bucket-policy' }] },
};
const template = {
  Parameters: { P: { Type: 'String', Default: 'acme-inbox', AllowedValues: ['acme-inbox'] } },
  Mappings: { M: { a: { b: 'reports/' } } },
  Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'acme-inbox'] } },
  Resources: {
    Inbox: { Type: 'AWS::S3::Bucket', Condition: 'C', Properties: { BucketName: { Ref: 'P' } } },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: fixture('preflight/acme/key-policy.json') } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      DependsOn: 'Key',
      Properties: {
        Bucket: { Ref: 'Inbox' },
        PolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:PutObject',
            Resource: [
              {
                'Fn::Sub': [
                  '${B}/${X}*',
                  { X: { 'Fn::FindInMap': ['M', 'a', 'b'] }, B: { 'Fn::GetAtt': ['Inbox', 'Arn'] } },
                ],
              },
              {
                'Fn::If': ['C', { 'Fn::Select': [0, { 'Fn::Split': ['/', { 'Fn::Join': ['', ['a/', 'b']] }] }] }, 'c'],
              },
            ],
          },
        },
      },
    },
  },
  Outputs: { O: { Value: { Ref: 'Inbox' }, Export: { Name: 'x' } } },
};

const inputs: readonly (readonly [name: string, document: unknown, read: (document: unknown) => unknown])[] = [
  ['a test event', testEvent, (document) => parseTestEvent(document, defaults)],
  ['a batch', { customers: [testEvent] }, (document) => parseTestEvent(document, defaults)],
  [
    'the event of a topic',
    snsEvent(JSON.stringify(request())),
    (event) => messagesOf(event).map((one) => readRequest(one, configuration, signedAt)),
  ],
  ['a bucket policy', fixture('preflight/acme/bucket-policy.json'), grammarOf('bucket-policy')],
  ['a key policy', fixture('preflight/acme/key-policy.json'), grammarOf('key-policy')],
  ['a scenario', scenario, (document) => readScenario({ file: 'F', text: JSON.stringify(document) }).scenario],
  ['a template', template, (document) => stackOf(parseTemplate({ file: 'F', text: JSON.stringify(document) }))],
  ['a case', parse(readFileSync(join(root, 'examples/simulate/copy-under-scp.yaml'), 'utf8')), simulated],
  ['an event of CloudTrail', { Records: [denied] }, (document) => run(['explain', '-'], JSON.stringify(document))],
];

function stackOf(template: ReturnType<typeof parseTemplate>): unknown {
  const { open: _, ...stack } = deployedStack(template, {
    accountId: '222222222222',
    region: 'us-east-1',
    stackName: 'inbox',
    names: { keyId: () => '00000000-0000-4000-8000-000000000002' },
  });
  return stack;
}

function simulated(document: unknown): Promise<string> {
  return run(['simulate', '-'], JSON.stringify(document));
}

/** A reader's result for a document. For a rejected one only that, because the order of its faults may differ. */
async function outcome(read: (document: unknown) => unknown, document: unknown): Promise<string> {
  try {
    const text = JSON.stringify(await read(document), (_, value) => (value instanceof Map ? [...value] : value));
    return text.startsWith('"2') ? 'refused' : text;
  } catch (error) {
    return /^(TypeError|RangeError|Error)$/.test((error as Error).name) ? String(error) : 'refused';
  }
}

/** `__proto__` may be rejected where a zod schema would drop it. */
function isRefusedKey(word: string, answered: string): boolean {
  return word === '__proto__' && answered === 'refused';
}

it.each(inputs)('in %s', async (_, document, read) => {
  const unequal: string[] = [];
  for (const [at, { name, build }] of [...placesIn(document)].entries()) {
    for (const [word, other] of pairsAt(at)) {
      const [asWord, asOther] = [await outcome(read, build(word)), await outcome(read, build(other))];
      if (asWord !== asOther.replaceAll(other, word) && !isRefusedKey(word, asWord))
        unequal.push(`${word} at ${name}: ${asWord} ${asOther}`);
    }
  }
  expect(unequal).toEqual([]);
});

/** Lookups in the sandbox by a name from a request. */
const requests: readonly (readonly [name: string, request: (word: string) => RawRequest])[] = [
  ['a parameter of the query', (word) => ({ path: `/${internalBucket}/key`, query: { [word]: '' } })],
  ['a bucket', (word) => ({ path: `/${word}/key` })],
  [
    'a header',
    (word) => ({ method: 'PUT', path: `/${internalBucket}/key`, headers: { [`x-amz-meta-${word}`]: word } }),
  ],
  ['an ACL', (word) => ({ method: 'PUT', path: `/${internalBucket}/key`, headers: { 'x-amz-acl': word } })],
  ['a target', (word) => kms(`TrentService.${word}`, {})],
  ['a field', (word) => kms('TrentService.DescribeKey', { [word]: word, KeyId: word })],
  ['an action', (word) => query('iam', `Action=${word}&Version=2010-05-08`)],
  ['an argument', (word) => query('sts', `Action=GetCallerIdentity&Version=2011-06-15&${word}=${word}`)],
  ['a service', (word) => ({ ...query('iam', 'Action=GetRole'), service: word })],
];

function kms(target: string, body: object): RawRequest {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return { method: 'POST', path: '/', service: 'kms', headers, body: JSON.stringify(body) };
}

function query(service: string, body: string): RawRequest {
  return { method: 'POST', path: '/', service, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
}

it.each(requests)('in a request to the sandbox: %s', async (_, requestWith) => {
  for (const [word, other] of pairs) {
    const [asWord, asOther] = [await answer(requestWith(word)), await answer(requestWith(other))];
    expect(asWord).toEqual(asOther.replaceAll(other, word));
    expect(asWord).not.toMatch(/"status":500/);
  }
});

async function answer(raw: RawRequest): Promise<string> {
  const { status, body } = await send(sandbox.url, delivery, raw);
  return JSON.stringify({ status, body: body.replaceAll(/<(RequestId|HostId)>.*?<\/\1>/g, '') });
}

it.each(pairs.filter(([word]) => /^\w+$/.test(word) && !word.startsWith('_')))(
  'as the name of a customer: %s',
  async (word) => {
    const file = join(folder, `${word}.json`);
    writeFileSync(
      file,
      JSON.stringify({ ...JSON.parse(readFileSync(join(root, 'events/all-steps.json'), 'utf8')), customer: word }),
    );
    expect(await run(['check', '--event', file])).toMatch(/^0\n/);
  },
);
