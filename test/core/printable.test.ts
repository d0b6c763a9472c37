import { printable, printableLine } from '../../core/printable.ts';

/** For each kind: C0, DEL, C1, bidi, zero-width, tags, separators. */
const hostile = ['\u0000', '\u0007', '\u001b[2J', '\u007f', '\u009b31m', '\u200b', '\u200d', '\u202e', '\u2066']
  .concat(['\u2028', '\u2029', '\u00ad', '\ufeff', '\u{e0041}', '\u061c', '\r'])
  .join('x');

it('escapes what a terminal interprets or what hides or reorders text, and keeps normal text', () => {
  expect(printable(hostile)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  const written = 'Größe\tÜbersicht, 売上 «2026»\nمرحبا 👍';
  expect(printable(written)).toBe(written);
});

it('leaves JSON as JSON with the same value', () => {
  const value = { [hostile]: [hostile, { a: `"${hostile}\\` }] };
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});

it('joins several lines into one', () => {
  expect(printableLine(' a\r\n  b\u2028c\n')).toBe('a b c');
});
