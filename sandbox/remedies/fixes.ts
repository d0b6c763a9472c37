import type { TestEvent } from '../../lambda/customer_configuration_check/event.ts';
import type { Fault } from '../authorization/faults.ts';
import type { World } from '../world/world.ts';
import type { DocumentOfWorld, Fix } from './document-edit.ts';
import { fixForFault } from './fix-for-fault.ts';

export interface Fixes {
  /** In the order in which they are to be made: a later one may change what an earlier one changed. */
  readonly fixes: readonly Fix[];
  readonly mended: World;
  /** What no change of these documents mends without opening something else. */
  readonly left: readonly Fault[];
}

/** A mended fault shows what was behind it; but no world has as many faults as this. */
const mostFixes = 64;

/**
 * The smallest changes of the documents that somebody may edit with which a delivery gets through, as far as they can
 * bring it there: each mends a fault and opens nothing else.
 *
 * @param faults all of the world, as `faultsOf` finds them
 */
export async function fixesFor(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  editable: readonly DocumentOfWorld[],
): Promise<Fixes> {
  let mended = world;
  let left = faults;
  const fixes: Fix[] = [];
  while (fixes.length < mostFixes) {
    const found = await firstFix(mended, event, left, editable);
    if (!found) break;
    fixes.push(...found.fixes);
    mended = found.world;
    left = found.left;
  }
  return { fixes, mended, left };
}

async function firstFix(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  editable: readonly DocumentOfWorld[],
) {
  // While a Deny stands, what an Allow opens does not show.
  const deniesFirst = [...faults].sort((a, b) => rank(a) - rank(b));
  for (const fault of deniesFirst) {
    const found = await fixForFault({ world, event, faults }, fault, editable);
    if (found) return found;
  }
  return undefined;
}

function rank({ effect }: Fault): number {
  return effect === 'explicit' ? 0 : 1;
}
