import fc from 'fast-check';
import { jsonTree } from '../../../model/text/json-tree.ts';

test.each([
  { text: '{"a": 1,}', offset: 8, message: 'unexpected } behind a comma: remove the comma, or add what is missing' },
  { text: '{} // x', offset: 3, message: 'a comment, which JSON does not have and AWS refuses: remove it' },
  { text: '{"a": 1', offset: 7, message: 'the text ends where a comma or the closing bracket is expected' },
  { text: '{"a" 1}', offset: 5, message: 'unexpected 1 where a colon is expected' },
  { text: "{'a': 1}", offset: 1, message: 'a single quote where a name in double quotes or } is expected' },
  { text: '[1 2]', offset: 3, message: 'unexpected 2 where a comma or the closing bracket is expected' },
  { text: '[tru]', offset: 1, message: 'unexpected t where a value or ] is expected' },
  { text: '[01]', offset: 1, message: 'unexpected 0 where a value or ] is expected' },
  { text: '{} x', offset: 3, message: 'unexpected x where the end of the text is expected' },
  { text: '["a\nb"]', offset: 1, message: expect.stringContaining('a string that is not closed') },
  { text: '[\u00a01]', offset: 1, message: 'unexpected character U+00A0 where a value or ] is expected' },
])('$text is refused at $offset', ({ text, offset, message }) => {
  expect(jsonTree(text)).toMatchObject({ mistake: { offset, message } });
});

test('agrees with JSON.parse about what is JSON, except for duplicate keys', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', ':', '0', '-', ' ', '\\', 'e', '\u00a0'))
    .map(([text, at, put]) => {
      const offset = at % (text.length + 1);
      return text.slice(0, offset) + put + text.slice(offset + (put === '' ? 1 : 0));
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken), (text) => {
      const tree = jsonTree(text);
      const isTwice = 'mistake' in tree && tree.mistake.message.includes('appears twice');
      if (!isTwice) expect('root' in tree).toBe(isJson(text));
    }),
    { numRuns: 1000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
