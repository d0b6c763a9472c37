import type { PolicyDocument, World } from '../../model/world/world.ts';

/** A policy of a world, wherever it is attached. */
export interface AttachedPolicy {
  readonly of: (world: World) => PolicyDocument | undefined;
  readonly put: (world: World, policy: PolicyDocument) => World;
}

/** Changes one policy of a world. A world without that policy stays unchanged. */
export function changing(
  { of, put }: AttachedPolicy,
  change: (document: PolicyDocument) => PolicyDocument,
): (world: World) => World {
  return (world) => {
    const policy = of(world);
    return policy === undefined ? world : put(world, change(policy));
  };
}
