import type { FunctionAnswer } from '../../../../cli/run/job.ts';
import { endedAs, renderEnded, renderLive } from '../../../../cli/views/terminal/live.ts';
import { deniedReport, passedReport } from '../../reports.ts';

const job = { title: 'events/acme.json', event: {} };
const ended = (answer: FunctionAnswer) => renderEnded(endedAs({ job, answer, log: [] }, 1_234), 80);

test('the result of an event, in a line', () => {
  expect(ended({ kind: 'reports', batch: false, reports: [deniedReport] })).toBe('✗ events/acme.json  denied  1.2 s');
  expect(ended({ kind: 'reports', batch: true, reports: [passedReport, deniedReport, passedReport] })).toBe(
    '✗ events/acme.json  2 passed, 1 denied  1.2 s',
  );
  expect(ended({ kind: 'failed', message: 'Task timed out' })).toBe('! events/acme.json  no report  1.2 s');
});

const many = {
  total: 9,
  running: [
    { title: 'scenarios/a-long-name-of-a-scenario.yaml', forMs: 420 },
    { title: 'b.json', forMs: 0 },
  ],
  ended: [
    { title: 'first.json', verdicts: ['passed'] as const, tookMs: 1_000 },
    { title: 'second.json', verdicts: ['denied'] as const, tookMs: 2_000 },
    { title: 'third.json', verdicts: [], tookMs: 3_000 },
  ],
};

test('running events, the last ended ones as far as there is room, and a count', () => {
  expect(renderLive(many, 40, 5)).toEqual([
    '✗ second.json       denied         2.0 s',
    '! third.json        no report      3.0 s',
    '… scenario…io.yaml  running        0.4 s',
    '… b.json            running        0.0 s',
    '3 of 9: 1 passed, 1 denied, 1 without a ',
  ]);
});

test('a single event has no count', () => {
  expect(renderLive({ ...many, total: 1, running: many.running.slice(1), ended: [] }, 80, 5)).toEqual([
    '… b.json  running        0.0 s',
  ]);
});

test.each([0, 1, 2, 3, 4, 6, 50])('never more lines than there are rows: %d', (rows) => {
  expect(renderLive(many, 80, rows).length).toBeLessThanOrEqual(Math.max(rows, 1));
});

test.each([20, 40, 200])('never wider than %d columns', (columns) => {
  expect(renderLive(many, columns, 20).filter((line) => line.length > columns)).toEqual([]);
});
