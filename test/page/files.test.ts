import { decoded } from '../../page/files.ts';

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [...part])));

test.each([
  ['UTF-8', bytes('{"a": "ä"}'), '{"a": "ä"}'],
  ['UTF-8 with a byte order mark', bytes([0xef, 0xbb, 0xbf], '{}'), '{}'],
  ['UTF-16, little end first', bytes([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), '{}'],
  ['UTF-16, big end first', bytes([0xfe, 0xff, 0, 0x7b, 0, 0x7d]), '{}'],
  ['Latin-1, which could mean anything', bytes('{"a": "', [0xe4], '"}'), undefined],
  ['nothing', bytes(), ''],
])('%s', (_, file, text) => {
  expect(decoded(file)).toBe(text);
});
