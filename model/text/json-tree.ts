import { deepest, tooDeep } from '../template/yaml-document.ts';
import { childPath, noChildren, type TextEntry, type TextMistake, type TextNode, type TextTree } from './text-node.ts';

/** Reads JSON (RFC 8259) up to the first error, or to a duplicate key. */
export function jsonTree(text: string): TextTree {
  const reader = new JsonReader(text);
  try {
    return { root: reader.read() };
  } catch (error) {
    if (error instanceof Mistaken) return { mistake: error.mistake };
    throw error;
  }
}

class Mistaken extends Error {
  constructor(readonly mistake: TextMistake) {
    super(mistake.message);
  }
}

class JsonReader {
  #at = 0;
  #depth = 0;

  constructor(private readonly text: string) {}

  read(): TextNode {
    const root = this.#value('', 'a value');
    this.#skipSpace();
    return this.#at < this.text.length ? this.#unexpected('', 'the end of the text') : root;
  }

  #value(path: string, expected: 'a value' | 'a value or ]'): TextNode {
    this.#skipSpace();
    const from = this.#at;
    const letter = this.text.charAt(from);
    if (letter === '{' || letter === '[') {
      if (this.#depth >= deepest) throw new Mistaken({ offset: from, path, message: tooDeep });
      this.#depth += 1;
      this.#at += 1;
      const inside = letter === '{' ? this.#entries(path) : this.#items(path);
      this.#depth -= 1;
      return { ...empty, ...inside, start: from, from, to: this.#at };
    }
    const written = this.#pass(letter === '"' ? endOfString(this.text, from) : endOf(literal, this.text, from));
    if (written === undefined) return this.#unexpected(path, expected);
    const value = JSON.parse(written) as string | number | boolean | null;
    return { ...empty, value, text: typeof value === 'string' ? value : written, start: from, from, to: this.#at };
  }

  #entries(path: string): Pick<TextNode, 'kind' | 'entries'> {
    const entries: TextEntry[] = [];
    const keys = new Set<string>();
    if (this.#take('}')) return { kind: 'map', entries };
    do {
      this.#skipSpace();
      const keyFrom = this.#at;
      const written = this.#pass(this.text[keyFrom] === '"' ? endOfString(this.text, keyFrom) : undefined);
      if (written === undefined)
        return this.#unexpected(path, `a name in double quotes${entries.length > 0 ? '' : ' or }'}`);
      const key = JSON.parse(written) as string;
      const keyTo = this.#at;
      const inner = childPath(path, key);
      if (keys.has(key)) {
        const message = `the key ${JSON.stringify(key)} appears twice.`;
        throw new Mistaken({ offset: keyFrom, path: inner, message });
      }
      keys.add(key);
      if (!this.#take(':')) this.#unexpected(inner, 'a colon');
      entries.push({ key, keyFrom, keyTo, value: this.#value(inner, 'a value') });
    } while (this.#take(','));
    return this.#take('}') ? { kind: 'map', entries } : this.#unexpected(path, commaOrEnd);
  }

  #items(path: string): Pick<TextNode, 'kind' | 'items'> {
    const items: TextNode[] = [];
    if (this.#take(']')) return { kind: 'list', items };
    do items.push(this.#value(childPath(path, items.length), items.length > 0 ? 'a value' : 'a value or ]'));
    while (this.#take(','));
    return this.#take(']') ? { kind: 'list', items } : this.#unexpected(path, commaOrEnd);
  }

  #skipSpace(): void {
    this.#at = endOf(whitespace, this.text, this.#at) ?? this.#at;
  }

  /** Reads the text up to this offset; undefined if there is none. */
  #pass(end: number | undefined): string | undefined {
    if (end === undefined) return undefined;
    const written = this.text.slice(this.#at, end);
    this.#at = end;
    return written;
  }

  /** Reads the next character if it is this one. */
  #take(character: string): boolean {
    this.#skipSpace();
    if (this.text.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(path: string, expected: string): never {
    throw new Mistaken({ offset: this.#at, path, message: mistakeAt(this.text, this.#at, expected) });
  }
}

const commaOrEnd = 'a comma or the closing bracket';
const empty = { kind: 'scalar', value: null, text: '', hasAnchor: false, isFlow: true, ...noChildren } as const;

const whitespace = /[ \t\n\r]*/y;
const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;
const punctuation = /[[\]{},:]/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function endOf(sticky: RegExp, text: string, offset: number): number | undefined {
  sticky.lastIndex = offset;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}

/** Reads character by character, because a pattern would overflow the stack for a string of many megabytes. */
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

/** Describes the error. JSON.parse's own message often has no position, and differs between versions of Node.js. */
function mistakeAt(text: string, at: number, expected: string): string {
  const where = `where ${expected} is expected`;
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (at >= text.length) return `the text ends ${where}`;
  if (character === '#' || text.startsWith('//', at) || text.startsWith('/*', at)) {
    return 'a comment, which JSON does not have and AWS refuses: remove it';
  }
  const end = character === '"' ? endOfString(text, at) : (endOf(punctuation, text, at) ?? endOf(literal, text, at));
  const found = end === undefined ? unreadable(character) : `unexpected ${shortened(text.slice(at, end))}`;
  const isBehindComma = /[\]}]/.test(character) && text.slice(0, at).trimEnd().endsWith(',');
  return isBehindComma ? `${found} behind a comma: remove the comma, or add what is missing` : `${found} ${where}`;
}

function unreadable(character: string): string {
  if (character === '"') return 'a string that is not closed, or has a control character or a wrong escape in it,';
  if (character === "'") return 'a single quote';
  if (/[\x21-\x7e]/.test(character)) return `unexpected ${character}`;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `unexpected character U+${code}`;
}

function shortened(found: string): string {
  return found.length > 40 ? `${found.slice(0, 40)}…` : found;
}
