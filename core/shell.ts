/**
 * One word of a command that somebody pastes into a POSIX shell. What could be anything but a plain word is put into single
 * quotes, within which a shell reads nothing. A line break or another control character would end the line where it is
 * pasted, quotes or not, so such a text gets none: it becomes `placeholder`.
 */
export function shellWord(text: string, placeholder = 'VALUE'): string {
  if (text === '' || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return text === '' ? "''" : placeholder;
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
