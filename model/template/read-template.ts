import { mergedTemplate } from './merge-templates.ts';
import { describe, type MapNode, type TemplateSource } from './node.ts';
import { refuse } from './template-error.ts';
import { templateTree } from './template-tree.ts';

const lastRead = new Map<string, MapNode>();
const lastMerged = new WeakMap<MapNode, { readonly others: readonly MapNode[]; readonly merged: MapNode }>();

/**
 * Reads a CloudFormation template. An unchanged text is parsed only once. `.json` is JSON; any other extension
 * is JSON if the text starts with a brace, except `.yaml` and `.yml`.
 *
 * @throws TemplateError if the text is not a template
 */
export function readTemplate(source: TemplateSource): MapNode {
  const first = readOne(source);
  const others = (source.beside ?? []).map(readOne);
  if (others.length === 0) return first;
  const earlier = lastMerged.get(first);
  if (earlier && isSameList(earlier.others, others)) return earlier.merged;
  const merged = mergedTemplate(first, others);
  lastMerged.set(first, { others, merged });
  return merged;
}

function isSameList(some: readonly MapNode[], others: readonly MapNode[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}

function readOne(source: TemplateSource): MapNode {
  const earlier = lastRead.get(source.file);
  if (earlier?.origin.source.text === source.text) return earlier;
  const template = parseTemplate(source);
  lastRead.set(source.file, template);
  return template;
}

/** Like {@link readTemplate}, for a text that is read only once. */
export function parseTemplate(source: TemplateSource): MapNode {
  if (source.text.length > longest) {
    const size = `${(source.text.length / 1_000_000).toFixed(1)} MB`;
    refuse(
      { source: { file: source.file, text: '' }, line: 1, column: 1, path: '' },
      `has ${size}, where CloudFormation takes 1 MB at most: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html`,
    );
  }
  const root = templateTree(source);
  if (root.kind !== 'map')
    refuse(root.origin, `a template is a map with the section Resources, not ${describe(root)}.`);
  return root;
}

/** 1 MB of UTF-8 has at most this many characters. */
const longest = 1024 * 1024;
