import { decoded } from '../../page/files.ts';

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [...part])));

test.each([
  ['UTF-8', 'a.json', bytes('{"a": "ä"}'), { text: '{"a": "ä"}' }],
  ['UTF-8 with a byte order mark', 'a.json', bytes([0xef, 0xbb, 0xbf], '{}'), { text: '{}' }],
  ['UTF-16, little end first', 'a.json', bytes([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), { text: '{}' }],
  ['UTF-16, big end first', 'a.json', bytes([0xfe, 0xff, 0, 0x7b, 0, 0x7d]), { text: '{}' }],
  ['UTF-16 without a mark', 'a.json', bytes([0x7b, 0, 0x7d, 0]), { text: '{}' }],
  ['UTF-16 without a mark, big end first', 'a.json', bytes([0, 0x7b, 0, 0x7d]), { text: '{}' }],
  ['Latin-1, which could mean anything', 'a.json', bytes('{"a": "', [0xe4], '"}'), { why: /UTF-8/ }],
  ['nothing', 'a.json', bytes(), { why: /empty/ }],
  ['a PDF', 'a.pdf', bytes('%PDF-1.7'), { why: /PDF/ }],
  ['a picture', 'a.png', bytes([0x89], 'PNG'), { why: /picture/ }],
  [
    'a picture with the name of a policy',
    'policy.json',
    bytes([0x89], 'PNG', [0, 0, 0, 0xd]),
    { why: /not a text file/ },
  ],
  ['zeros', 'a.json', bytes('{}', [0, 0, 0, 0]), { why: /not a text file/ }],
])('%s', (_, name, file, expected) => {
  const { why } = expected as { readonly why?: RegExp };
  expect(decoded(name, file)).toEqual(why ? { why: expect.stringMatching(why) } : expected);
});
