import { childPath, type MapEntry, type Origin, type TemplateNode, type TemplateSource } from './node.ts';
import { refuse } from './template-error.ts';
import { deepest, tooDeep } from './yaml-document.ts';

/**
 * Reads JSON (RFC 8259) and keeps where each value stands: `JSON.parse` does not say, not even for every error.
 *
 * @throws TemplateError at the first thing that is not JSON, and at a key that a map has twice
 */
export function parseJson(source: TemplateSource): TemplateNode {
  const { text } = source;
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  let position = 0;
  let depth = 0;

  const originAt = (offset: number, path: string): Origin => {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { source, line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1, path };
  };

  const unexpected = (path: string, expected: string): never => {
    const found = position >= text.length ? 'the file ends here' : `found ${JSON.stringify(text.charAt(position))}`;
    return refuse(originAt(position, path), `is not valid JSON: expected ${expected}, ${found}.`);
  };

  const skipSpace = (): void => {
    while (/[ \t\r\n]/.test(text.charAt(position))) position += 1;
  };

  /** Whether the next character is this one; passes it if so. */
  const take = (character: string): boolean => {
    skipSpace();
    if (text.charAt(position) !== character) return false;
    position += 1;
    return true;
  };

  const readString = (path: string): string => {
    skipSpace();
    const match = matchAt(jsonString, text, position);
    if (match === undefined) return unexpected(path, 'a string in double quotes');
    position += match.length;
    return JSON.parse(match) as string;
  };

  const readMap = (origin: Origin, path: string): TemplateNode => {
    const entries = new Map<string, MapEntry>();
    if (take('}')) return { kind: 'map', entries, origin };
    do {
      skipSpace();
      const keyOffset = position;
      const key = readString(path);
      const keyPath = childPath(path, key);
      const keyOrigin = originAt(keyOffset, keyPath);
      if (entries.has(key)) refuse(keyOrigin, `the key ${JSON.stringify(key)} stands here a second time.`);
      if (!take(':')) unexpected(keyPath, '":" after the key');
      entries.set(key, { origin: keyOrigin, value: readValue(keyPath) });
    } while (take(','));
    if (!take('}')) unexpected(path, '"," or "}"');
    return { kind: 'map', entries, origin };
  };

  const readList = (origin: Origin, path: string): TemplateNode => {
    const items: TemplateNode[] = [];
    if (take(']')) return { kind: 'list', items, origin };
    do items.push(readValue(childPath(path, items.length)));
    while (take(','));
    if (!take(']')) unexpected(path, '"," or "]"');
    return { kind: 'list', items, origin };
  };

  const readValue = (path: string): TemplateNode => {
    skipSpace();
    const origin = originAt(position, path);
    const read = take('{') ? readMap : take('[') ? readList : undefined;
    if (read !== undefined) {
      if (depth >= deepest) refuse(origin, `${tooDeep}.`);
      depth += 1;
      const inside = read(origin, path);
      depth -= 1;
      return inside;
    }
    if (text.charAt(position) === '"') {
      const value = readString(path);
      return { kind: 'scalar', value, text: value, origin };
    }
    const literal = matchAt(jsonLiteral, text, position);
    if (literal === undefined) return unexpected(path, 'a value');
    position += literal.length;
    return { kind: 'scalar', value: JSON.parse(literal) as number | boolean | null, text: literal, origin };
  };

  const root = readValue('');
  skipSpace();
  if (position < text.length) unexpected('', 'the end of the file');
  return root;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string.
const jsonString = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const jsonLiteral = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;

function matchAt(sticky: RegExp, text: string, offset: number): string | undefined {
  sticky.lastIndex = offset;
  return sticky.exec(text)?.[0];
}
