import { fields, pageFor, wrap } from '../../../../cli/views/terminal/page.ts';
import { printable } from '../../../../core/printable.ts';

test.each([
  { columns: undefined, width: 100 },
  { columns: 20, width: 40 },
  { columns: 80, width: 80 },
  { columns: 300, width: 120 },
])('a terminal of $columns columns is a page of $width', ({ columns, width }) => {
  expect(pageFor(columns, false).width).toBe(width);
});

test('wraps between words, and leaves a long one whole', () => {
  const arn = `arn:aws:s3:::${'b'.repeat(40)}/key`;
  expect(wrap(`refused on ${arn} by nobody`, 30, '  ', '- ')).toEqual(['- refused on', `  ${arn}`, '  by nobody']);
});

test('keeps line breaks', () => {
  expect(wrap('one\ntwo', 30, '  ')).toEqual(['  one', '  two']);
});

test('lays out fields below each other', () => {
  expect(
    fields(
      [
        ['a', 'one two'],
        ['label', 'three'],
      ],
      13,
      ' ',
    ),
  ).toEqual([' a      one', '        two', ' label  three']);
});

test('puts a label that leaves no room above its text', () => {
  const label = 'a/long/path';
  expect(
    fields(
      [
        ['a', 'one'],
        [label, 'two three'],
      ],
      16,
      ' ',
    ),
  ).toEqual([' a   one', ` ${label}`, '     two three']);
});

test('shows control and direction characters instead of obeying them', () => {
  expect(printable('a\u001b[31m\u202eb\tc\u009bd\ne')).toBe('a\\u001b[31m\\u202eb\tc\\u009bd\ne');
});
