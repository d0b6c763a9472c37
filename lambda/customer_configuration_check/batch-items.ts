import type { Problem } from '../../core/event-problems.ts';
import { valueAt } from '../../core/json.ts';

/** One customer of a batch: an event, or the registry object that contains one. */
export interface BatchItem {
  /** The item's name until the customer is known: `customers[3]`, or the key of the registry object. */
  readonly name: string;
  readonly event?: unknown;
  readonly registryKey?: string;
}

type Batch =
  | { readonly valid: true; readonly items: readonly BatchItem[] }
  | { readonly valid: false; readonly problems: readonly Problem[] };

/**
 * The field that makes an input a batch, and the fields allowed next to it. ItemBatcher adds BatchInput to each batch.
 */
const shapes = { customers: ['customers'], Items: ['Items', 'BatchInput'] } as const;

/**
 * A function's answer is limited to 6 MB, which this many reports fill, even for customers who were not checked.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const mostItems = 10_000;

const mostProblems = 20;

/** @returns undefined if the input can only be a single test event */
export function batchOf(input: unknown): Batch | undefined {
  const name = (['customers', 'Items'] as const).find((field) => valueAt(input, [field]) !== undefined);
  if (!name) return undefined;
  const list = valueAt(input, [name]);
  const allowed: readonly string[] = shapes[name];
  const fix = 'Send either one test event or a batch.';
  const problems = Object.keys(input as object)
    .filter((field) => !allowed.includes(field))
    .slice(0, mostProblems)
    .map((path) => ({
      path: path.slice(0, 100),
      found: `does not belong beside ${name}.`,
      allowed: allowed.join(', '),
      fix,
    }));
  if (!Array.isArray(list)) {
    problems.unshift({
      path: name,
      found: `${JSON.stringify(list).slice(0, 100)}.`,
      allowed: 'a list of test events',
      fix,
    });
  }
  if (Array.isArray(list) && list.length > mostItems) {
    const found = `${list.length} customers, whose reports Lambda could not return.`;
    problems.unshift({ path: name, found, allowed: `at most ${mostItems}`, fix: 'Send them in several batches.' });
  }
  if (!Array.isArray(list) || problems.length > 0) return { valid: false, problems };
  return { valid: true, items: list.map((entry, index) => itemOf(entry, `${name}[${index}]`)) };
}

/** A Distributed Map gets keys from a listing of the registry, along with size, date and storage class. */
function itemOf(entry: unknown, name: string): BatchItem {
  const registryKey = valueAt(entry, ['Key']);
  return typeof registryKey === 'string' && registryKey !== ''
    ? { name: registryKey, registryKey }
    : { name, event: entry };
}
