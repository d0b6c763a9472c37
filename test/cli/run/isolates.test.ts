import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Isolates } from '../../../cli/run/isolates.ts';

let bundleDir: string;
let isolates: Isolates;

beforeEach(() => {
  bundleDir = mkdtempSync(join(tmpdir(), 'isolates-'));
  writeFileSync(
    join(bundleDir, 'library.mjs'),
    "import { randomUUID } from 'node:crypto'; export const thread = randomUUID();",
  );
  writeFileSync(
    join(bundleDir, 'handler.mjs'),
    `import { thread } from './library.mjs';
    let n = 0;
    export const handler = async ({ verdict }) => {
      console.log([thread, process.env.PLACE, ++n].join(' '));
      if (verdict === undefined) process.exit(1);
      return { schemaVersion: 1, customer: 'acme', verdict, startedAt: '2026-11-21T12:00:00.000Z', durationMs: 1, steps: [], diagnoses: [] };
    };`,
  );
  isolates = new Isolates();
});

afterEach(() => {
  isolates.end();
  rmSync(bundleDir, { recursive: true });
});

/** @param verdict undefined if it crashes */
async function checked(PLACE: string, verdict: string | undefined) {
  const isolate = isolates.take({ bundleDir, environment: { PLACE } });
  const outcome = await isolate.run({ title: PLACE, event: { verdict } });
  isolates.giveBack(isolate, outcome);
  const [thread, place, nth] = outcome.log.join('').split(' ');
  return { thread, place, nth };
}

test('an isolate is reused, and starts over if it may have kept something or needs other settings', async () => {
  const first = await checked('a', 'denied');
  expect(await checked('a', 'denied')).toEqual({ ...first, nth: '2' });
  expect(await checked('b', 'passed')).toEqual({ ...first, place: 'b', nth: '1' });
  expect(await checked('b', 'denied')).toEqual({ ...first, place: 'b', nth: '1' });
});

test('one that was started before its settings were known gets them', async () => {
  isolates.prepare(bundleDir);
  expect(await checked('a', 'denied')).toMatchObject({ place: 'a', nth: '1' });
});

test('one that crashed is not reused, nor one that is busy', async () => {
  const first = await checked('a', 'denied');
  await checked('a', undefined);
  const next = await checked('a', 'denied');
  expect(next.thread).not.toBe(first.thread);
  const settings = { bundleDir, environment: { PLACE: 'a' } };
  const [one, other] = [isolates.take(settings), isolates.take(settings)];
  expect(one).not.toBe(other);
  one.end();
  other.end();
});
