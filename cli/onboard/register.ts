import type { TestEvent } from '../../core/event.ts';
import { isObject, jsonOrNothing } from '../../core/json.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { Registry } from './registry.ts';

export interface Registered {
  readonly customer: string;
  readonly bucket: string;
  readonly key: string;
  readonly outcome: RegistrationOutcome;
  readonly differences: readonly FieldDifference[];
  readonly versionId?: string;
}

export const registrationOutcomes = {
  created: 'Registered.',
  replaced: 'Registration updated. The previous version is kept.',
  unchanged: 'Already registered with these values.',
  'not-replaced': 'Already registered with different values. Nothing was changed.',
  'would-be-created': 'Would be registered. Nothing was written.',
  'would-be-replaced': 'Would replace the registration. Nothing was written.',
} as const;
type RegistrationOutcome = keyof typeof registrationOutcomes;

interface RegisterOptions {
  readonly replace?: true;
  readonly dryRun?: true;
}

/**
 * Writes a test event to the registry, unless it or a different one is already registered.
 *
 * @throws InputError if someone else wrote it at the same time
 */
export async function register(
  registry: Registry,
  event: TestEvent,
  { replace, dryRun }: RegisterOptions,
): Promise<Registered> {
  const { customer } = event;
  const entry = await registry.read(customer);
  // An object that was written by hand may not be valid JSON.
  const differences = entry
    ? differencesBetween(jsonOrNothing(entry.text) ?? entry.text, JSON.parse(JSON.stringify(event)))
    : [];
  const found = { customer, bucket: registry.bucket, key: registry.keyOf(customer), differences };
  if (entry && differences.length === 0) return { ...found, outcome: 'unchanged' };
  if (dryRun) return { ...found, outcome: entry ? 'would-be-replaced' : 'would-be-created' };
  if (entry && !replace) return { ...found, outcome: 'not-replaced' };

  const written = await registry.write(event, entry);
  if (!written.changed) {
    throw new InputError(
      `${customer} was registered or removed by someone else at the same time, so nothing was written. Run the command again to see what is registered now.`,
    );
  }
  const { versionId } = written;
  return { ...found, outcome: entry ? 'replaced' : 'created', ...(versionId !== undefined && { versionId }) };
}

/** A field that differs. A side without the field is absent. */
export interface FieldDifference {
  /** A path such as `inbox.kmsKeyArn`. */
  readonly path: string;
  readonly registered?: string;
  readonly given?: string;
}

/** Compares each field, in the order of the registered event and then of the given one. */
function differencesBetween(registered: unknown, given: unknown): readonly FieldDifference[] {
  const [before, after] = [leavesOf(registered), leavesOf(given)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === now) return [];
    return { path, ...(old !== undefined && { registered: old }), ...(now !== undefined && { given: now }) };
  });
}

function leavesOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (!isObject(value)) {
    return new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [...leavesOf(inner, path === '' ? name : `${path}.${name}`)]),
  );
}
