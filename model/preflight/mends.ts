import type { Fault } from '../analysis/faults.ts';
import type { Fix } from '../remedies/document-edit.ts';
import { type Fixes, fixesFor } from '../remedies/fixes.ts';
import type { LocatedPolicy } from './locate.ts';
import type { Prepared } from './prepare.ts';

/** The documents that somebody gave, and those that a template could have and has not. */
export function editableIn({ given, missing }: Prepared): readonly LocatedPolicy[] {
  return [...given, ...(missing?.() ?? [])];
}

/** The changes that `--fix` makes of the documents: a report asks for the same. */
export function mendsOf(prepared: Prepared, faults: readonly Fault[]): Promise<Fixes> {
  const { scenario, event } = prepared;
  return fixesFor(
    scenario.world,
    event,
    faults,
    editableIn(prepared).map(({ of }) => of),
  );
}

/** What was only assumed must not get into a document of somebody's. */
export function madeUpIn({ set, facts, event, scenario: { world } }: Prepared, fixes: readonly Fix[]) {
  if (set.event || set.scenario !== undefined) return undefined;
  const text = JSON.stringify(fixes.map(({ edit }) => edit));
  const assumed = [
    facts.kmsKeyArn ? [] : [event.inbox.kmsKeyArn],
    facts.deliveryRoleArn ? [] : [world.deliveryRoleArn],
    facts.bucket || set.template ? [] : [event.inbox.bucket],
  ].flat();
  return assumed.find((value) => text.includes(value));
}
