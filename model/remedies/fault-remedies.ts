import type { TestEvent } from '../../core/event.ts';
import { type Fault, isSameRefusal } from '../analysis/faults.ts';
import type { World } from '../world/world.ts';
import { fixedWorld, type RefusedRemedy } from './fixed-world.ts';
import { remedyForFault } from './for-fault.ts';
import { carriedOut } from './instructions.ts';
import { openingsOf } from './openings.ts';
import { distinct, hasStatement, isSameChange, type StatementRemedy } from './remedy.ts';

/** A statement proposed for faults of a world, and its problems. */
export interface OfferedRemedy {
  readonly remedy: StatementRemedy;
  /** Empty if it fixes its faults and grants nothing else. */
  readonly defects: readonly string[];
}

export interface OfferedRemedies {
  readonly offered: readonly OfferedRemedy[];
  /** The accounts with all remedies applied and all requests to people done. */
  readonly fixed: World;
  /** The remaining faults: the effect of a remedy is unknown, or a proposed one fails. */
  readonly left: readonly Fault[];
}

/**
 * Applies a statement for every fault that a statement can fix, assumes that the other remedies are done, and evaluates
 * what the statements change in the resulting world.
 */
export function offeredRemedies(world: World, event: TestEvent, faults: readonly Fault[]): OfferedRemedies {
  const pairs = statementsFor(world, event, faults);
  const remedies = distinct(pairs.map(({ remedy }) => remedy));
  if (remedies.length === 0) return { offered: [], fixed: world, left: faults };

  const lifted = carriedOut(world, event);
  const { world: fixed, refused } = fixedWorld(lifted.world, remedies);
  const { world: finished, left } = finishedWorld(fixed, event, lifted.fixed.length === 0);
  const openings = openingsBy(lifted.world, event, remedies);
  const offered: OfferedRemedy[] = [];
  for (const remedy of remedies) {
    const repaired = pairs.filter((pair) => isSameChange(pair.remedy, remedy)).map(({ fault }) => fault);
    const opens = openings.length > 0 ? openingsBy(lifted.world, event, [remedy]) : [];
    offered.push({ remedy, defects: [...notFixed(remedy, repaired, left, refused), ...opens] });
  }
  const areHarmlessAlone = offered.every(({ defects }) => !openings.some((opening) => defects.includes(opening)));
  return {
    offered: areHarmlessAlone ? offered.map((one) => ({ ...one, defects: [...one.defects, ...openings] })) : offered,
    fixed: finished,
    left,
  };
}

function statementsFor(world: World, event: TestEvent, faults: readonly Fault[]) {
  return faults.flatMap((fault) => {
    const remedy = remedyForFault(world, event, fault);
    return hasStatement(remedy) ? [{ fault, remedy }] : [];
  });
}

/** Doing it may reveal the next fault: for example, a newly created bucket has no policy yet. */
function finishedWorld(
  world: World,
  event: TestEvent,
  isAsFound: boolean,
): { readonly world: World; readonly left: readonly Fault[] } {
  const { world: lifted, left } = carriedOut(world, event);
  if (isAsFound) return { world: lifted, left };
  const remedies = distinct(statementsFor(lifted, event, left).map(({ remedy }) => remedy));
  const { world: fixed, refused } = fixedWorld(lifted, remedies);
  if (remedies.length === refused.length) return { world: lifted, left };
  const finished = carriedOut(fixed, event);
  return { world: finished.world, left: finished.left };
}

function openingsBy(world: World, event: TestEvent, remedies: readonly StatementRemedy[]): readonly string[] {
  const { world: after } = fixedWorld(world, remedies);
  return openingsOf(world, after, event, remedies).map(({ what }) => `opens ${what}`);
}

function notFixed(
  remedy: StatementRemedy,
  faults: readonly Fault[],
  left: readonly Fault[],
  refused: readonly RefusedRemedy[],
): readonly string[] {
  return [
    ...refused.filter((one) => one.remedy === remedy).map(({ why }) => why),
    ...left
      .filter((fault) => faults.some((fixed) => isSameRefusal(fixed, fault)))
      .map(({ action, resource, layer, why }) => `does not fix ${action} on ${resource} by ${layer}: ${why}`),
  ];
}
