import { isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import { yamlDocument } from '../template/yaml-document.ts';
import { noChildren, type TextEntry, type TextNode, type TextTree } from './text-node.ts';
import { blocksOf } from './yaml-blocks.ts';

/** CloudFormation's YAML 1.1 lacks these: `Version: 2012-10-17` must stay a string. */
const leftOut = ['binary', 'merge', 'omap', 'pairs', 'set', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`);
export const unsupportedTags: ReadonlySet<string> = new Set(leftOut);

/** Short forms of functions, by type of argument. For an unknown tag, the parser creates an error each time. */
const scalarTags = ['Ref', 'Sub', 'GetAtt', 'Condition', 'ImportValue', 'Base64', 'GetAZs'].map((name) => {
  return { tag: `!${name}`, resolve: (text: string) => text };
});
const listTags = ['And', 'Equals', 'FindInMap', 'GetAtt', 'If', 'Join', 'Not', 'Or', 'Select', 'Split', 'Sub'].map(
  (name) => ({ tag: `!${name}`, collection: 'seq' as const }),
);

/**
 * Reads YAML 1.1 as CloudFormation does. If one resource of a template was changed, only that resource is parsed
 * again.
 */
export function yamlTree(text: string): TextTree {
  return treeOfBlocks(text) ?? wholeYamlTree(text);
}

/** Like {@link yamlTree}, but parses the text as a whole. */
export function wholeYamlTree(text: string): TextTree {
  const { errors, contents } = yamlDocument(text, {
    version: '1.1',
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag === 'string' || !unsupportedTags.has(tag.tag)),
      ...scalarTags,
      ...listTags,
    ],
  });
  const [error] = errors;
  if (error !== undefined) {
    const hint = error.code === 'MULTIPLE_TAGS' ? '; write one of two nested functions in its long form (Fn::…)' : '';
    return { mistake: { offset: error.pos[0], path: '', message: `is not valid YAML: ${error.message}${hint}` } };
  }
  if (!isNode(contents)) return { mistake: { offset: 0, path: '', message: 'the template is empty.' } };
  return { root: textNode(contents, text) };
}

function textNode(node: Node, text: string): TextNode {
  const [start = 0, end = 0] = node.range ?? [];
  const tag = isAlias(node) ? undefined : node.tag;
  const hasAnchor = 'anchor' in node && Boolean(node.anchor);
  const isTagged = isAlias(node) || tag?.startsWith('!') || hasAnchor;
  const items = isSeq(node) ? node.items.map((item) => textNode(item as Node, text)) : noChildren.items;
  const entries = isMap(node) ? node.items.map(({ key, value }) => entryOf(key, value, text)) : noChildren.entries;
  const isFlow = (isMap(node) || isSeq(node)) && node.flow === true;
  const last = isFlow ? undefined : (items.at(-1) ?? entries.at(-1));
  return {
    kind: isAlias(node) ? 'alias' : isMap(node) ? 'map' : isSeq(node) ? 'list' : 'scalar',
    ...(isScalar(node) ? scalarOf(node.value, node.source) : { value: null, text: isAlias(node) ? node.source : '' }),
    ...(tag !== undefined && { tag }),
    hasAnchor,
    start,
    from: isTagged ? beginOf(text, start) : start,
    to: last ? endOf(last) : start + text.slice(start, end).trimEnd().length,
    isFlow,
    items,
    entries,
  };
}

function endOf(last: TextNode | TextEntry): number {
  return 'keyTo' in last ? (last.value?.to ?? last.keyTo) : last.to;
}

function entryOf(key: unknown, value: unknown, text: string): TextEntry {
  const [keyFrom = 0, keyTo = 0] = (isNode(key) && key.range) || [];
  return {
    // `On:` is a boolean in YAML 1.1, but a template's keys are used as written.
    key: isScalar(key) ? (key.source ?? String(key.value)) : undefined,
    keyFrom,
    keyTo,
    ...(isNode(value) && { value: textNode(value, text) }),
  };
}

/** In YAML 1.1 a single y or n is a boolean too, but actual parsers, including AWS's, never followed that. */
const singleLetterBoolean = /^[yn]$/i;

function scalarOf(value: unknown, source: string | undefined): Pick<TextNode, 'value' | 'text'> {
  if (typeof value === 'boolean' && source !== undefined && singleLetterBoolean.test(source)) {
    return { value: source, text: source };
  }
  const plain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
      ? value
      : String(value);
  return { value: plain, text: typeof plain === 'string' ? plain : (source ?? String(plain)) };
}

/** No tag and anchor, with the line break after them, are longer. */
const longestTag = 300;

/** A value's range starts after its tag and anchor, which may be on the line before. */
function beginOf(text: string, start: number): number {
  const before = text.slice(Math.max(0, start - longestTag), start);
  const tags = /(?:[!&][^\s,[\]{}]*[ \t]*(?:\r?\n[ \t]*)?)+$/.exec(before);
  return tags ? start - before.length + tags.index : start;
}

/** Keyed by text. */
let parsedBlocks = new Map<string, TextEntry>();
let lastFrame: { readonly text: string; readonly tree: TextTree } = {
  text: '',
  tree: { mistake: { offset: 0, path: '', message: '' } },
};

/** Undefined if the text can't be split, or a part has an error. Parsing the whole text then shows where. */
function treeOfBlocks(text: string): TextTree | undefined {
  const blocks = blocksOf(text);
  if (!blocks) return undefined;
  const frame = lastFrame.text === blocks.frame ? lastFrame.tree : wholeYamlTree(blocks.frame);
  lastFrame = { text: blocks.frame, tree: frame };
  if (!('root' in frame)) return undefined;
  const used = new Map<string, TextEntry>();
  const entries: TextEntry[] = [];
  const keys = new Set<string>();
  for (const { from, to } of blocks.parts) {
    const part = text.slice(from, to);
    const entry = parsedBlocks.get(part) ?? onlyEntryOf(part);
    if (entry?.key === undefined || keys.has(entry.key)) return undefined;
    used.set(part, entry);
    keys.add(entry.key);
    entries.push({ ...entry, moved: from });
  }
  parsedBlocks = used;
  const { root } = frame;
  const framed = root.entries.map((entry): TextEntry => {
    if (entry.key === blocks.section && entry.keyFrom === blocks.sectionFrom && entry.value?.kind === 'map') {
      const [first, last] = [entries[0], entries.at(-1)];
      if (!first || !last) return entry;
      const start = first.keyFrom + (first.moved ?? 0);
      return { ...entry, value: { ...entry.value, start, from: start, to: endOf(last) + (last.moved ?? 0), entries } };
    }
    return entry.keyFrom > blocks.sectionFrom ? { ...entry, moved: blocks.shift } : entry;
  });
  const end = framed.at(-1);
  const to = end ? endOf(end) + (end.moved ?? 0) : root.to;
  return { root: { ...root, entries: framed, to } };
}

function onlyEntryOf(part: string): TextEntry | undefined {
  const tree = wholeYamlTree(part);
  if (!('root' in tree) || tree.root.kind !== 'map' || tree.root.isFlow || tree.root.hasAnchor || tree.root.tag)
    return undefined;
  const [entry, ...others] = tree.root.entries;
  return others.length === 0 ? entry : undefined;
}
