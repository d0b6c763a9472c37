import { childPath, positionsIn, type TextEntry, type TextNode } from '../text/text-node.ts';
import { notationOf, textTree } from '../text/text-tree.ts';
import { unsupportedTags } from '../text/yaml-tree.ts';
import type { MapEntry, Origin, TemplateNode, TemplateSource } from './node.ts';
import { decisiveTypes } from './resource-types/resource-type.ts';
import { refuse } from './template-error.ts';

const templateFormats = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html';

/** Nodes of text parts, reused for the next text. Their origins refer to a source with the same lines. */
const partsOfTrees = new WeakMap<TextNode, { readonly place: string; readonly node: TemplateNode }>();

function typeOf({ entries }: TextNode): string {
  return entries.find(({ key }) => key === 'Type')?.value?.text ?? '';
}

/** The short forms whose long form is not `Fn::` plus the same name. */
const shortForms: Readonly<Record<string, string>> = { '!Ref': 'Ref', '!Condition': 'Condition' };

/**
 * A template's text as CloudFormation reads it (YAML 1.1 without aliases, hash merges and dates, or JSON), with short
 * forms of functions converted to long forms.
 *
 * @throws TemplateError with the position of what can't be read
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
export function templateTree(source: TemplateSource): TemplateNode {
  const tree = textTree(source.text, notationOf(source.file, source.text));
  const positionOf = positionsIn(source.text);
  const originAt = (offset: number, path: string): Origin => {
    const { line, column } = positionOf(offset);
    return { source, line, column, path };
  };
  if ('mistake' in tree) {
    const { offset, path, message } = tree.mistake;
    return refuse(originAt(offset, path), message);
  }

  const withoutTag = (node: TextNode, moved: number, path: string): TemplateNode => {
    const origin = originAt(node.start + moved, path);
    switch (node.kind) {
      case 'alias':
        return refuse(origin, `CloudFormation has no YAML aliases (*${node.text}); see ${templateFormats}`);
      case 'scalar':
        return { kind: 'scalar', value: node.value, text: node.text, origin };
      case 'list':
        return { kind: 'list', items: node.items.map((item, at) => convert(item, moved, childPath(path, at))), origin };
      case 'map':
        return { kind: 'map', entries: new Map(node.entries.map((entry) => entryOf(entry, moved, path))), origin };
    }
  };

  const entryOf = ({ key, keyFrom, value, moved: further = 0 }: TextEntry, before: number, path: string) => {
    const moved = before + further;
    if (key === undefined) refuse(originAt(keyFrom + moved, path), 'a key must be a string.');
    const keyPath = childPath(path, key);
    const origin = originAt(keyFrom + moved, keyPath);
    if (key === '<<') refuse(origin, `CloudFormation has no YAML hash merges (<<); see ${templateFormats}`);
    const nothing: TemplateNode = { kind: 'scalar', value: null, text: '', origin };
    const read = value && (further === 0 ? convert(value, moved, keyPath) : partOf(value, moved, origin));
    return [key, { origin, value: read ?? nothing }] as const;
  };

  /** An unchanged part of the text at the same place keeps its nodes. */
  const partOf = (value: TextNode, moved: number, origin: Origin): TemplateNode => {
    const { line, path } = origin;
    // Policies are written back to the text, so their source must be this one.
    if (decisiveTypes.has(typeOf(value))) return convert(value, moved, path);
    const place = `${line} ${source.file} ${path}`;
    const known = partsOfTrees.get(value);
    if (known?.place === place) return known.node;
    const node = convert(value, moved, path);
    partsOfTrees.set(value, { place, node });
    return node;
  };

  const convert = (node: TextNode, moved: number, path: string): TemplateNode => {
    const { tag } = node;
    if (tag === undefined || !tag.startsWith('!')) {
      if (tag !== undefined && unsupportedTags.has(tag)) {
        const origin = originAt(node.start + moved, path);
        return refuse(origin, `CloudFormation has no YAML tag ${tag}; see ${templateFormats}`);
      }
      return withoutTag(node, moved, path);
    }
    const name = shortForms[tag] ?? `Fn::${tag.slice(1)}`;
    const functionPath = childPath(path, name);
    // A value starts after its tag, which may be on the line before.
    const tagOffset = source.text.lastIndexOf(tag, node.start + moved);
    const origin = originAt(Math.max(tagOffset, 0), path);
    const entry: MapEntry = { origin: { ...origin, path: functionPath }, value: withoutTag(node, moved, functionPath) };
    return { kind: 'map', entries: new Map([[name, entry]]), origin };
  };

  return convert(tree.root, 0, '');
}
