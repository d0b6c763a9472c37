import { type DiffLine, diffLines } from '../../page/line-diff.ts';

const signs: Readonly<Record<DiffLine['kind'], string>> = { same: ' ', added: '+', removed: '-', skipped: '⋯' };
const shown = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => (kind === 'skipped' ? '⋯' : `${signs[kind]}${text}`));

test.each([
  ['nothing', 'a\nb', 'a\nb', []],
  ['a line in the middle', 'a\nb\nc\nd\ne', 'a\nb\nX\nd\ne', [' a', ' b', '-c', '+X', ' d', ' e']],
  ['what is far away is left out', '1\n2\n3\n4\n5\n6', '1\n2\n3\n4\n5\n6\n7', ['⋯', ' 5', ' 6', '+7']],
  [
    'two places',
    '1\n2\n3\n4\n5\n6\n7\n8',
    '0\n2\n3\n4\n5\n6\n7\n9',
    ['-1', '+0', ' 2', ' 3', '⋯', ' 6', ' 7', '-8', '+9'],
  ],
  ['everything', '', 'a', ['-', '+a']],
])('%s', (_, before, after, expected) => {
  expect(shown(before, after)).toEqual(expected);
});

test('both texts can be reconstructed from it, whatever they are', () => {
  const lines = (seed: number) => Array.from({ length: 12 }, (_, at) => String((seed * (at + 3)) % 5));
  for (let seed = 1; seed < 200; seed++) {
    const [before, after] = [lines(seed), lines(seed * 7 + 1)];
    const diff = diffLines(before.join('\n'), after.join('\n'), 100);
    const without = (left: DiffLine['kind']) => diff.filter(({ kind }) => kind !== left).map(({ text }) => text);
    if (diff.length > 0) expect([without('added'), without('removed')]).toEqual([before, after]);
    else expect(before).toEqual(after);
  }
});

test('texts too large to compare are shown as replaced', () => {
  const many = (text: string) => Array.from({ length: 1500 }, (_, at) => `${text}${at}`).join('\n');
  expect(diffLines(many('a'), many('b'))).toHaveLength(3000);
});
