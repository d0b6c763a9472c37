import type { ScenarioFile } from '../../model/world/scenario-schema.ts';

/** Parts of a scenario file about its two accounts and its event. */
export type ScenarioParts = Pick<ScenarioFile, 'service' | 'customer' | 'event'>;

/** @param path as in errors: `customer.key.keyPolicy` */
export function partAt(path: string, value: unknown): ScenarioParts {
  return path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as ScenarioParts;
}

/**
 * Combines all of them in one scenario. Edits of one policy add up, and so do the statements of a document that only
 * scenarios attach. If two can't be combined, the later one applies.
 */
export function together(parts: readonly ScenarioParts[]): ScenarioParts {
  return parts.reduce<ScenarioParts>((all, part) => merged(all, part) as ScenarioParts, {});
}

function merged(base: unknown, over: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(over)) return distinct([...base, ...over]);
  if (!isObject(base) || !isObject(over) || isDocument(base) !== isDocument(over)) return over;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [
      key,
      key in base && key in over ? merged(base[key], over[key]) : key in over ? over[key] : base[key],
    ]),
  );
}

/** IAM rejects duplicate Sids in a policy, and a statement or a removed Sid must not be there twice. */
function distinct(items: readonly unknown[]): readonly unknown[] {
  const seen = new Set<unknown>();
  return items.filter((item) => {
    const key = isObject(item) && 'Sid' in item ? item['Sid'] : JSON.stringify(item);
    return !seen.has(key) && seen.add(key);
  });
}

function isDocument(value: Record<string, unknown>): boolean {
  return 'Statement' in value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
