import { answerOfError, answerOfPayload } from '../../../cli/run/job.ts';
import { deniedReport, passedReport } from '../reports.ts';

test.each([
  { case: 'a report', payload: passedReport, batch: false, reports: [passedReport] },
  {
    case: 'a batch',
    payload: { reports: [passedReport, deniedReport] },
    batch: true,
    reports: [passedReport, deniedReport],
  },
  { case: 'an empty batch', payload: { reports: [] }, batch: true, reports: [] },
])('$case', async ({ payload, batch, reports }) => {
  expect(await answerOfPayload(payload)).toEqual({ kind: 'reports', reports, batch });
});

test.each([
  { payload: { ...passedReport, schemaVersion: 2 }, path: 'schemaVersion: ' },
  { payload: { reports: [passedReport, { ...passedReport, verdict: 'fine' }] }, path: '1.verdict: ' },
  { payload: null, path: '' },
  { payload: 'text', path: '' },
  { payload: { reports: 'none' }, path: '' },
])('$payload is not a report', async ({ payload, path }) => {
  const answer = await answerOfPayload(payload);
  expect(answer).toEqual({
    kind: 'failed',
    message: expect.stringContaining(`(${path}`),
  });
});

test('only an event that the function rejects is an error for the user to fix', () => {
  expect(answerOfError('InvalidTestEvent', 'wrong')).toEqual({ kind: 'invalid-event', message: 'wrong' });
  expect(answerOfError('Sandbox.Timedout', 'Task timed out')).toEqual({
    kind: 'failed',
    message: 'The function failed: Task timed out (Sandbox.Timedout).',
  });
});
