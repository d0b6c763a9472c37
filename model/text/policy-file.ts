import type { PolicyKind } from '../../policy/grammar.ts';
import type { Origin, TemplateNode } from '../template/node.ts';
import type { PolicyDocument } from '../world/world.ts';
import { excerpt } from './document.ts';

/** A position in a file. Both count from 1; columns count UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A key of a map, or an index of a list, on the path to a value. */
export type DocumentPath = readonly (string | number)[];

/** A policy from a user's file, with the position of each part. */
export interface PolicyFile {
  readonly file: string;
  /** The whole file, without a byte order mark. */
  readonly text: string;
  readonly syntax: 'json' | 'yaml';
  readonly kind: PolicyKind;
  /** The path of the policy document in the file: empty for a plain policy, else within a template or scenario. */
  readonly at: DocumentPath;
  /** The value to evaluate. In a template, functions are resolved and removed values are left out. */
  readonly document: PolicyDocument;
  /** Converts a written value for evaluation. @default the value itself */
  readonly meant?: (written: unknown) => unknown;
  /** For a policy that a template lacks: the logical ID of its bucket. `at` is where it should be added. */
  readonly missingFor?: string;
  /** Formats a text that is added to the policy; in a template, as a function. */
  readonly express?: (text: string) => string | Readonly<Record<string, unknown>>;
  /**
   * The position of what is at a path, or of its nearest parent if nothing is there.
   *
   * @param path inside the document, such as `['Statement', 0, 'Condition']`
   */
  readonly positionOf: (path: DocumentPath) => Position;
}

/** The document's own spelling of operators and keys, whose case doesn't matter. */
export function inSpelling({ document }: PolicyFile, path: DocumentPath): DocumentPath {
  const spelled: (string | number)[] = [];
  let inside: unknown = document;
  for (const part of path) {
    const names = typeof inside === 'object' && inside !== null ? Object.keys(inside) : [];
    const name = names.find((one) => one.toLowerCase() === String(part).toLowerCase());
    if (name === undefined && !(part === 0 && !Array.isArray(inside))) break;
    spelled.push(typeof part === 'number' ? part : (name ?? part));
    inside = name === undefined ? inside : (inside as Record<string, unknown>)[name];
  }
  return spelled;
}

/** The value at a path; undefined if there is none. */
export function nodeAt(root: TemplateNode, path: DocumentPath): TemplateNode | undefined {
  return path.reduce<TemplateNode | undefined>((node, key) => node && child(node, key), root);
}

/** The position of the value at a path, or of its nearest parent. */
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
    // A single statement may be written without a list.
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

/** The line at a position, with a caret below the column, limited to a width. */
export function excerptAt(text: string, { line, column }: Position, width?: number): string {
  return excerpt(text.split(/\r\n|\n|\r/)[line - 1] ?? '', line, column, width);
}
