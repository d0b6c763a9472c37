import { viaS3 } from '../../core/arn.ts';
import type { Fault } from '../analysis/faults.ts';
import type { Fix } from '../remedies/document-edit.ts';
import { documentIn, isSameDocument } from '../remedies/documents.ts';
import { type Fixes, fixesFor } from '../remedies/fixes.ts';
import { isSameValue } from '../template/values.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { World } from '../world/world.ts';
import { expressed } from './fixes/expressions.ts';
import type { LocatedPolicy } from './locate.ts';
import type { Prepared } from './prepare.ts';

/** The documents that someone gave, and those that a template could have and has not. */
export function editableIn({ given, missing }: Prepared): readonly LocatedPolicy[] {
  return [...given, ...(missing?.() ?? [])];
}

/**
 * The changes that `--fix` makes of the documents: a report asks for the same.
 *
 * @param leastWrong the accounts without what a value decides that no one knows: a Deny that may not be there is not changed
 */
export function mendsOf(prepared: Prepared, { certain, leastWrong }: Certain): Fixes {
  const { scenario, event } = prepared;
  const editable = editableIn(prepared).map(({ of }) => of);
  if (leastWrong) {
    const found = fixesFor(leastWrong, event, certain, editable);
    const statementsIn = (world: World, { document }: Fix) =>
      statementsOf(documentIn(world, document) ?? { Statement: [] });
    // What is replaced must be as it is written, without the values of these accounts.
    const isAsWritten = (fix: Fix) =>
      fix.edit.kind === 'add' ||
      isSameValue(statementsIn(leastWrong, fix)[fix.edit.index], statementsIn(scenario.world, fix)[fix.edit.index]);
    if (found.fixes.every(isAsWritten)) return found;
  }
  return fixesFor(scenario.world, event, certain, editable);
}

export interface Certain {
  readonly certain: readonly Fault[];
  readonly leastWrong?: World;
}

/** A template names what it makes, whatever that will be called. */
function asWritten(prepared: Prepared, { document, edit: { statement } }: Fix): unknown {
  const express = editableIn(prepared).find(({ of }) => isSameDocument(of, document))?.policy.express;
  return express ? expressed(statement, express) : statement;
}

/** What was only assumed must not get into a document of someone's. */
export function madeUpIn(prepared: Prepared, fixes: readonly Fix[]): string | undefined {
  const text = JSON.stringify(fixes.map((fix) => asWritten(prepared, fix)));
  return assumedValues(prepared).find((value) => text.includes(value));
}

/** Names that no document and no event told. */
export function assumedValues({ set, facts, event, scenario: { world } }: Prepared): readonly string[] {
  if (set.event || set.scenario !== undefined) return [];
  return [
    facts.kmsKeyArn ? [] : [event.inbox.kmsKeyArn],
    facts.deliveryRoleArn ? [] : [world.deliveryRoleArn],
    facts.bucket || set.template ? [] : [event.inbox.bucket],
  ].flat();
}

/** Where reports go, as far as no one told: right or wrong, it gets into a document, and is listed as assumed. */
export function assumedPlaces({ set, facts, event }: Prepared): readonly string[] {
  if (set.event || set.scenario !== undefined) return [];
  const { region, prefix } = event.inbox;
  return [facts.region ? [] : [viaS3(region)], facts.prefix || !prefix ? [] : [`/${prefix}*`]].flat();
}
