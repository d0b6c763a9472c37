import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, type YAMLMap } from 'yaml';
import {
  childPath,
  type MapEntry,
  type Origin,
  type ScalarNode,
  type TemplateNode,
  type TemplateSource,
} from './node.ts';
import { refuse } from './template-error.ts';
import { yamlDocument } from './yaml-document.ts';

const templateFormats = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html';

/** CloudFormation reads YAML 1.1 without these: `Version: 2012-10-17` has to stay a string. */
const unsupportedTags = new Set(
  ['binary', 'merge', 'omap', 'pairs', 'set', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`),
);

/** The short forms that don't stand for `Fn::` and their own name. */
const shortForms: Readonly<Record<string, string>> = { '!Ref': 'Ref', '!Condition': 'Condition' };

/**
 * Reads YAML as CloudFormation does (version 1.1, without aliases, hash merges and dates), short-form functions as
 * their long forms.
 *
 * @throws TemplateError with the line of what cannot be read
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
export function parseYaml(source: TemplateSource): TemplateNode {
  const lineCounter = new LineCounter();
  const document = yamlDocument(source.text, {
    version: '1.1',
    lineCounter,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !unsupportedTags.has(tag.tag)),
  });

  const originAt = (offset: number, path: string): Origin => {
    const { line, col } = lineCounter.linePos(offset);
    return { source, line, column: col, path };
  };
  const originOf = (node: Node, path: string): Origin => originAt(node.range?.[0] ?? 0, path);

  const [error] = document.errors;
  if (error !== undefined) {
    const hint = error.code === 'MULTIPLE_TAGS' ? '; write one of two nested functions in its long form (Fn::…)' : '';
    refuse(originAt(error.pos[0], ''), `is not valid YAML: ${error.message}${hint}`);
  }

  const withoutTag = (node: Node, path: string): TemplateNode => {
    const origin = originOf(node, path);
    if (isAlias(node)) refuse(origin, `CloudFormation has no YAML aliases (*${node.source}); see ${templateFormats}`);
    if (isMap(node)) return { kind: 'map', entries: entriesOf(node, path), origin };
    if (isSeq(node)) {
      return { kind: 'list', items: node.items.map((item, at) => convert(item as Node, childPath(path, at))), origin };
    }
    return isScalar(node)
      ? scalarNode(node.value, node.source, origin)
      : { kind: 'scalar', value: null, text: '', origin };
  };

  const entriesOf = (map: YAMLMap, path: string): ReadonlyMap<string, MapEntry> => {
    const entries = new Map<string, MapEntry>();
    for (const pair of map.items) {
      const key = pair.key as Node;
      // `On:` is a boolean in YAML 1.1; a template's keys are what is written.
      if (!isScalar(key)) refuse(originOf(key, path), 'a key must be a string.');
      const name = key.source ?? String(key.value);
      const keyPath = childPath(path, name);
      const origin = originOf(key, keyPath);
      if (name === '<<') refuse(origin, `CloudFormation has no YAML hash merges (<<); see ${templateFormats}`);
      const value: TemplateNode =
        pair.value === null ? { kind: 'scalar', value: null, text: '', origin } : convert(pair.value as Node, keyPath);
      entries.set(name, { origin, value });
    }
    return entries;
  };

  const convert = (node: Node, path: string): TemplateNode => {
    const tag = isAlias(node) ? undefined : node.tag;
    if (tag === undefined || !tag.startsWith('!')) {
      if (tag !== undefined && unsupportedTags.has(tag)) {
        refuse(originOf(node, path), `CloudFormation has no YAML tag ${tag}; see ${templateFormats}`);
      }
      return withoutTag(node, path);
    }
    const name = shortForms[tag] ?? `Fn::${tag.slice(1)}`;
    const functionPath = childPath(path, name);
    // A node's range begins after its tag, which may be on the line before.
    const tagOffset = source.text.lastIndexOf(tag, node.range?.[0] ?? 0);
    const origin = originAt(Math.max(tagOffset, 0), path);
    const entry = { origin: { ...origin, path: functionPath }, value: withoutTag(node, functionPath) };
    return { kind: 'map', entries: new Map([[name, entry]]), origin };
  };

  if (!isNode(document.contents)) refuse(originAt(0, ''), 'the template is empty.');
  return convert(document.contents, '');
}

/** In YAML 1.1 a single y or n is a boolean too; the parsers in use, AWS's among them, never followed it in that. */
const singleLetterBoolean = /^[yn]$/i;

function scalarNode(value: unknown, text: string | undefined, origin: Origin): ScalarNode {
  if (typeof value === 'boolean' && text !== undefined && singleLetterBoolean.test(text)) {
    return { kind: 'scalar', value: text, text, origin };
  }
  const plain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
      ? value
      : String(value);
  return { kind: 'scalar', value: plain, text: typeof plain === 'string' ? plain : (text ?? String(plain)), origin };
}
