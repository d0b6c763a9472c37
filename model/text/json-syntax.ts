/** Where and why a text is not JSON. `offset` counts UTF-16 units from the start of the text. */
interface JsonMistake {
  readonly offset: number;
  readonly message: string;
}

const whitespace = /[ \t\n\r]*/y;
const punctuation = /[[\]{},:]/;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/;
const token = new RegExp([punctuation, scalar].map(({ source }) => source).join('|'), 'y');

/**
 * Finds the first mistake in a text that JSON.parse refused: its own message has no position where the text is short
 * or ends too soon, and differs between versions of Node.js.
 */
export function jsonMistake(text: string): JsonMistake | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  let before = '';

  for (;;) {
    offset = endOf(whitespace, text, offset) ?? offset;
    const where = `where ${wanted[expected]} is expected`;
    if (offset >= text.length)
      return expected === 'nothing' ? undefined : { offset, message: `the text ends ${where}` };
    const end = text[offset] === '"' ? endOfString(text, offset) : endOf(token, text, offset);
    if (end === undefined && startsComment(text, offset)) {
      return { offset, message: 'a comment, which JSON does not have and AWS refuses: remove it' };
    }
    if (end === undefined) return { offset, message: `${describe(text, offset)} ${where}` };
    const found = text.slice(offset, end);
    const next = after(expected, kindOf(found), open);
    if (!next && before === ',' && /^[\]}]$/.test(found)) {
      return { offset, message: `unexpected ${found} behind a comma: remove the comma, or add what is missing` };
    }
    if (!next) return { offset, message: `unexpected ${shortened(found)} ${where}` };
    before = found;
    expected = next;
    offset = end;
  }
}

function startsComment(text: string, offset: number): boolean {
  return text.startsWith('//', offset) || text.startsWith('/*', offset) || text[offset] === '#';
}

const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Letter by letter: on a string of many megabytes a pattern would need more stack than there is. */
function endOfString(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === 0x22) return at + 1;
    if (letter < 0x20) return undefined;
    if (letter !== 0x5c) continue;
    const end = endOf(escaped, text, at);
    if (end === undefined) return undefined;
    at = end - 1;
  }
  return undefined;
}

function endOf(pattern: RegExp, text: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function shortened(found: string): string {
  return found.length > 40 ? `${found.slice(0, 40)}…` : found;
}

function kindOf(found: string): string {
  if (found.startsWith('"')) return 'string';
  return /^[[\]{},:]$/.test(found) ? found : 'scalar';
}

type Expected = keyof typeof wanted;
const wanted = {
  value: 'a value',
  'value-or-end': 'a value or ]',
  name: 'a name in double quotes',
  'name-or-end': 'a name in double quotes or }',
  colon: 'a colon',
  'comma-or-end': 'a comma or the closing bracket',
  nothing: 'the end of the text',
} as const;

function after(expected: Expected, kind: string, open: ('{' | '[')[]): Expected | undefined {
  const closed = () => (open.length === 0 ? 'nothing' : 'comma-or-end');
  const inside = open.at(-1);
  switch (expected) {
    case 'value-or-end':
    case 'value':
      if (kind === ']' && expected === 'value-or-end') {
        open.pop();
        return closed();
      }
      if (kind === '{' || kind === '[') {
        open.push(kind);
        return kind === '{' ? 'name-or-end' : 'value-or-end';
      }
      return kind === 'string' || kind === 'scalar' ? closed() : undefined;
    case 'name-or-end':
    case 'name':
      if (kind === '}' && expected === 'name-or-end') {
        open.pop();
        return closed();
      }
      return kind === 'string' ? 'colon' : undefined;
    case 'colon':
      return kind === ':' ? 'value' : undefined;
    case 'comma-or-end':
      if (kind === ',') return inside === '{' ? 'name' : 'value';
      if (kind !== (inside === '{' ? '}' : ']')) return undefined;
      open.pop();
      return closed();
    case 'nothing':
      return undefined;
  }
}

function describe(text: string, offset: number): string {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (character === '"') return 'a string that is not closed, or has a control character or a wrong escape in it,';
  if (character === "'") return 'a single quote';
  if (/[^\x21-\x7e]/.test(character)) return `unexpected character U+${hexadecimal(character)}`;
  return `unexpected ${character}`;
}

function hexadecimal(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
