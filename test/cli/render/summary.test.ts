import { pageFor } from '../../../cli/render/page.ts';
import { renderSummary } from '../../../cli/render/summary.ts';
import { deniedReport, passedReport } from '../reports.ts';

const page = pageFor(120, false);

test('what needs work comes first, and of that the slowest', () => {
  const text = renderSummary(
    [
      { title: 'quick', report: { ...passedReport, durationMs: 10 } },
      { title: 'doubtful', report: { ...passedReport, verdict: 'inconclusive', durationMs: 900 } },
      { title: 'slow', report: { ...passedReport, durationMs: 2000 } },
      { title: 'denied quick', report: { ...deniedReport, durationMs: 5 } },
      { title: 'denied slow', report: { ...deniedReport, durationMs: 50 } },
      { title: 'broken.json', report: { problem: 'The test event is invalid:\n- inbox: is missing' } },
    ],
    page,
  );
  expect(text).toMatchInlineSnapshot(`
"! no report              broken.json         The test event is invalid:
✗ denied          50 ms  acme: denied slow   at copy-to-inbox bucket-policy s3:PutObject (customer)
✗ denied           5 ms  acme: denied quick  at copy-to-inbox bucket-policy s3:PutObject (customer)
? inconclusive   900 ms  acme: doubtful
✓ passed        2000 ms  acme: slow
✓ passed          10 ms  acme: quick

6 checked: 1 without a report, 2 passed, 2 denied, 1 inconclusive.
"
`);
});

test('a line is never wider than the page', () => {
  const title = 'x'.repeat(200);
  const [line = ''] = renderSummary([{ title, report: deniedReport }], page).split('\n');
  expect(line.length).toBeLessThanOrEqual(120);
});
