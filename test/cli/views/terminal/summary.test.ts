import { pageFor } from '../../../../cli/views/terminal/page.ts';
import { renderSummary } from '../../../../cli/views/terminal/summary.ts';
import { deniedReport, passedReport } from '../../reports.ts';

const page = pageFor(120, false);

test('reports that need action come first, slowest first', () => {
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
"verdict            took  event         at             by             side      action
! no report              broken.json   The test event is invalid: inbox: is missing
✗ denied          50 ms  denied slow   copy-to-inbox  bucket-policy  customer  s3:PutObject
✗ denied           5 ms  denied quick  copy-to-inbox  bucket-policy  customer  s3:PutObject
? inconclusive   900 ms  doubtful
✓ passed        2000 ms  slow
✓ passed          10 ms  quick

6 checked: 1 without a report, 2 passed, 2 denied, 1 inconclusive.
"
`);
});

describe.each([40, 60, 80, 100, 140, 200])('at %d columns', (columns) => {
  const title = `scenarios/${'x'.repeat(80)}/the-end.yaml`;
  const rows = [
    { title, report: { ...deniedReport, durationMs: 123_456 } },
    { title: 'short.json', report: passedReport },
    { title, report: { problem: `The test event is invalid, ${'and so on '.repeat(30)}` } },
  ];
  const lines = renderSummary(rows, pageFor(columns, false)).split('\n');

  test('no line is wider', () => {
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });

  test('a title that is too long is shortened in its middle', () => {
    const [, , denied = ''] = lines;
    expect(denied).toMatch(columns < 180 ? / scen.*….*d\.yaml/ : /x{80}\/the-end\.yaml/);
  });

  test('as many columns as there is room for, aligned with their headings', () => {
    const [headings = '', , denied = ''] = lines;
    const shown = [
      columns >= 60 && 'copy-to-inbox',
      columns >= 80 && 'bucket-policy',
      columns >= 100 && 's3:PutObject',
    ];
    for (const [at, text] of shown.entries()) {
      const heading = ['at', 'by', 'action'][at] ?? '';
      if (text) expect(denied.indexOf(text)).toBe(headings.indexOf(`  ${heading}`) + 2);
      else expect(headings).not.toContain(`  ${heading}`);
    }
  });
});

describe('a row is named', () => {
  const named = (...rows: readonly [title: string, customer: string][]) =>
    renderSummary(
      rows.map(([title, customer]) => ({ title, report: { ...passedReport, customer } })),
      page,
    )
      .split('\n')
      .slice(1, rows.length + 1)
      .map((line) => line.replace(/.* ms {2}/, ''));

  test('by its customer, if that is enough', () => {
    expect(named(['batch.json', 'acme'], ['batch.json', 'globex'])).toEqual(['acme', 'globex']);
  });

  test('otherwise by its event', () => {
    expect(named(['a.json', 'acme'], ['b.json', 'acme'])).toEqual(['a.json', 'b.json']);
  });

  test('otherwise by both', () => {
    const names = named(['a.json', 'acme'], ['a.json', 'globex'], ['b.json', 'acme']);
    expect(names).toEqual(['acme: a.json', 'globex: a.json', 'acme: b.json']);
  });
});
