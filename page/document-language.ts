import { StreamLanguage, type StringStream } from '@codemirror/language';

/** What a word of JSON or YAML is colored as. */
type Token = 'propertyName' | 'string' | 'number' | 'atom' | 'comment' | 'meta' | null;

/** The first that matches where the stream is. JSON is YAML, as far as colors go. */
const tokens: readonly (readonly [pattern: RegExp, token: Token])[] = [
  [/^\s+/, null],
  [/^#.*/, 'comment'],
  [/^"(?:[^"\\]|\\.)*"(?=\s*:)/, 'propertyName'],
  [/^'[^']*'(?=\s*:)/, 'propertyName'],
  [/^"(?:[^"\\]|\\.)*"?/, 'string'],
  [/^'(?:[^']|'')*'?/, 'string'],
  [/^![\w:]+/, 'meta'],
  [/^[\w$./-]+(?:::[\w:]+)?(?=\s*:(?:\s|$))/, 'propertyName'],
  [/^(?:true|false|null)\b/, 'atom'],
  [/^-?\d+(?:\.\d+)?(?![\w.-])/, 'number'],
  [/^-(?=\s)/, null],
  [/^[^\s#"'!{}[\],]+/, 'string'],
];

function token(stream: StringStream): Token {
  for (const [pattern, name] of tokens) if (stream.match(pattern)) return name;
  stream.next();
  return null;
}

/** Line by line, without a tree: whatever is typed, and however deep, costs no more than its lines. */
export const documentLanguage = StreamLanguage.define({
  name: 'document',
  token,
  languageData: { commentTokens: { line: '#' } },
});
