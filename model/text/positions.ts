import type { Origin, TemplateNode } from '../template/node.ts';
import { excerpt } from './document.ts';
import type { DocumentPath, Position } from './policy-file.ts';

/** The value at a path; undefined where there is none. */
export function nodeAt(root: TemplateNode, path: DocumentPath): TemplateNode | undefined {
  return path.reduce<TemplateNode | undefined>((node, key) => node && child(node, key), root);
}

/** Where the value at a path stands; the nearest parent's place where nothing is there. */
export function positionIn(root: TemplateNode, path: DocumentPath): Position {
  const { line, column } = originIn(root, path);
  return { line, column };
}

function originIn(root: TemplateNode, path: DocumentPath): Origin {
  const [key, ...rest] = path;
  if (key === undefined) return root.origin;
  const found = child(root, key);
  return found === undefined ? root.origin : originIn(found, rest);
}

function child(node: TemplateNode, key: string | number): TemplateNode | undefined {
  if (node.kind === 'map') {
    // One statement may stand without a list around it.
    return key === 0 ? node : node.entries.get(String(key))?.value;
  }
  return node.kind === 'list' && typeof key === 'number' ? node.items[key] : undefined;
}

export function fileName(path: string): string {
  return /[^\\/]*$/.exec(path)?.[0] ?? path;
}

/** `FILE:LINE:COLUMN`, as editors and terminals open it. */
export function placed(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** The line of a text at a position, with a caret below the column; in lines of at most a width. */
export function excerptAt(text: string, { line, column }: Position, width?: number): string {
  return excerpt(text.split(/\r\n|\n|\r/)[line - 1] ?? '', line, column, width);
}
