import { viaS3 } from '../../core/arn.ts';
import type { Fault } from '../analysis/faults.ts';
import type { Fix } from '../remedies/document-edit.ts';
import { isSameDocument } from '../remedies/documents.ts';
import { type Fixes, fixesFor } from '../remedies/fixes.ts';
import { expressed } from './fixes/expressions.ts';
import type { LocatedPolicy } from './locate.ts';
import type { Prepared } from './prepare.ts';

/** The documents that somebody gave, and those that a template could have and has not. */
export function editableIn({ given, missing }: Prepared): readonly LocatedPolicy[] {
  return [...given, ...(missing?.() ?? [])];
}

/** The changes that `--fix` makes of the documents: a report asks for the same. */
export function mendsOf(prepared: Prepared, faults: readonly Fault[]): Fixes {
  const { scenario, event } = prepared;
  return fixesFor(
    scenario.world,
    event,
    faults,
    editableIn(prepared).map(({ of }) => of),
  );
}

/** A template names what it makes, whatever that will be called. */
function asWritten(prepared: Prepared, { document, edit: { statement } }: Fix): unknown {
  const express = editableIn(prepared).find(({ of }) => isSameDocument(of, document))?.policy.express;
  return express ? expressed(statement, express) : statement;
}

/** What was only assumed must not get into a document of somebody's. */
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

/** Where reports go, as far as nobody told: right or wrong, it gets into a document, and is listed as assumed. */
export function assumedPlaces({ set, facts, event }: Prepared): readonly string[] {
  if (set.event || set.scenario !== undefined) return [];
  const { region, prefix } = event.inbox;
  return [facts.region ? [] : [viaS3(region)], facts.prefix || !prefix ? [] : [`/${prefix}*`]].flat();
}
