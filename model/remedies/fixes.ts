import type { TestEvent } from '../../core/event.ts';
import { type Fault, faultsOf, isSameRefusal } from '../analysis/faults.ts';
import type { World } from '../world/world.ts';
import type { DocumentOfWorld, Fix } from './documents.ts';
import type { Broken, Unsavable } from './fault-context.ts';
import { fixForFault } from './fix-for-fault.ts';

export interface Fixes {
  /** In the order in which they are to be made: a later one may change what an earlier one changed. */
  readonly fixes: readonly Fix[];
  readonly mended: World;
  /** Faults that no change of these documents fixes without granting something else. */
  readonly left: readonly Fault[];
  /** Changes for these that the service would not save. */
  readonly unsavable: readonly Unsavable[];
}

/** A fixed fault shows what was behind it; but no world has as many faults as this. */
const mostFixes = 64;

/**
 * The smallest changes of the documents that someone may edit with which a delivery gets through, as far as they can
 * bring it there: each fixes a fault and opens nothing else.
 *
 * @param faults to be fixed. The world may have others, which have to be borne with: what depends on something that
 *   no one knows
 */
export function fixesFor(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  editable: readonly DocumentOfWorld[],
): Fixes {
  // Behind a Deny there may be another refusal of the same, which is to be fixed too.
  const isMeant = (fault: Fault) => faults.some((one) => isSameRefusal(one, fault));
  let mended = world;
  let left = faultsOf(world, event);
  const fixes: Fix[] = [];
  const unsavable: Unsavable[] = [];
  while (fixes.length < mostFixes) {
    const found = firstFix({ world: mended, event, faults: left, unsavable }, left.filter(isMeant), editable);
    if (!found) break;
    fixes.push(...found.fixes);
    mended = found.world;
    left = found.left;
  }
  const stillThere = left.filter(isMeant);
  return {
    fixes,
    mended,
    left: stillThere,
    unsavable: unsavable.filter(({ fault }) => stillThere.some((one) => isSameRefusal(one, fault))),
  };
}

function firstFix(broken: Broken, meant: readonly Fault[], editable: readonly DocumentOfWorld[]) {
  // While a Deny remains, the effect of an Allow does not show.
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
