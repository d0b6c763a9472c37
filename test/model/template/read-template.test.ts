import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTemplate } from '../../../model/template/read-template.ts';
import { plain } from '../../../model/template/read-value.ts';
import { readTemplateFile } from '../../../sandbox/scenario-files.ts';
import { templateError } from './deploy.ts';

const parse = (text: string, file = 'test.yaml') => parseTemplate({ file, text });

/** Extension, text, `line:column`, required part of the message. */
test.each<[string, string, string, string]>([
  ['yaml', 'A:\n  B: [1, 2\nC: 3\n', '3:1', 'is not valid YAML'],
  ['yaml', 'A: 1\nB: "open\n', '3:1', 'Missing closing'],
  ['yaml', 'A: 1\nB: 2\nA: 3\n', '3:1', 'Map keys must be unique'],
  ['yaml', 'A:\n  B: 1\n C: 2\n', '3:1', 'is not valid YAML'],
  ['yaml', 'A: !Base64 !Ref B\n', '1:12', 'long form (Fn::…)'],
  ['yaml', 'A: &x 1\nB: *x\n', '2:4', 'no YAML aliases (*x)'],
  ['yaml', 'A:\n  <<: { B: 1 }\n', '2:3', 'no YAML hash merges'],
  ['yaml', 'A: !!binary aGk=\n', '1:13', 'no YAML tag tag:yaml.org,2002:binary'],
  ['yaml', '? [a]\n: 1\n', '1:3', 'a key must be a string'],
  ['yaml', '', '1:1', 'the template is empty'],
  ['yaml', '- A\n', '1:1', 'a template is a map with the section Resources, not a list'],
  ['yaml', 'A: 1\n---\nB: 2\n', '2:1', 'multiple documents'],
  ['json', '{"A": 1,}', '1:9', 'unexpected } behind a comma'],
  ['json', '{\n  "A": [1 2]\n}', '2:11', 'A: unexpected 2 where a comma or the closing bracket is expected'],
  ['json', '{\n  "A": 01\n}', '2:8', 'unexpected 0 where a value is expected'],
  ['json', "{'A': 1}", '1:2', 'a single quote where a name in double quotes'],
  ['json', '{"A": "a\nb"}', '1:7', 'a string that is not closed'],
  ['json', '{"A": {"B": tru}}', '1:13', 'A.B: unexpected t where a value is expected'],
  ['json', '{"A": 1', '1:8', 'the text ends where a comma or the closing bracket'],
  ['json', '{"A" 1}', '1:6', 'unexpected 1 where a colon is expected'],
  ['json', '{"A": 1} x', '1:10', 'unexpected x where the end of the text'],
  ['json', '{"A": 1,\n "A": 2}', '2:2', 'the key "A" appears twice'],
  ['json', '[]', '1:1', 'not a list'],
  ['template', '{"A": 1,}', '1:9', 'unexpected } behind a comma'],
  ['template', 'A: [\n', '2:1', 'is not valid YAML'],
])('in .%s, %j is refused at %s', (extension, text, place, words) => {
  const error = templateError(() => parse(text, `test.${extension}`));
  expect(`${error.file}:${error.line}:${error.column}`).toBe(`test.${extension}:${place}`);
  expect(error.message).toContain(words);
});

test.each([
  ['yaml', '[', ']', '1:201'],
  ['yaml', '- ', 'a', '1:401'],
  ['json', '[', ']', '1:201'],
  ['json', '{"a":', '}', '1:1001'],
])('in .%s, %j again and again is refused', (extension, opening, closing, place) => {
  const error = templateError(() => parse(opening.repeat(100_000) + closing.repeat(100_000), `test.${extension}`));
  expect(`${error.line}:${error.column}`).toBe(place);
  expect(error.message).toMatch(/\b200\b/);
});

test.each(['\\"', 'a', '\\u0041'])('a text of JSON may be as long as a template: %j', (letter) => {
  const template = parse(`{"Description": "${letter.repeat(150_000)}"}`, 'a.json');
  expect(template.entries.get('Description')?.value).toMatchObject({ kind: 'scalar' });
});

test('shows the wrong line, and the position in it', () => {
  const error = templateError(() => parse('A: 1\nB:\n  C: ["\\q"]\n', 'inbox.yaml'));
  expect(error.message).toBe(
    ['inbox.yaml:3:8: is not valid YAML: Invalid escape sequence \\q', '  3 |   C: ["\\q"]', '             ^'].join(
      '\n',
    ),
  );
});

test('shows the wrong part of a very long line', () => {
  const long = `{"A": "${'x'.repeat(5000)}", "B": nul}`;
  const [, excerpt = '', marker = ''] = templateError(() => parse(long, 'a.json')).message.split('\n');
  expect(excerpt.length).toBeLessThan(130);
  expect(excerpt.charAt(marker.indexOf('^'))).toBe('n');
  expect(excerpt).toContain('"B": nul}');
});

test('reads the same from YAML and JSON, short and long forms, with Windows line ends and a byte order mark', () => {
  const yaml =
    'A: !If\n  - C\n  - !GetAtt K.Arn\n  - !Sub\n    - ${X}\n    - X: !Ref P\nB: "é"\nD: !Not [!Condition C]\n';
  const json = JSON.stringify(
    {
      A: { 'Fn::If': ['C', { 'Fn::GetAtt': 'K.Arn' }, { 'Fn::Sub': ['${X}', { X: { Ref: 'P' } }] }] },
      B: 'é',
      D: { 'Fn::Not': [{ Condition: 'C' }] },
    },
    undefined,
    '\t',
  );
  const expected = JSON.parse(json) as unknown;
  for (const text of [yaml, yaml.replaceAll('\n', '\r\n')]) expect(plain(parse(text))).toEqual(expected);
  for (const text of [json, json.replaceAll('\n', '\r\n')]) expect(plain(parse(text, 'test.json'))).toEqual(expected);
});

test('counts lines that end in CR LF once', () => {
  const yaml = templateError(() => parse('A: 1\r\nB: 2\r\nC: *x\r\n'));
  const json = templateError(() => parse('{\r\n"A": 1,\r\n"B": x}', 'test.json'));
  expect([yaml.line, yaml.column, json.line, json.column]).toEqual([3, 4, 3, 6]);
});

test('reads JSON as JSON.parse does', () => {
  const text = '{"a": [true, false, null, -1.5e3, 0, "\\u00e9\\ud83d\\ude00\\n\\"\\\\/"], "": {}, "__proto__": [[]]}';
  expect(JSON.stringify(plain(parse(text, 'test.json')))).toBe(JSON.stringify(JSON.parse(text)));
});

test('keeps what YAML 1.1 makes of plain values, except dates and single letters', () => {
  expect(plain(parse('a: 2012-10-17\nb: yes\nc: y\nd: 1_000\ne: 010\nf: "010"\non: ~\n'))).toEqual({
    a: '2012-10-17',
    b: true,
    c: 'y',
    d: 1000,
    e: 8,
    f: '010',
    on: null,
  });
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'template-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['with a byte order mark', Buffer.from('\uFEFFA: 1\n')],
    ['in UTF-16 with a byte order mark', Buffer.from('\uFEFFA: 1\n', 'utf16le')],
  ])('%s is read', (_, bytes) => {
    const file = join(folder, 'test.yaml');
    writeFileSync(file, bytes);
    expect(plain(readTemplateFile(file))).toEqual({ A: 1 });
  });

  test('that does not exist, or is a folder, is reported with the reason', () => {
    const missing = join(folder, 'missing.yaml');
    expect(templateError(() => readTemplateFile(missing)).message).toBe(`${missing}: cannot be read: no such file.`);
    expect(templateError(() => readTemplateFile(folder)).message).toContain(`${folder}: `);
  });
});
