import {
  Composer,
  Document,
  type DocumentOptions,
  isCollection,
  isMap,
  isNode,
  isScalar,
  Lexer,
  type ParseOptions,
  Parser,
  type SchemaOptions,
  YAMLParseError,
} from 'yaml';

type YamlOptions = ParseOptions & DocumentOptions & SchemaOptions;
type Token = ReturnType<Parser['next']> extends Generator<infer Yielded> ? Yielded : never;

/** No AWS document comes close. Readers of the tree are recursive, and deeper nesting would overflow the stack. */
export const deepest = 200;

export const tooDeep = `is nested more than ${deepest} levels deep, which no document of AWS is`;

/**
 * A YAML document and its errors, in linear time. The parser itself compares each key of a map with all keys before it,
 * and crashes the process for a text with endless nesting.
 */
export function yamlDocument(text: string, options: YamlOptions = {}): Document {
  const [first, second] = composed(text, options, true);
  const document: Document = first ?? new Document();
  if (second !== undefined && options.logLevel !== 'silent') {
    const offset = second.range[0];
    document.errors.push(mistake(offset, 'MULTIPLE_DOCS', 'The text holds multiple documents, where one is expected'));
  }
  return document;
}

/** Like {@link yamlDocument}, for a text that may contain several documents. */
export function yamlDocuments(text: string, options: YamlOptions = {}): readonly Document[] {
  return composed(text, options, false);
}

function composed(text: string, options: YamlOptions, isOne: boolean): readonly Document.Parsed[] {
  const { tokens, deepAt } = tokensOf(text, options);
  const composer = new Composer({ ...options, prettyErrors: false, keepSourceTokens: false, uniqueKeys: false });
  const documents = composedUnlessHopeless(composer, () => [
    ...composer.compose(tokens, isOne || deepAt !== undefined, text.length),
  ]);
  const [first] = documents;
  if (deepAt !== undefined && first) first.errors = [mistake(deepAt, 'IMPOSSIBLE', tooDeep)];
  else for (const document of documents) document.errors.push(...repeatedKeys(document));
  return documents;
}

class Hopeless extends Error {}

type OnMistake = (
  source: number | readonly [number, number] | { readonly offset: number },
  code: YAMLParseError['code'],
  message: string,
  isWarning?: boolean,
) => void;

/** A text that is not YAML could have an error for each character, each with a stack trace. */
const mostMistakes = 100;

function composedUnlessHopeless(composer: Composer, compose: () => Document.Parsed[]): Document.Parsed[] {
  // A private property, but the only way to stop the parser.
  const report: OnMistake = composer['onError'];
  let [count, first]: [number, YAMLParseError | undefined] = [0, undefined];
  const stopping: OnMistake = (source, code, message, isWarning) => {
    report(source, code, message, isWarning);
    if (isWarning) return;
    const offset = typeof source === 'number' ? source : 'offset' in source ? source.offset : source[0];
    first ??= mistake(offset, code, message);
    count += 1;
    if (count > mostMistakes) throw new Hopeless();
  };
  composer['onError'] = stopping;
  try {
    return compose();
  } catch (error) {
    if (!(error instanceof Hopeless) || !first) throw error;
    const document: Document = new Document();
    document.errors.push(first);
    return [document as Document.Parsed];
  }
}

/** Reads a text as the parser does, but stops if it is nested too deeply. */
function tokensOf(text: string, { lineCounter }: YamlOptions) {
  const parser = new Parser(lineCounter?.addNewLine);
  const tokens: Token[] = [];
  lineCounter?.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // The first entry is the document itself. Scalars contain nothing.
    const top = parser.stack.at(-1) ?? {};
    if (parser.stack.length > deepest + 1 && 'items' in top)
      return { tokens: [], deepAt: parser.offset - lexeme.length };
  }
  tokens.push(...parser.end());
  return { tokens, deepAt: undefined };
}

function mistake(offset: number, code: YAMLParseError['code'], message: string): YAMLParseError {
  return new YAMLParseError([offset, offset + 1], code, message);
}

function repeatedKeys({ contents }: Document): readonly YAMLParseError[] {
  const found: YAMLParseError[] = [];
  const open: unknown[] = [contents];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isCollection(node)) continue;
    if (!isMap(node)) {
      for (const item of node.items) open.push(item);
      continue;
    }
    const keys = new Set<unknown>();
    for (const { key, value } of node.items) {
      open.push(key ?? null, value ?? null);
      if (!isScalar(key)) continue;
      if (keys.has(key.value)) found.push(mistake(startOf(key), 'DUPLICATE_KEY', 'Map keys must be unique'));
      keys.add(key.value);
    }
  }
  return found.sort((a, b) => a.pos[0] - b.pos[0]);
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
