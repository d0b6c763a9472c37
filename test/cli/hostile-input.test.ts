import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandTable } from '../../cli/command-table.ts';
import { guarded } from '../../cli/guarded-output.ts';
import { main } from '../../cli/main.ts';
import { progressOn } from '../../cli/progress.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { testSurroundings } from './surroundings.ts';

/**
 * Passes hostile characters to every command, at every place that takes text: what a terminal interprets (C0, DEL, C1),
 * what reorders text (bidi controls) and what hides it (zero-width characters, tags).
 */

const hostile = '\u001b[31mred\u001b[2J\u0007\u007f\u009b1A\u202eevil\u2066\u200b\u200d\ufeff\u{e0041}\u2028\u00ad\r';
const runs = 'r; touch PWNED; echo $(touch PWNED) `touch PWNED` ';
const raw = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u;

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => assembly());

let files = 0;
function file(content: unknown, ending = 'json'): string {
  const path = join(folder, `${files++}.${ending}`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const fixture = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/preflight/acme', name), 'utf8'));
const event = fixture('event.json');
const bucketPolicy = fixture('bucket-policy.json');
const keyPolicy = fixture('key-policy.json');
const denial = (resource: string, by = 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme') =>
  `An error occurred (AccessDenied) when calling the CopyObject operation: User: ${by} is not authorized to perform: s3:PutObject on resource: "${resource}" because no resource-based policy allows the s3:PutObject action`;
const statement = (changes: object) => ({ ...bucketPolicy, Statement: [{ ...bucketPolicy.Statement[0], ...changes }] });
const scenario = (changes: object) => ({
  name: 'x',
  why: 'https://docs.aws.amazon.com/',
  customer: { inbox: { bucketPolicy: null } },
  expect: { verdict: 'denied', deniedStep: 'copy-to-inbox' },
  ...changes,
});
const template = (changes: object) => ({
  Resources: { Inbox: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'acme-inbox', ...changes } } },
});
const simulated = (changes: object) => ({ id: 'a', request: {}, policies: {}, ...changes });

/** The input of each command, with the text at each place. */
const inputs: readonly (readonly [
  name: string,
  args: (text: string) => readonly string[],
  stdin?: (text: string) => string,
])[] = [
  ['a command', (text) => [text]],
  ['an option', (text) => ['check', `--${text}`]],
  ['explain: a text', () => ['explain', '-'], (text) => text],
  ['explain: around a message', () => ['explain', '-'], (text) => `${text} ${denial('arn:aws:s3:::b/k')} ${text}`],
  ['explain: a resource', () => ['explain', '-'], (text) => denial(`arn:aws:s3:::b${text}/k`)],
  ['explain: a principal', () => ['explain', '-'], (text) => denial('arn:aws:s3:::b/k', `arn:aws:sts::1:x/${text}`)],
  ['explain: a key', () => ['explain', '-'], (text) => denial(`arn:aws:kms:us-east-1:222222222222:key/${text}`)],
  ['explain: JSON', () => ['explain', '-'], (text) => JSON.stringify({ errorMessage: denial(text), [text]: text })],
  ['explain --json', () => ['explain', '--json', '-'], (text) => denial(`arn:aws:s3:::b${text}/k`)],
  ['explain: a file', (text) => ['explain', join(folder, text.replaceAll('/', ''))]],
  ['check: the customer', (text) => ['check', '--event', file({ ...event, customer: text })]],
  ['check: a field', (text) => ['check', '--event', file({ ...event, [text]: text })]],
  ['check: a bucket', (text) => ['check', '--event', file({ ...event, inbox: { ...event.inbox, bucket: text } })]],
  ['check: a prefix', (text) => ['check', '--event', file({ ...event, inbox: { ...event.inbox, prefix: text } })]],
  ['check: no JSON', (text) => ['check', '--event', file(`{"a": ${text}`)]],
  ['check: no YAML', (text) => ['check', '--event', file(`a: [${text}`, 'yaml')]],
  ['check: a file', (text) => ['check', '--event', `${folder}/${text.replaceAll('/', '')}`]],
  ['check: the name of a scenario', (text) => ['check', '--scenario', file(scenario({ name: text }))]],
  ['check: a field of a scenario', (text) => ['check', '--scenario', file(scenario({ [text]: text }))]],
  ['check --json', (text) => ['check', '--json', '--scenario', file(scenario({ name: text }))]],
  ['preflight: a Sid', (text) => preflight(statement({ Sid: text }), keyPolicy)],
  ['preflight: an action', (text) => preflight(statement({ Action: `s3:${text}` }), keyPolicy)],
  ['preflight: a resource', (text) => preflight(statement({ Resource: `arn:aws:s3:::${text}` }), keyPolicy)],
  [
    'preflight: a condition',
    (text) => preflight(statement({ Condition: { StringEquals: { [text]: text } } }), keyPolicy),
  ],
  ['preflight: a key policy', (text) => preflight(bucketPolicy, { ...keyPolicy, Id: text, [text]: text })],
  ['preflight: no policy', (text) => preflight(`{"Statement": "${text}`, keyPolicy)],
  ['preflight: an event', (text) => [...preflight(bucketPolicy, keyPolicy), '--event', file({ customer: text })]],
  [
    'preflight: a template',
    (text) => ['preflight', '--inbox-template', file(template({ BucketName: text, Tags: text }))],
  ],
  ['preflight: a type', (text) => ['preflight', '--inbox-template', file({ Resources: { [text]: { Type: text } } })]],
  [
    'preflight: a parameter',
    (text) => ['preflight', '--inbox-template', file(template({})), '--parameter', `Prefix=${text}`],
  ],
  ['preflight --json', (text) => [...preflight(statement({ Sid: text }), keyPolicy), '--json']],
  ['simulate: an id', (text) => ['simulate', file(simulated({ id: text }))]],
  ['simulate: a field', (text) => ['simulate', file(simulated({ [text]: text }))]],
  ['simulate --json', (text) => ['simulate', '--json', file(simulated({ id: text }))]],
  [
    'onboard: a customer',
    (text) => ['onboard', '--sandbox', '--customer', text, '--account', '222222222222', '--region', 'us-east-1'],
  ],
  ['onboard: a prefix', (text) => [...onboard, '--prefix', text]],
  ['onboard: a parameter', (text) => [...onboard, '--parameter', `Prefix=${text}`]],
  ['onboard: a stack', (text) => [...onboard, '--stack-name', text]],
  ['onboard: outputs', (text) => [...onboard, '--outputs', file([{ OutputKey: text, OutputValue: text }])]],
  ['onboard: a test event', (text) => [...onboard, '--outputs', file({ ...event, customer: text, [text]: text })]],
  ['offboard: a customer', (text) => ['offboard', '--sandbox', '--customer', text, '--yes']],
  ['collect: an event', (text) => ['collect', '--event', file({ ...event, customer: text, [text]: 1 })]],
  ['collect: a profile', (text) => ['collect', '--event', file(event), '--service-profile', text]],
  ['catalog: a folder', (text) => ['catalog', join(folder, text.replaceAll('/', ''))]],
  ['sandbox: a scenario', (text) => ['sandbox', '--scenario', file(scenario({ [text]: text }))]],
  ['page: a customer', (text) => ['page', '--customer', text, '--output', file('', 'html')]],
  ['page: an event', (text) => ['page', '--event', file({ ...event, customer: text, [text]: 1 }), '--output', '-']],
  ['page: a file', (text) => ['page', '--output', join(folder, 'none', text.replaceAll('/', ''))]],
  ['conformance: a scenario', (text) => ['conformance', '--plan', '--scenario', file(scenario({ name: text }))]],
  ['conformance: a field', (text) => ['conformance', '--plan', '--scenario', file(scenario({ [text]: text }))]],
  ['conformance: a file', (text) => ['conformance', '--plan', '--scenario', join(folder, text.replaceAll('/', ''))]],
  ['mcp: an option', (text) => ['mcp', `--${text}`]],
];
const onboard = ['onboard', '--sandbox', '--customer', 'acme', '--account', '222222222222', '--region', 'us-east-1'];

function preflight(bucket: unknown, key: unknown): readonly string[] {
  return ['preflight', '--bucket-policy', file(bucket), '--key-policy', file(key)];
}

const cases = inputs.map(([name, args, stdin]) => ({ name, args, stdin }));

it('is tried on every command', () => {
  const tried = new Set(inputs.map(([name]) => name.split(/[: ]/)[0]));
  expect(commandTable.map(({ name }) => name).filter((name) => !tried.has(name) && name !== 'catalog')).toEqual([]);
});

it.each(cases)('none of it reaches a terminal, $name', async ({ args, stdin }) => {
  for (const env of [{}, { FORCE_COLOR: '1' }]) {
    const surroundings = testSurroundings({
      input: stdin?.(hostile) ?? '',
      env: { ...env, AWS_EC2_METADATA_DISABLED: 'true' },
    });
    await main(args(hostile), surroundings);
    const printed = `${surroundings.written.stdout}${surroundings.written.stderr}`;
    expect(printed).not.toBe('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colors
    expect(env.FORCE_COLOR ? printed.replaceAll(/\u001b\[(1|2|22|31|32|33|39)m/g, '') : printed).not.toMatch(raw);
  }
});

/** Output to paste: lines that start with a command, and text between backticks. */
function commandsIn(printed: string): readonly string[] {
  const lines = printed.split('\n').filter((line) => /^\s*(aws|npm|npx|export|secure-inbox) /.test(line));
  return [...lines, ...[...printed.matchAll(/`((?:aws|npm|npx) [^`]*)`/g)].map(([, command = '']) => command)];
}

it.each(cases)('no command to paste would run it, $name', async ({ args, stdin }) => {
  const surroundings = testSurroundings({ input: stdin?.(runs) ?? '', env: { AWS_EC2_METADATA_DISABLED: 'true' } });
  await main(args(runs), surroundings);
  const { stdout, stderr } = surroundings.written;
  for (const command of commandsIn(`${stdout}\n${stderr}`)) {
    // A shell doesn't interpret text in single quotes.
    expect(command.replaceAll(/'[^']*'/g, '')).not.toContain('touch PWNED');
  }
});

it('redrawn lines contain only our own control sequences', () => {
  const written: string[] = [];
  const progress = progressOn(guarded({ isTTY: true, columns: 200, write: (text) => written.push(text) }, {}));
  progress.live([hostile]);
  progress.counter(hostile);
  progress.stage(hostile);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own sequences
  expect(written.join('').replaceAll(/\u001b\[\d+A\r\u001b\[J|\r\u001b\[J|\u001b\[31m/g, '')).not.toMatch(raw);
});
