import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import type { World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { delivery, internalBucket, smallWorld } from '../small-world.ts';
import { type RawRequest, type RawResponse, send } from './signed-request.ts';

/**
 * Answers recorded from S3. Each row has the preceding requests, the request and the required answer. `*` matches
 * anything, `BUCKET` is a bucket, and `{name}` is the value of an earlier answer's element, stored under that name.
 */
interface Recorded {
  readonly operation: string;
  readonly given?: keyof typeof worlds;
  readonly before?: readonly Request[];
  readonly request: Request;
  readonly status: number;
  readonly error?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly elements?: Expected;
  readonly body?: string;
  /** Headers or elements that must be absent. */
  readonly absent?: readonly string[];
  readonly test: string;
  readonly source: string;
}

interface Request {
  readonly method?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly keep?: Readonly<Record<string, string>>;
}

type Expected = { readonly [element: string]: string | Expected | readonly Expected[] };

const recorded: readonly Recorded[] = readFileSync(join(__dirname, '../../fixtures/aws-recorded-answers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const worlds = {
  'two buckets': (world: World) => {
    const bucket = world.buckets.get(internalBucket);
    if (bucket) world.buckets.set('internal-2', { ...bucket, name: 'internal-2' });
  },
} as const;

const lists = ['Contents', 'CommonPrefixes', 'Upload', 'Part', 'Bucket', 'ChecksumAlgorithm'];
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignoreAttributes: true,
  isArray: (name, path) => lists.includes(name) && String(path).split('.').length > 2 - Number(name !== 'Bucket'),
});

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ world: smallWorld() });
});
afterAll(() => sandbox.stop());

test.each(recorded.map((row) => [`${row.operation}, ${row.test}`, row] as const))('%s', async (_, row) => {
  const world = smallWorld();
  if (row.given) worlds[row.given](world);
  sandbox.use(world);
  const kept: Record<string, string> = {};
  for (const { keep = {}, ...earlier } of row.before ?? []) {
    const answer = await send(sandbox.url, delivery, filled(earlier, kept));
    expect(answer.status).toBe(200);
    for (const [name, element] of Object.entries(keep)) kept[name] = String(rootOf(answer)[element]);
  }
  compare(await send(sandbox.url, delivery, filled(row.request, kept)), row);
});

test('at least sixty answers are compared with recordings, errors and successes', () => {
  const failed = recorded.filter(({ error }) => error);
  expect(failed.length).toBeGreaterThanOrEqual(30);
  expect(recorded.length - failed.length).toBeGreaterThanOrEqual(30);
  for (const { source } of recorded) expect(source).toMatch(/^https:\/\//);
});

function filled({ method, path, query = {}, headers = {}, body }: Request, kept: Record<string, string>): RawRequest {
  const fill = (text: string) =>
    text.replaceAll('BUCKET', internalBucket).replace(/\{(\w+)\}/g, (whole, name: string) => kept[name] ?? whole);
  const all = (pairs: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, fill(value)]));
  return {
    ...(method !== undefined && { method }),
    path: fill(path),
    query: all(query),
    headers: all(headers),
    ...(body !== undefined && { body }),
  };
}

function rootOf({ body }: RawResponse): Record<string, unknown> {
  const [root] = Object.values(parser.parse(body));
  return root as Record<string, unknown>;
}

function compare(answer: RawResponse, { status, error, headers = {}, elements, body, absent = [] }: Recorded): void {
  expect({ status: answer.status, error: answer.error }).toEqual({
    status: status ?? answer.status,
    error: error ? expect.objectContaining(matching(error)) : {},
  });
  expect(answer.headers).toMatchObject(matching(headers));
  if (body !== undefined) expect(answer.body).toBe(body);
  if (elements) {
    const root = rootOf(answer);
    expect(root).toMatchObject(matching(elements));
    expect(Object.keys(root).filter((name) => absent.includes(name))).toEqual([]);
  } else {
    expect(Object.keys(answer.headers).filter((name) => absent.includes(name))).toEqual([]);
  }
}

function matching(expected: Expected): Record<string, unknown> {
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, matchingValue(value)]));
}

function matchingValue(value: string | Expected | readonly Expected[]): unknown {
  if (value === '*') return expect.anything();
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(matchingValue) : matching(value as Expected);
}
