import { liveEvents } from '../../cli/live-events.ts';
import { progressOn } from '../../cli/progress.ts';
import { deniedReport } from './reports.ts';

const jobs = ['one', 'two', 'three'].map((title) => ({ title, event: {} }));
const outcome = (at: number) => ({
  job: jobs[at] ?? { title: '', event: {} },
  answer: { kind: 'reports', batch: false, reports: [deniedReport] } as const,
  log: [],
});

function on(isTTY: boolean) {
  const writes: string[] = [];
  let now = 0;
  const output = { isTTY, columns: 60, rows: 10, write: (text: string) => writes.push(text) };
  const live = liveEvents(jobs, output, progressOn(output), () => now);
  return { live, writes, pass: (ms: number) => (now += ms) };
}

test('rewrites lines on a terminal, and leaves none behind', () => {
  const { live, writes, pass } = on(true);
  live.begun(0);
  live.begun(1);
  pass(1_500);
  live.ended(1, outcome(1));
  live.tell(1);
  expect(writes.at(-1)).toBe(
    '\u001b[2A\r\u001b[J✗ two  denied         1.5 s\n… one  running        1.5 s\n1 of 3: 1 denied',
  );
  live.end();
  expect(writes.at(-1)).toBe('\u001b[2A\r\u001b[J');
});

test('the time of a repeated check counts from its first start', () => {
  const { live, writes, pass } = on(true);
  live.begun(0);
  pass(60_000);
  live.begun(0);
  live.end();
  expect(writes.at(-2)).toContain('… one  running        60.0 s');
});

test('prints a plain line per event elsewhere, without escape sequences', () => {
  const { live, writes, pass } = on(false);
  live.begun(0);
  pass(300);
  live.ended(0, outcome(0));
  live.tell(0);
  live.tell(1);
  live.end();
  expect(writes).toEqual(['✗ one  denied  0.3 s\n']);
});
