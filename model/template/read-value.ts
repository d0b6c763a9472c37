import { describe, type ListNode, type MapNode, type Origin, type ScalarNode, type TemplateNode } from './node.ts';
import { refuse } from './template-error.ts';

/** Readers of values that must have a certain type. Each throws a TemplateError that names what it found instead. */

export function expectMap(node: TemplateNode): MapNode {
  return node.kind === 'map' ? node : refuse(node.origin, `must be a map, not ${describe(node)}.`);
}

export function expectList(node: TemplateNode): ListNode {
  return node.kind === 'list' ? node : refuse(node.origin, `must be a list, not ${describe(node)}.`);
}

/** A string; or a number or boolean, as CloudFormation converts it to a string. */
export function expectString(node: TemplateNode): string {
  if (node.kind !== 'scalar' || node.value === null) refuse(node.origin, `must be a string, not ${describe(node)}.`);
  const { value, text, origin } = node;
  if (typeof value === 'number' && /^[-+]?0[\d_]/.test(text)) {
    refuse(origin, `${text} is an octal number (${value}) in YAML 1.1: put an account id in quotes, '${text}'.`);
  }
  return typeof value === 'string' ? value : String(value);
}

/** CloudFormation accepts `"true"` for `true`. */
export function expectBoolean(node: TemplateNode): boolean {
  const text = expectString(node).toLowerCase();
  return text === 'true' || text === 'false'
    ? text === 'true'
    : refuse(node.origin, `must be true or false, not "${text}".`);
}

export function expectNumber(node: TemplateNode): number {
  const text = expectString(node);
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? refuse(node.origin, `must be a number, not "${text}".`) : value;
}

export function expectOneOf<T extends string>(node: TemplateNode, allowed: readonly T[]): T {
  const text = expectString(node);
  const found = allowed.find((value) => value === text);
  return found ?? refuse(node.origin, `must be one of ${allowed.join(', ')}, not "${text}".`);
}

/** Undefined if the node is not a map. */
export function entry(node: TemplateNode | undefined, key: string): TemplateNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** A scalar as written. */
export function textOf(node: TemplateNode | undefined): string | undefined {
  return node?.kind === 'scalar' ? node.text : undefined;
}

export function requiredEntry(map: MapNode, key: string): TemplateNode {
  return entry(map, key) ?? refuse(map.origin, `${key} is missing.`);
}

/** Rejects a key that is not in the list, because unread keys must not be ignored silently. */
export function expectKeys(map: MapNode, allowed: readonly string[]): void {
  for (const [key, { origin }] of map.entries) {
    if (!allowed.includes(key)) refuse(origin, `"${key}" is not known here; known: ${allowed.join(', ')}.`);
  }
}

export function expectLogicalId(name: string, origin: Origin): void {
  if (!/^[A-Za-z0-9]+$/.test(name)) refuse(origin, `"${name}" is not a valid name: letters and digits only.`);
}

/** Applies `read` to an entry that may be absent. */
export function optional<T>(map: MapNode, key: string, read: (node: TemplateNode) => T): T | undefined {
  const node = entry(map, key);
  return node === undefined ? undefined : read(node);
}

export function expectStrings(node: TemplateNode): readonly string[] {
  return expectList(node).items.map(expectString);
}

/** A tree as a plain value. @param scalar converts each scalar @default its value */
export function plain(node: TemplateNode, scalar: (node: ScalarNode) => unknown = ({ value }) => value): unknown {
  switch (node.kind) {
    case 'scalar':
      return scalar(node);
    case 'list':
      return node.items.map((item) => plain(item, scalar));
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value, scalar)]));
  }
}
