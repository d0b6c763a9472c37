import { parseSource } from '../../../model/text/document.ts';
import { InputError } from '../../../model/text/input-error.ts';

function mistake(text: string, file: string): string {
  try {
    parseSource(text, file);
    return 'no error';
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

test.each([
  { what: 'JSON', file: 'e.json', text: '{"customer": "acme"}' },
  { what: 'JSON with a byte order mark and CRLF', file: 'e.json', text: '\uFEFF{\r\n"customer": "acme"\r\n}' },
  { what: 'YAML', file: 'e.yaml', text: 'customer: acme # a comment\n' },
  { what: 'YAML in flow style', file: 'e.yaml', text: '{customer: acme}' },
  { what: 'JSON in a file of another name', file: 'e.txt', text: '{\n\t"customer": "acme"\n}' },
  { what: 'JSON from stdin', file: '-', text: '{"customer": "acme"}' },
  { what: 'YAML from stdin', file: '-', text: 'customer: acme' },
])('reads $what', ({ file, text }) => {
  expect(parseSource(text, file).value).toEqual({ customer: 'acme' });
});

test('shows file, line, column and the line of a mistake in JSON', () => {
  expect(mistake('{\n  "customer": "acme",\n}\n', 'events/acme.json')).toBe(
    [
      'events/acme.json:3:1: unexpected } behind a comma: remove the comma, or add what is missing',
      '  3 | }',
      '      ^',
    ].join('\n'),
  );
});

test('shows file, line, column and the line of a mistake in YAML', () => {
  const [first, line, caret] = mistake('customer: acme\ninbox: [1, 2\nsteps: []\n', 'acme.yaml').split('\n');
  expect(first).toMatch(/^acme\.yaml:\d:\d+: /);
  expect(line).toMatch(/^ {2}\d \| /);
  expect(caret).toMatch(/^ +\^$/);
});

test('shows an alias without an anchor', () => {
  expect(mistake('customer: &acme acme\ninbox: *acmee\n', 'acme.yaml')).toBe(
    [
      'acme.yaml:2:8: *acmee refers to nothing: there is no anchor &acmee before it',
      '  2 | inbox: *acmee',
      '             ^',
    ].join('\n'),
  );
});

test('does not expand aliases to millions of values', () => {
  const lines = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`);
  expect(mistake(['a0: &a0 [1]', ...lines].join('\n'), 'acme.yaml')).toMatch(
    /^acme\.yaml: its aliases stand for too many/,
  );
});

test.each(['a.json', 'a.yaml'])('survives endless nesting: %s', (file) => {
  const message = `${file}:1:201: is nested more than 200 levels deep`;
  expect(mistake('['.repeat(200_000) + ']'.repeat(200_000), file)).toContain(message);
  expect(mistake(`["${'['.repeat(2000)}"]`, file)).toBe('no error');
});

const times = 60_000;

/**
 * Each once took minutes or overflowed the stack. There is no time limit, but a quadratic algorithm would never end
 * here.
 */
test.each([
  ['quotation marks that nothing closes', `a: b${'\\"'.repeat(times)}`, 'no error'],
  ['escaped quotation marks', `a: "${'\\"'.repeat(times)}"`, 'no error'],
  ['escaped quotation marks in a text without an end', `a: "${'\\"'.repeat(times)}b`, 'Missing closing'],
  ['many keys', Array.from({ length: times / 3 }, (_, at) => `k${at}: 1`).join('\n'), 'no error'],
  ['many keys in braces', `{${Array.from({ length: times / 3 }, (_, at) => `k${at}: 1`).join(', ')}}`, 'no error'],
  ['the same key again', `a: 1\n${'a: 1\n'.repeat(times / 3)}`, 'a.yaml:2:1: Map keys must be unique'],
  ['maps below maps', Array.from({ length: 1500 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'), '200 levels deep'],
  [
    'maps below maps that the parser can follow',
    Array.from({ length: 250 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
    '200 levels deep',
  ],
  ['lists in lists without brackets', '- '.repeat(times), '200 levels deep'],
  ['keys that are maps', '? '.repeat(times), '200 levels deep'],
  ['an alias without an anchor after many with one', `[&a 1${', *a'.repeat(times / 3)}, *b]`, '*b refers to nothing'],
])('YAML of %s is read or rejected in linear time', (_, text, expected) => {
  expect(mistake(text, 'a.yaml')).toContain(expected);
});

test('finds the line of the last of many fields of JSON', () => {
  const fields = Array.from({ length: times / 5 }, (_, at) => `"f${at}": ${at}`);
  const { lineOf } = parseSource(`{\n${fields.join(',\n')}\n}`, 'a.json');
  expect([0, 7, fields.length - 1].map((at) => lineOf([`f${at}`]))).toEqual([2, 9, fields.length + 1]);
});

test('is strict about a .json file that would be valid YAML', () => {
  expect(mistake('{"a": 1, }', 'a.json')).toContain('a.json:1:10: unexpected }');
  expect(mistake('a: 1', 'a.json')).toContain('a.json:1:1: unexpected a');
});

test('cuts a long line around the mistake', () => {
  const text = `{"a": "${'x'.repeat(500)}" "b"}`;
  const [, line = '', caret = ''] = mistake(text, 'a.json').split('\n');
  expect(line.length).toBeLessThan(120);
  expect(line.slice(caret.indexOf('^'))).toMatch(/^"b"/);
});

test.each(['', ' \n', '\uFEFF'])('refuses the empty text %j', (text) => {
  expect(mistake(text, '-')).toBe('standard input: is empty, where a JSON or YAML document is expected.');
});

test.each(['e.json', 'e.yaml'])('knows the line of a value in %s', (file) => {
  const text = '{\n  "inbox": {\n    "bucket":\n      "b",\n    "list": [1,\n 2]\n  }\n}\n';
  const source = parseSource(text, file);
  expect(source.lineOf(['inbox', 'bucket'])).toBe(4);
  expect(source.lineOf(['inbox', 'list', 1])).toBe(6);
  expect(source.lineOf(['inbox', 'missing'])).toBe(2);
  expect(source.lineOf(['missing'])).toBe(1);
});
