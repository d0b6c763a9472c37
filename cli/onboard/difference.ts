/** A field that is not the same; a side that does not have it is absent. */
export interface Difference {
  /** As in `inbox.kmsKeyArn`. */
  readonly path: string;
  readonly registered?: string;
  readonly given?: string;
}

/** Field by field, in the order of what is registered and then of what was given. */
export function differencesBetween(registered: unknown, given: unknown): readonly Difference[] {
  const [before, after] = [leavesOf(registered), leavesOf(given)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === now) return [];
    return { path, ...(old !== undefined && { registered: old }), ...(now !== undefined && { given: now }) };
  });
}

function leavesOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [...leavesOf(inner, path === '' ? name : `${path}.${name}`)]),
  );
}
