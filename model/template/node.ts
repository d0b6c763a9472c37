/**
 * A template as a tree that keeps the position of each value in its file, so that an error in a value can be shown with
 * its line, however late it is found. YAML's short-form tags are already maps with one function.
 */

export interface TemplateSource {
  /** As the user gave it, for messages. */
  readonly file: string;
  readonly text: string;
  /** Templates deployed with it, which create the other resources of a delivery. */
  readonly beside?: readonly TemplateSource[];
}

export interface Origin {
  readonly source: TemplateSource;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** `Resources.Inbox.Properties.BucketName` */
  readonly path: string;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The text in the file, if it differs from `String(value)`: `012` is 10 in YAML 1.1. */
  readonly text: string;
  readonly origin: Origin;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly TemplateNode[];
  readonly origin: Origin;
}

export interface MapEntry {
  /** The position of the key. */
  readonly origin: Origin;
  readonly value: TemplateNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly origin: Origin;
}

export type TemplateNode = ScalarNode | ListNode | MapNode;

export function scalar(value: string | number | boolean, origin: Origin): ScalarNode {
  return { kind: 'scalar', value, text: String(value), origin };
}

export function listOfStrings(values: readonly string[], origin: Origin): ListNode {
  return { kind: 'list', items: values.map((value) => scalar(value, origin)), origin };
}

/** Every scalar of a tree, with the path of keys that leads to it. */
export function scalarsIn(node: TemplateNode, path: readonly string[] = []): readonly ScalarAt[] {
  switch (node.kind) {
    case 'scalar':
      return [{ text: node.text, path }];
    case 'list':
      return node.items.flatMap((item) => scalarsIn(item, path));
    case 'map':
      return [...node.entries].flatMap(([key, { value }]) => scalarsIn(value, [...path, key]));
  }
}

interface ScalarAt {
  readonly text: string;
  readonly path: readonly string[];
}

export function describe(node: TemplateNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  return node.value === null ? 'nothing (null)' : `${JSON.stringify(node.value)}`;
}
