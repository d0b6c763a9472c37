import type { TestEvent } from '../../lambda/customer_configuration_check/event.ts';
import { type Fault, faultsOf } from '../authorization/faults.ts';
import type { World } from '../world/world.ts';
import { remedyForFault } from './for-fault.ts';
import { type Mended, mendedWorld } from './mended-world.ts';
import { openingsOf } from './openings.ts';
import { distinct, hasStatement, isSameChange, type StatementRemedy } from './remedy.ts';

/** A statement that is offered for faults of a world, and what speaks against it. */
export interface OfferedRemedy {
  readonly remedy: StatementRemedy;
  readonly faults: readonly Fault[];
  /** Empty where it mends its faults and opens nothing else. */
  readonly defects: readonly string[];
}

export interface OfferedRemedies {
  readonly offered: readonly OfferedRemedy[];
  /** With all of them applied. */
  readonly mended: World;
  /** What is wrong even then: what no statement mends, or what an offered one does not. */
  readonly left: readonly Fault[];
}

/** Applies a statement for every fault that one can mend, and looks at what that changes. */
export async function offeredRemedies(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
): Promise<OfferedRemedies> {
  const pairs = faults.flatMap((fault) => {
    const remedy = remedyForFault(world, event, fault);
    return hasStatement(remedy) ? [{ fault, remedy }] : [];
  });
  const remedies = distinct(pairs.map(({ remedy }) => remedy));
  if (remedies.length === 0) return { offered: [], mended: world, left: faults };

  const mended = mendedWorld(world, remedies);
  const left = await faultsOf(mended.world, event);
  const openings = await openingsBy(world, event, remedies);
  const offered: OfferedRemedy[] = [];
  for (const remedy of remedies) {
    const mends = pairs.filter((pair) => isSameChange(pair.remedy, remedy)).map(({ fault }) => fault);
    const opens = openings.length > 0 ? await openingsBy(world, event, [remedy]) : [];
    offered.push({ remedy, faults: mends, defects: [...unmended(remedy, mends, left, mended), ...opens] });
  }
  const areHarmlessAlone = offered.every(({ defects }) => !openings.some((opening) => defects.includes(opening)));
  return {
    offered: areHarmlessAlone ? offered.map((one) => ({ ...one, defects: [...one.defects, ...openings] })) : offered,
    mended: mended.world,
    left,
  };
}

/** What remedies open together. */
async function openingsBy(
  world: World,
  event: TestEvent,
  remedies: readonly StatementRemedy[],
): Promise<readonly string[]> {
  const { world: after } = mendedWorld(world, remedies);
  return (await openingsOf(world, after, event, remedies)).map(({ what }) => `opens ${what}`);
}

function unmended(
  remedy: StatementRemedy,
  faults: readonly Fault[],
  left: readonly Fault[],
  { refused }: Mended,
): readonly string[] {
  return [
    ...refused.filter((one) => one.remedy === remedy).map(({ why }) => why),
    ...left
      .filter((fault) => faults.some((mended) => isSameRefusal(mended, fault)))
      .map(({ action, resource, layer, why }) => `does not mend ${action} on ${resource} by ${layer}: ${why}`),
  ];
}

/** A fault is listed at the first step that it stops, which may be a later one once the earlier is mended. */
function isSameRefusal(a: Fault, b: Fault): boolean {
  return a.layer === b.layer && a.action === b.action && a.resource === b.resource;
}
