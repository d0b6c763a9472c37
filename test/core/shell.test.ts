import { execFileSync } from 'node:child_process';
import { shellWord } from '../../core/printable.ts';

/** If a shell ran any of these, something else would be printed. */
const lines = [
  'r; touch PWNED; echo /',
  '$(touch PWNED)',
  '`touch PWNED`',
  "a'; touch PWNED; '",
  '"$HOME"',
  'a b',
  '*',
].concat(['~', '!!', 'a\\', '#x', '', '-n', '<x', '>x', '|x', '&', '{a,b}', '$IFS', 'größe']);

it.each(lines)('a shell reads %j as one word, unchanged', (text) => {
  const printed = execFileSync('sh', ['-c', `printf '[%s]' ${shellWord(text)} end`]).toString();
  expect(printed).toBe(`[${text}][end]`);
});

it.each(['a\nb', 'a\rtouch PWNED\r', '\u001b[2J', 'a\u202eb'])(
  'a text that would end the pasted line becomes a placeholder: %j',
  (text) => {
    expect(shellWord(text)).toBe('VALUE');
  },
);

it("does not quote AWS's names", () => {
  const names = ['arn:aws:kms:us-east-1:222222222222:key/mrk-1', 's3://bucket/a/b.txt', 'us-east-1', 'a=b,c+d@e'];
  expect(names.map((name) => shellWord(name))).toEqual(names);
});
