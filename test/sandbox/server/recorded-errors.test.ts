import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { delivery, editBucket, internalBucket, smallWorld } from '../small-world.ts';
import { type Provocation, provocations, stored } from './provocations.ts';
import { type RawResponse, send } from './signed-request.ts';

/** Errors recorded from S3. Each is provoked in the sandbox and compared. */
interface RecordedError {
  readonly code: string;
  readonly message: string | null;
  /** Null if the recording only kept the body. */
  readonly http_status: number | null;
  readonly extra: Readonly<Record<string, string | null>> | null;
  readonly test: string;
  readonly source: string;
}

const recorded: readonly RecordedError[] = readFileSync(
  join(__dirname, '../../fixtures/aws-recorded-errors.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

describe('S3 answers as recorded from AWS', () => {
  let sandbox: Sandbox;
  const bugs: unknown[] = [];

  beforeAll(async () => {
    sandbox = await startSandbox({ world: smallWorld(), onBug: (error) => bugs.push(error) });
  });
  afterAll(() => sandbox.stop());

  test.each(recorded.map((row) => [`${row.code}: ${row.message} (${row.test})`, row] as const))(
    '%s',
    async (_, row) => {
      const provocation = provocations[row.message ?? row.code];
      if (!provocation) throw new Error('No request of this test provokes it');
      sandbox.use(worldFor(provocation));
      const response = await send(sandbox.url, delivery, provocation.request);
      compare(response, row);
    },
  );

  test('and its own bugs are reported to the operator, not to the client', () => {
    expect(bugs).toEqual([new Error('a bug of the sandbox')]);
  });
});

function worldFor({ world: change }: Provocation): World {
  const world = smallWorld();
  editBucket(world, internalBucket, {
    objects: new Map(['eight', 'test-delete', 'test-key'].map((key) => [key, stored(key, 'contents')])),
  });
  change?.(world);
  return world;
}

function compare({ status, statusMessage, error, body }: RawResponse, row: RecordedError): void {
  if (row.http_status !== null) expect(status).toBe(row.http_status);
  if (/^\d+$/.test(row.code)) {
    // Recorded from an SDK, which derives a code and a message from the status line alone.
    expect({ statusMessage, body }).toEqual({ statusMessage: row.message, body: '' });
    return;
  }
  expect(error['Code']).toBe(row.code);
  expect(error['Message']).toMatch(exactly(row.message ?? ''));
  for (const [name, value] of Object.entries(row.extra ?? {}))
    expect({ [name]: error[name] }).toEqual({ [name]: expect.stringMatching(exactly(value ?? '')) });
}

/** A placeholder in the recording matches any non-empty text. */
function exactly(text: string): RegExp {
  if (text === 'date' || text === 'host-id') return /./;
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // A quoted `<YOUR-AKID>` is AWS's own text.
  return new RegExp(`^${escaped.replace(/<[a-z][a-z0-9_:-]*>/g, '[\\s\\S]+')}$`);
}
