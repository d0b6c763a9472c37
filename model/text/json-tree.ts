import { deepest, tooDeep } from '../template/yaml-document.ts';
import { childPath, noChildren, type TextEntry, type TextMistake, type TextNode, type TextTree } from './text-node.ts';

/** Reads JSON (RFC 8259) up to the first thing that is not JSON, or to a key that a map has twice. */
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
    const root = this.#value('');
    this.#skipSpace();
    return this.#at < this.text.length ? this.#unexpected('', 'the end of the file') : root;
  }

  #value(path: string): TextNode {
    this.#skipSpace();
    const from = this.#at;
    const letter = this.text.charAt(from);
    if (letter === '{' || letter === '[') {
      if (this.#depth >= deepest) throw new Mistaken({ offset: from, path, message: `${tooDeep}.` });
      this.#depth += 1;
      this.#at += 1;
      const inside = letter === '{' ? this.#entries(path) : this.#items(path);
      this.#depth -= 1;
      return { ...empty, ...inside, start: from, from, to: this.#at };
    }
    if (letter === '"') {
      const value = this.#string(path);
      return { ...empty, value, text: value, start: from, from, to: this.#at };
    }
    const literal = matchAt(jsonLiteral, this.text, from);
    if (literal === undefined) return this.#unexpected(path, 'a value');
    this.#at += literal.length;
    const value = JSON.parse(literal) as number | boolean | null;
    return { ...empty, value, text: literal, start: from, from, to: this.#at };
  }

  #entries(path: string): Pick<TextNode, 'kind' | 'entries'> {
    const entries: TextEntry[] = [];
    const keys = new Set<string>();
    if (this.#take('}')) return { kind: 'map', entries };
    do {
      this.#skipSpace();
      const keyFrom = this.#at;
      const key = this.#string(path);
      const keyTo = this.#at;
      const inner = childPath(path, key);
      if (keys.has(key)) {
        const message = `the key ${JSON.stringify(key)} stands here a second time.`;
        throw new Mistaken({ offset: keyFrom, path: inner, message });
      }
      keys.add(key);
      if (!this.#take(':')) this.#unexpected(inner, '":" after the key');
      entries.push({ key, keyFrom, keyTo, value: this.#value(inner) });
    } while (this.#take(','));
    return this.#take('}') ? { kind: 'map', entries } : this.#unexpected(path, '"," or "}"');
  }

  #items(path: string): Pick<TextNode, 'kind' | 'items'> {
    const items: TextNode[] = [];
    if (this.#take(']')) return { kind: 'list', items };
    do items.push(this.#value(childPath(path, items.length)));
    while (this.#take(','));
    return this.#take(']') ? { kind: 'list', items } : this.#unexpected(path, '"," or "]"');
  }

  #string(path: string): string {
    const match = matchAt(jsonString, this.text, this.#at);
    if (match === undefined) return this.#unexpected(path, 'a string in double quotes');
    this.#at += match.length;
    return JSON.parse(match) as string;
  }

  #skipSpace(): void {
    for (let code = this.text.charCodeAt(this.#at); isSpace(code); code = this.text.charCodeAt(this.#at)) this.#at += 1;
  }

  /** Whether the next character is this one; passes it if so. */
  #take(character: string): boolean {
    this.#skipSpace();
    if (this.text.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(path: string, expected: string): never {
    const at = this.#at;
    const found = at >= this.text.length ? 'the file ends here' : `found ${JSON.stringify(this.text.charAt(at))}`;
    throw new Mistaken({ offset: at, path, message: `is not valid JSON: expected ${expected}, ${found}.` });
  }
}

const empty = { kind: 'scalar', value: null, text: '', hasAnchor: false, isFlow: true, ...noChildren } as const;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string.
const jsonString = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const jsonLiteral = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;

function matchAt(sticky: RegExp, text: string, offset: number): string | undefined {
  sticky.lastIndex = offset;
  return sticky.exec(text)?.[0];
}
