/** A copy in which every text is changed, including keys of objects and maps. */
export function inEveryText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => inEveryText(item, change));
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value;
  if (value instanceof Set) return new Set([...value].map((item) => inEveryText(item, change)));
  const pairs = value instanceof Map ? [...value] : Object.entries(value);
  const copied = pairs.map(([key, item]) => [inEveryText(key, change), inEveryText(item, change)] as const);
  return value instanceof Map ? new Map(copied) : Object.fromEntries(copied);
}

/** Escapes a text for a regular expression. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Matches names, but not as part of a longer name. */
export function wholeNames(names: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w.-])(?:${names.map(literally).join('|')})(?![\\w-]|\\.\\w)`, 'g');
}
