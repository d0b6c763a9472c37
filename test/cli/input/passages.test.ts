import { mostMessages, passagesIn } from '../../../cli/input/passages.ts';
import { deniedReport, passedReport } from '../reports.ts';

const texts = (text: string) => passagesIn(text).map((passage) => passage.text);
const parsed = (text: string) => texts(text).map((one): unknown => JSON.parse(one));

const [a, b, c] = ['a', 'b', 'c'].map((eventName) => ({ eventSource: 'kms.amazonaws.com', eventName }));
const compact = [a, b, c].map((event) => JSON.stringify(event));
const indented = [a, b, c].map((event) => JSON.stringify(event, null, 2));

test.each([
  ['a list', JSON.stringify([a, b, c])],
  ['a log file', JSON.stringify({ Records: [a, b, c] })],
  ['several log files', [{ Records: [a] }, { Records: [b, c] }].map((file) => JSON.stringify(file)).join('\n')],
  ['one a line', compact.join('\n')],
  ['one a line, with CRLF', compact.join('\r\n')],
  ['one after the other, indented', `${indented.join('\n')}\n`],
  ['one after the other, indented, with CRLF', indented.join('\n').replaceAll('\n', '\r\n')],
  ['in lines of a log', compact.map((event) => `2026-01-01T00:00:00Z INFO ${event}`).join('\n')],
  ['a list between words', `I found these:\n${JSON.stringify([a, b, c], null, 2)}\nWhat now?`],
  ['with space after them', `${JSON.stringify([a, b, c])}${'\n'.repeat(100)}`],
])('CloudTrail events: %s', (_, text) => {
  expect(parsed(text)).toEqual([a, b, c]);
});

test('events of lookup-events and of EventBridge stay in what is around them', () => {
  const lookedUp = compact.map((event) => ({ EventName: 'x', CloudTrailEvent: event }));
  expect(parsed(JSON.stringify({ Events: lookedUp, NextToken: 'more' }))).toEqual(lookedUp);
  const bridged = { 'detail-type': 'AWS API Call via CloudTrail', detail: a };
  expect(parsed(JSON.stringify(bridged))).toEqual([bridged]);
});

describe('reports', () => {
  const [diagnosis] = deniedReport.diagnoses;
  const other = { ...deniedReport, customer: 'other' };
  test.each([
    ['one', JSON.stringify(deniedReport), ['acme']],
    ['several', JSON.stringify([deniedReport, other]), ['acme', 'other']],
    ["a batch's answer", JSON.stringify({ reports: [deniedReport, other] }), ['acme', 'other']],
    ['one a line', `${JSON.stringify(deniedReport)}\n${JSON.stringify(other)}`, ['acme', 'other']],
  ])('%s: a diagnosis is a passage, and whose it is is known', (_, text, customers) => {
    expect(passagesIn(text).map(({ customer }) => customer)).toEqual(customers);
    expect(parsed(text)).toEqual(customers.map(() => diagnosis));
  });

  test('several diagnoses of one, and diagnoses without their report', () => {
    const diagnoses = [diagnosis, { ...diagnosis, summary: 'another' }];
    expect(parsed(JSON.stringify({ ...deniedReport, diagnoses }))).toEqual(diagnoses);
    expect(parsed(JSON.stringify(diagnoses))).toEqual(diagnoses);
  });

  test('without diagnoses, each step that AWS refused is a passage', () => {
    const error = { code: 'AccessDenied', message: 'Access Denied' };
    const steps = ['put-internal', 'copy-to-inbox'].map((step) => ({ step, status: 'denied', durationMs: 1, error }));
    const report = { ...deniedReport, diagnoses: [], steps: [...passedReport.steps.slice(0, 1), ...steps] };
    expect(parsed(JSON.stringify(report))).toEqual(steps.map((step) => ({ ...report, steps: [step] })));
    expect(parsed(JSON.stringify(passedReport))).toEqual([passedReport]);
  });
});

describe('messages', () => {
  const say = (who: string) => `User: arn:aws:iam::1:role/${who} is not authorized to perform: s3:PutObject`;

  test.each([
    ['lines', `INFO up\nERROR ${say('a')}\nERROR ${say('b')}\n`, 'ERROR User: arn:aws:iam::1:role/b'],
    ['one line', `${say('a')}; ${say('b')}`, 'User: arn:aws:iam::1:role/b'],
    [
      'two lines each',
      'X User:\n a is not authorized\nto perform: s3:A\nY User:\n b is not authorized to\nperform',
      'Y User:',
    ],
    ['JSON in JSON', JSON.stringify({ log: [`1\n${say('a')}`, `2\n${say('b')}`] }, null, 2), '    "2\\nUser:'],
  ])('of AWS, in %s', (_, text, second) => {
    const found = texts(text);
    expect(found).toHaveLength(2);
    expect(found.join('')).toBe(text);
    expect(found[1]?.startsWith(second)).toBe(true);
  });

  test.each(['hello', '', '{', '[1]', 'null', 'Access Denied\nAccess Denied', say('a'), '{"verdict": "denied"}'])(
    '%j is one passage',
    (text) => {
      expect(passagesIn(text)).toEqual([{ text }]);
    },
  );

  const chatter = 'all is well with S3, and nothing to see here\n'.repeat(10_000);
  const mistake = 'An error occurred (AccessDenied) when calling the PutObject operation: Access Denied';
  test.each([
    ['a sentence', say('a')],
    ['two words', mistake],
    ['XML', '<Code>NoSuchBucket</Code>\n<Message>The specified bucket does not exist</Message>'],
  ])('%s is found in a long log, with little around it', (_, needle) => {
    const found = texts(`${chatter}${needle}\n${chatter}`);
    expect(found.filter((one) => one.includes(needle))).not.toEqual([]);
    for (const one of found) expect(one.length).toBeLessThan(9_000);
  });

  test('a log that says the same all the time is not read to its end', () => {
    expect(texts(Array.from({ length: 5_000 }, (_, at) => `${at} ${say('a')}`).join('\n'))).toHaveLength(mostMessages);
    expect(texts(`${mistake}\n`.repeat(5_000)).length).toBeLessThanOrEqual(mostMessages);
  });
});

test.each([
  ['brackets', '['.repeat(2_000_000)],
  ['braces in lines', '{\n'.repeat(500_000)],
  ['nested lists', `${'['.repeat(4_000)}${']'.repeat(4_000)}`],
  ['one long word', 'x'.repeat(2_000_000)],
  ['one long space', `not${' '.repeat(2_000_000)}authorized`],
  ['one word again and again', 'not authorized User: Exception '.repeat(50_000)],
])('%s are harmless', (_, text) => {
  expect(texts(text).every((one) => one.length <= 9_000)).toBe(true);
});
