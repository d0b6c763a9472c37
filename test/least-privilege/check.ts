import type { World } from '../../model/world/world.ts';

/** Something that has to hold of the template, whatever is changed in it. */
export interface Check {
  readonly name: string;
  /** @param change what is done to the customer's account once the stack is there */
  readonly holds: (change: (world: World) => World) => Promise<boolean>;
}

/** Slow objects are made on first use. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The first of the checks that does not hold. */
export async function firstBroken(
  checks: readonly Check[],
  change: (world: World) => World,
): Promise<string | undefined> {
  for (const { name, holds } of checks) if (!(await holds(change))) return name;
  return undefined;
}
