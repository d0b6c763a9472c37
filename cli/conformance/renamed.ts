/** What is called otherwise, in both directions. */
export type Names = ReadonlyMap<string, string>;

/**
 * A copy in which every text, keys of objects and maps included, has other names. A name that is a part of a longer one is
 * another name. All are replaced at once, so that a new name is never taken for an old one.
 */
export function renamed<T>(value: T, names: Names): T {
  const changed = [...names].filter(([from, to]) => from !== to && from !== '').map(([from]) => from);
  if (changed.length === 0) return value;
  const any = changed
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
  const whole = new RegExp(`(?<![\\w.-])(?:${any})(?![\\w-]|\\.\\w)`, 'g');
  return inEveryText(value, (text) => text.replace(whole, (name) => names.get(name) ?? name)) as T;
}

export function inEveryText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => inEveryText(item, change));
  if (typeof value !== 'object' || value === null || value instanceof Date || Buffer.isBuffer(value)) return value;
  if (value instanceof Set) return new Set([...value].map((item) => inEveryText(item, change)));
  const pairs = value instanceof Map ? [...value] : Object.entries(value);
  const copied = pairs.map(([key, item]) => [inEveryText(key, change), inEveryText(item, change)] as const);
  return value instanceof Map ? new Map(copied) : Object.fromEntries(copied);
}

export function reversed(names: Names): Names {
  return new Map([...names].map(([from, to]) => [to, from]));
}
