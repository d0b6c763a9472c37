import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readMessage } from '../../core/aws-words/message.ts';
import { unwrap } from '../../core/aws-words/unwrap.ts';
import { parseTestEvent } from '../../core/event.ts';
import { messagesOf, readRequest } from '../../lambda/stack_check/request.ts';
import { parseTemplate } from '../../model/template/read-template.ts';
import { TemplateError } from '../../model/template/template-error.ts';
import { parseSource } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import { policyFileOf } from '../../model/text/read-policy-file.ts';
import { copySourceOf } from '../../sandbox/s3/copy-object.ts';
import { decodeAwsChunked } from '../../sandbox/server/payload.ts';
import { AwsError } from '../../sandbox/wire/operation.ts';
import { configuration, request, signedAt, snsEvent, testEvent } from '../lambda/stack-check/asking.ts';

/** A parser of external input. It returns, or throws only the listed errors. */
export interface Target {
  readonly name: string;
  readonly input: fc.Arbitrary<string>;
  readonly read: (text: string) => unknown;
  /** Errors that it may throw. */
  readonly throws: readonly (abstract new (
    ...args: never[]
  ) => Error)[];
}

const root = join(import.meta.dirname, '../..');
const fixture = (name: string) => readFileSync(join(root, 'test/fixtures', name), 'utf8');

/** Characters that probably have a meaning for a parser. */
const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ':',
  ',',
  '\n',
  '\\',
  '\\"',
  '*',
  '${',
  '!Sub ',
  '&a ',
  '*a',
  '- ',
  '%',
  '..',
  '/',
].concat([
  '__proto__',
  'constructor',
  'null',
  '1e999',
  '\u0000',
  '\u202e',
  '\ud800',
  '\r\n',
  ';chunk-signature=',
  '?versionId=',
]);

/** Any code points. fast-check's own arbitrary takes two seconds to prepare, for shrinking. */
const anything = fc.array(fc.nat({ max: 0x10ffff })).map((points) => String.fromCodePoint(...points));

/** Any text, any JSON, and valid texts with some changes; the latter get furthest. */
function around(...valid: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({ at: fc.nat(), drop: fc.nat({ max: 12 }), put: fc.constantFrom('', ...tokens) });
  const edited = fc
    .tuple(fc.constantFrom(...valid), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([text, edits]) =>
      edits.reduce((now, { at, drop, put }) => {
        const place = now.length === 0 ? 0 : at % now.length;
        return now.slice(0, place) + put + now.slice(place + drop);
      }, text),
    );
  return fc.oneof(
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.json() },
    { weight: 6, arbitrary: edited },
  );
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const trail = JSON.stringify({
  eventSource: 'kms.amazonaws.com',
  eventName: 'GenerateDataKey',
  errorCode: 'AccessDenied',
  errorMessage: 'User: arn:aws:sts::111111111111:assumed-role/r/s is not authorized to perform: kms:GenerateDataKey',
  userIdentity: { arn: 'arn:aws:sts::111111111111:assumed-role/r/s' },
  requestParameters: { keyId: 'arn:aws:kms:us-east-1:222222222222:key/x' },
});

const chunked = '5;chunk-signature=0\r\nhello\r\n0;chunk-signature=0\r\n\r\n';

export const targets: readonly Target[] = [
  {
    name: 'a test event',
    input: around(JSON.stringify(testEvent)),
    read: (text) =>
      parseTestEvent(json(text), { region: 'us-east-1', internalBucket: 'internal', accountId: '111111111111' }),
    throws: [],
  },
  {
    name: 'a request of a stack',
    input: around(JSON.stringify(request())),
    read: (text) => messagesOf(snsEvent(text)).map((message) => readRequest(message, configuration, signedAt)),
    throws: [],
  },
  {
    name: 'a policy',
    input: around(fixture('preflight/acme/bucket-policy.json'), fixture('preflight/acme/key-policy.json')),
    read: (text) => policyFileOf(text, 'policy.json', 'bucket-policy'),
    throws: [InputError],
  },
  {
    name: 'a policy in YAML',
    input: around(fixture('preflight/globex/bucket-policy.yaml')),
    read: (text) => policyFileOf(text, 'policy.yaml', 'bucket-policy'),
    throws: [InputError],
  },
  {
    name: 'a document',
    input: around(fixture('preflight/globex/event.yaml')),
    read: (text) => parseSource(text, 'event.yaml'),
    throws: [InputError],
  },
  {
    name: 'a template',
    input: around(fixture('templates/customer.yaml'), fixture('templates/customer.json')),
    read: (text) => parseTemplate({ file: 'template', text }),
    throws: [TemplateError],
  },
  {
    name: 'an event of CloudTrail, or a message',
    input: around(trail, ...fixture('denial-messages.jsonl').split('\n').slice(0, 20)),
    read: (text) => readMessage(unwrap(text)),
    throws: [],
  },
  {
    name: 'a body in chunks',
    input: around(chunked),
    read: (text) =>
      decodeAwsChunked(
        'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        { headers: { 'x-amz-decoded-content-length': '5' }, body: Buffer.from(text) } as never,
        {} as never,
        '20261121T120000Z',
      ),
    throws: [AwsError],
  },
  {
    name: 'a copy source',
    input: around('/bucket/a%20b/c.txt?versionId=1', 'bucket/key+x'),
    read: (text) => copySourceOf(text),
    throws: [AwsError],
  },
];

/** @throws fast-check's report, with the seed that replays it and the smallest input that fails */
export async function fuzz(
  { input, read, throws }: Target,
  settings: { readonly seed: number; readonly numRuns: number },
) {
  await fc.assert(
    fc.asyncProperty(input, async (text) => {
      try {
        await read(text);
      } catch (error) {
        if (!throws.some((expected) => error instanceof expected)) throw error;
      }
    }),
    settings,
  );
}
