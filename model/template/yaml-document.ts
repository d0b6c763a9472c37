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

/** No document of AWS comes near. Readers of the tree are recursive, and would overflow the stack. */
export const deepest = 200;

export const tooDeep = `is nested more than ${deepest} levels deep, which no document of AWS is`;

/**
 * A YAML document and its mistakes, in time that grows with the text alone: the parser itself compares each key of a map
 * with all keys before it, and of a text that is nested without end it takes the whole process down.
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

/** As {@link yamlDocument}, of a text that may have several. */
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

/** Text that is not YAML would have a fault in each character, each an error with a stack. */
const mostMistakes = 100;

function composedUnlessHopeless(composer: Composer, compose: () => Document.Parsed[]): Document.Parsed[] {
  // It is private, and there is no other way to end the parser.
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

/** As the parser reads a text, but that it stops where a text is too deep. */
function tokensOf(text: string, { lineCounter }: YamlOptions) {
  const parser = new Parser(lineCounter?.addNewLine);
  const tokens: Token[] = [];
  lineCounter?.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // The document itself is the first. What is no collection holds nothing.
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
