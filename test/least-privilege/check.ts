import type { World } from '../../model/world/world.ts';

/** A property that the template must have, whatever is changed in it. */
export interface Check {
  readonly name: string;
  /** @param change a change of the customer's account after the stack exists */
  readonly holds: (change: (world: World) => World) => Promise<boolean>;
}

/** Creates slow objects on first use. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The first check that fails. */
export async function firstBroken(
  checks: readonly Check[],
  change: (world: World) => World,
): Promise<string | undefined> {
  for (const { name, holds } of checks) if (!(await holds(change))) return name;
  return undefined;
}
