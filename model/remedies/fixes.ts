import type { TestEvent } from '../../core/event.ts';
import { type Fault, faultsOf, isSameRefusal } from '../analysis/faults.ts';
import type { World } from '../world/world.ts';
import type { DocumentOfWorld, Fix } from './documents.ts';
import type { Broken, Unsavable } from './fault-context.ts';
import { fixForFault } from './fix-for-fault.ts';

export interface Fixes {
  /** In the order in which to make them, because a later one may change what an earlier one changed. */
  readonly fixes: readonly Fix[];
  readonly fixed: World;
  /** Faults that no change of these documents fixes without granting something else. */
  readonly left: readonly Fault[];
  /** Changes that the service would not save. */
  readonly unsavable: readonly Unsavable[];
}

/** A fixed fault may reveal another, but no world has this many faults. */
const mostFixes = 64;

/**
 * The smallest changes of the editable documents that let a delivery through, as far as they can. Each fixes a fault
 * and grants nothing else.
 *
 * @param faults the faults to fix. The world may have others that can't be fixed, because they depend on something
 *   unknown
 */
export function fixesFor(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  editable: readonly DocumentOfWorld[],
): Fixes {
  // Another denial of the same request may be behind a Deny and must be fixed too.
  const isMeant = (fault: Fault) => faults.some((one) => isSameRefusal(one, fault));
  let fixed = world;
  let left = faultsOf(world, event);
  const fixes: Fix[] = [];
  const unsavable: Unsavable[] = [];
  while (fixes.length < mostFixes) {
    const found = firstFix({ world: fixed, event, faults: left, unsavable }, left.filter(isMeant), editable);
    if (!found) break;
    fixes.push(...found.fixes);
    fixed = found.world;
    left = found.left;
  }
  const stillThere = left.filter(isMeant);
  return {
    fixes,
    fixed,
    left: stillThere,
    unsavable: unsavable.filter(({ fault }) => stillThere.some((one) => isSameRefusal(one, fault))),
  };
}

function firstFix(broken: Broken, meant: readonly Fault[], editable: readonly DocumentOfWorld[]) {
  // While a Deny remains, the effect of an Allow is hidden.
  const deniesFirst = [...meant].sort((a, b) => rank(a) - rank(b));
  for (const fault of deniesFirst) {
    const found = fixForFault(broken, fault, editable);
    if (found) return found;
  }
  return undefined;
}

function rank({ effect }: Fault): number {
  return effect === 'explicit' ? 0 : 1;
}
