import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextNode, TextTree } from '../../../model/text/text-node.ts';
import { blocksOf } from '../../../model/text/yaml-blocks.ts';
import { wholeYamlTree, yamlTree } from '../../../model/text/yaml-tree.ts';

const root = join(import.meta.dirname, '../../..');
const folders = ['cloudformation', 'test/fixtures/templates/public-patterns', 'examples'];
const texts = folders
  .flatMap((folder) => readdirSync(join(root, folder)).map((file) => join(root, folder, file)))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => padded(readFileSync(file, 'utf8')));

/** Makes a text as large as a template that is split. */
function padded(text: string): string {
  const topic = (nth: number) =>
    `  Topic${nth}:\n    Type: AWS::SNS::Topic\n    Properties:\n      # A comment\n      DisplayName: !Sub "topic ${nth} of \${AWS::StackName}"\n`;
  const missing = Math.max(0, 4_500 - text.length);
  const topics = Array.from({ length: Math.ceil(missing / topic(0).length) + 2 }, (_, nth) => topic(nth));
  return text.replace(/^Resources:[^\n]*\n(?= {2}\w)/m, (line) => `${line}${topics.join('')}`);
}

/** A tree with offsets from the start of the whole text. */
function inPlace(tree: TextTree): unknown {
  if ('mistake' in tree) return tree;
  const placed = (node: TextNode, moved: number): unknown => ({
    ...node,
    start: node.start + moved,
    from: node.from + moved,
    to: node.to + moved,
    items: node.items.map((item) => placed(item, moved)),
    entries: node.entries.map(({ moved: further = 0, keyFrom, keyTo, value, key }) => ({
      key,
      keyFrom: keyFrom + moved + further,
      keyTo: keyTo + moved + further,
      value: value && placed(value, moved + further),
    })),
  });
  return placed(tree.root, 0);
}

it('has templates to split', () => {
  expect(texts.filter((text) => blocksOf(text) !== undefined).length).toBeGreaterThan(10);
});

it('is the same in parts as in one piece', () => {
  for (const text of texts) expect(inPlace(yamlTree(text))).toEqual(inPlace(wholeYamlTree(text)));
});

it('is the same, or has the same error, whatever someone types', () => {
  let seed = 20_261_130;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const typed = [
    '\n',
    ' ',
    '  ',
    ':',
    '-',
    '"',
    "'",
    '#',
    '[',
    '{',
    '&a',
    '*a',
    '|',
    '>',
    '!Sub ',
    '\t',
    'x',
    '---\n',
    '\r',
  ];
  const pick = (most: number) => Math.floor(random() * most);
  for (let round = 0; round < 100; round++) {
    const text = texts[pick(texts.length)] ?? '';
    const at = pick(text.length);
    const changed = text.slice(0, at) + (random() < 0.7 ? typed[pick(typed.length)] : '') + text.slice(at + pick(3));
    expect(inPlace(yamlTree(changed))).toEqual(inPlace(wholeYamlTree(changed)));
  }
});
