import { viaS3 } from '../../core/arn.ts';
import { isSameValue } from '../../core/values.ts';
import type { Fault } from '../analysis/faults.ts';
import { documentIn, edited, type Fix, isSameDocument } from '../remedies/documents.ts';
import { type Fixes, fixesFor } from '../remedies/fixes.ts';
import { openingsOf } from '../remedies/openings.ts';
import { actionMatcher } from '../remedies/statement-parts.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { World } from '../world/world.ts';
import type { TestedFixes } from './diagnoses.ts';
import { expressed } from './fixes/expressions.ts';
import { fixedText } from './fixes/fixed-text.ts';
import type { LocatedPolicy } from './locate.ts';
import type { Prepared } from './prepare.ts';

/** The given documents, and those that a template could have but doesn't. */
export function editableIn({ given, missing }: Prepared): readonly LocatedPolicy[] {
  return [...given, ...(missing?.() ?? [])];
}

/**
 * The changes that `--fix` makes to the documents. A report requests the same changes.
 *
 * @param leastWrong the accounts with only certain faults: a Deny that may not exist is not changed
 */
export function fixesOf(prepared: Prepared, { certain, leastWrong }: Certain): Fixes {
  const { scenario, event } = prepared;
  const editable = editableIn(prepared).map(({ of }) => of);
  if (leastWrong) {
    const found = fixesFor(leastWrong, event, certain, editable);
    const statementsIn = (world: World, { document }: Fix) =>
      statementsOf(documentIn(world, document) ?? { Statement: [] });
    // Replaces a statement only if it is as in the file, without placeholders of these accounts.
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

/** A template refers to its own resources, whatever names they will have. */
function asWritten(prepared: Prepared, { document, edit: { statement } }: Fix): unknown {
  const express = editableIn(prepared).find(({ of }) => isSameDocument(of, document))?.policy.express;
  return express ? expressed(statement, express) : statement;
}

/** Assumed values must not get into a user's document. */
export function madeUpIn(prepared: Prepared, fixes: readonly Fix[]): string | undefined {
  const text = JSON.stringify(fixes.map((fix) => asWritten(prepared, fix)));
  return assumedValues(prepared).find((value) => text.includes(value));
}

/** Names that are in no document and no event. */
export function assumedValues({ set, facts, event, scenario: { world } }: Prepared): readonly string[] {
  if (set.event || set.scenario !== undefined) return [];
  return [
    facts.kmsKeyArn ? [] : [event.inbox.kmsKeyArn],
    facts.deliveryRoleArn ? [] : [world.deliveryRoleArn],
    facts.bucket || set.template ? [] : [event.inbox.bucket],
  ].flat();
}

/** Assumed names of the place for reports. They may be written to a document, right or wrong, and are listed. */
export function assumedPlaces({ set, facts, event }: Prepared): readonly string[] {
  if (set.event || set.scenario !== undefined) return [];
  const { region, prefix } = event.inbox;
  return [facts.region ? [] : [viaS3(region)], facts.prefix || !prefix ? [] : [`/${prefix}*`]].flat();
}

export interface DocumentFix {
  readonly file: string;
  /** The faults that it fixes, or helps to fix. */
  readonly faults: readonly Fault[];
  readonly summary: string;
  readonly before: string;
  readonly after: string;
  /** Permissions that it grants in addition to those for deliveries. */
  readonly opens: readonly string[];
  /** True if the whole check passes with all changes. */
  readonly verified: boolean;
}

/** The changes that fix faults, grouped so that each group works independently. */
export function documentFixes(
  prepared: Prepared,
  { fixes, verified, fixed: after }: TestedFixes,
): readonly DocumentFix[] {
  const changes = fixes.map(({ edit: { statement } }) => ({ statement }));
  const openings = openingsOf(prepared.scenario.world, after, prepared.event, changes);
  const found: DocumentFix[] = [];
  for (const located of editableIn(prepared)) {
    const { policy, of } = located;
    const its = fixes.filter((fix) => isSameDocument(fix.document, of));
    for (const group of independent(its, located)) {
      const document = group.reduce((fixed, { edit }) => edited(fixed, edit), policy.document);
      const { text, left } = fixedText([{ policy, document }]);
      if (left.length > 0 || text === policy.text) continue;
      const concerns = group.map(({ edit: { statement } }) => actionMatcher(statement));
      found.push({
        file: policy.file,
        faults: group.flatMap(({ faults }) => faults),
        summary: group.map(({ summary }) => summary).join(' '),
        before: policy.text,
        after: text,
        opens: openings
          .filter(({ request }) => concerns.some((matches) => matches(request.action)))
          .map(({ what }) => what),
        verified,
      });
    }
  }
  return found;
}

/** Changes of one statement belong together; an added statement is independent. */
function independent(fixes: readonly Fix[], { policy }: LocatedPolicy): readonly (readonly Fix[])[] {
  const statements = statementsOf(policy.document).length;
  // A statement that was just added is changed again.
  if (fixes.some(({ edit }) => edit.kind === 'replace' && edit.index >= statements)) return [fixes];
  const groups = new Map<number | Fix, Fix[]>();
  for (const fix of fixes) {
    const key = fix.edit.kind === 'replace' ? fix.edit.index : fix;
    groups.set(key, [...(groups.get(key) ?? []), fix]);
  }
  return [...groups.values()];
}
