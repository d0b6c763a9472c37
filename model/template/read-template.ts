import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { describe, type MapNode, type TemplateNode, type TemplateSource } from './node.ts';
import { parseJson } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';
import { refuse } from './template-error.ts';

const lastRead = new Map<string, MapNode>();

/**
 * Reads a CloudFormation template; one whose text is still the same is parsed once. `.json` is JSON; any other extension
 * is JSON where the text begins with a brace, except `.yaml` and `.yml`.
 *
 * @throws TemplateError where the file cannot be read or is not a template
 */
export function readTemplate(file: string): MapNode {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;
    return refuse({ source: { file, text: '' }, line: 1, column: 1, path: '' }, `cannot be read: ${reason}.`);
  }
  const text = decode(bytes);
  const earlier = lastRead.get(file);
  if (earlier?.origin.source.text === text) return earlier;
  const template = parseTemplate({ file, text });
  lastRead.set(file, template);
  return template;
}

/** As {@link readTemplate}, of a text that is already there. */
export function parseTemplate(source: TemplateSource): MapNode {
  if (source.text.length > longest) {
    const size = `${(source.text.length / 1_000_000).toFixed(1)} MB`;
    refuse(
      { source: { file: source.file, text: '' }, line: 1, column: 1, path: '' },
      `has ${size}, where CloudFormation takes 1 MB at most: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html`,
    );
  }
  const root = parserFor(source)(source);
  if (root.kind !== 'map')
    refuse(root.origin, `a template is a map with the section Resources, not ${describe(root)}.`);
  return root;
}

/** 1 MB of UTF-8 has no more characters than this. */
const longest = 1024 * 1024;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

/** Editors on Windows write a byte order mark, and some UTF-16. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes).replace(/^\uFEFF/, '');
}

function parserFor({ file, text }: TemplateSource): (source: TemplateSource) => TemplateNode {
  const extension = extname(file).toLowerCase();
  if (extension === '.json') return parseJson;
  if (extension === '.yaml' || extension === '.yml') return parseYaml;
  return text.trimStart().startsWith('{') ? parseJson : parseYaml;
}
