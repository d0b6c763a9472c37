/**
 * Makes text safe for a terminal, a log line and JSON that is printed: what a terminal would obey (C0, DEL, C1), what
 * reorders or hides other text (bidi controls, zero-width characters, tags), and line separators are shown as the escape that
 * JSON has for them. JSON stays JSON with the same value. Line breaks and tabs stay.
 *
 * Everything that comes from outside passes through here on its way out; cli/guarded-output.ts sees to it for all commands.
 * https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** The same as one line: a line break from outside would begin a line that looks like one of ours. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}

/** Beyond the first 65,536 characters, both halves: that is how JSON has them. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/**
 * One word of a command that someone pastes into a POSIX shell. What could be anything but a plain word is put into single
 * quotes, within which a shell reads nothing. A line break or another control character would end the line where it is
 * pasted, quotes or not, so such a text gets none: it becomes `placeholder`.
 */
export function shellWord(text: string, placeholder = 'VALUE'): string {
  if (text === '' || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return text === '' ? "''" : placeholder;
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `1 fault`, `2 faults`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
