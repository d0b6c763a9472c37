/**
 * Makes text safe to print to a terminal, a log line or as JSON. Escapes, as JSON does, what a terminal would interpret
 * (C0, DEL, C1), what reorders or hides text (bidi controls, zero-width characters, tags), and line separators. JSON
 * keeps its value. Line breaks and tabs stay.
 *
 * All text from outside passes through here before output; cli/guarded-output.ts ensures it for all commands.
 * https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** The same on one line: a line break from outside could start a line that looks like ours. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}

/** Characters above U+FFFF become two escapes, as in JSON. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/**
 * One word of a command to paste into a POSIX shell. Anything that may not be a plain word is put in single quotes,
 * which a shell doesn't interpret. A line break or another control character would end the line even in quotes, so a
 * text that contains one becomes `placeholder`.
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
