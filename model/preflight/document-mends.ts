import type { Fault } from '../analysis/faults.ts';
import type { Fix } from '../remedies/document-edit.ts';
import { edited, isSameDocument } from '../remedies/documents.ts';
import { openingsOf } from '../remedies/openings.ts';
import { actionMatcher } from '../remedies/statement-parts.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { Mends } from './diagnoses.ts';
import { mendedText } from './fixes/mended-text.ts';
import type { LocatedPolicy } from './locate.ts';
import { editableIn } from './mends.ts';
import type { Prepared } from './prepare.ts';

export interface DocumentMend {
  readonly file: string;
  /** Those that it fixes, or is a step to fixing. */
  readonly faults: readonly Fault[];
  readonly summary: string;
  readonly before: string;
  readonly after: string;
  /** What it grants beyond the deliveries. */
  readonly opens: readonly string[];
  /** Whether the whole check passes with all of them. */
  readonly verified: boolean;
}

/** The changes that fix faults, each as far as it needs no other one. */
export function documentMends(prepared: Prepared, { fixes, verified, mended: after }: Mends): readonly DocumentMend[] {
  const changes = fixes.map(({ edit: { statement } }) => ({ statement }));
  const openings = openingsOf(prepared.scenario.world, after, prepared.event, changes);
  const mends: DocumentMend[] = [];
  for (const located of editableIn(prepared)) {
    const { policy, of } = located;
    const its = fixes.filter((fix) => isSameDocument(fix.document, of));
    for (const group of independent(its, located)) {
      const document = group.reduce((mended, { edit }) => edited(mended, edit), policy.document);
      const { text, left } = mendedText([{ policy, document }]);
      if (left.length > 0 || text === policy.text) continue;
      const concerns = group.map(({ edit: { statement } }) => actionMatcher(statement));
      mends.push({
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
  return mends;
}

/** Changes of one statement go together; a statement that is added stands by itself. */
function independent(fixes: readonly Fix[], { policy }: LocatedPolicy): readonly (readonly Fix[])[] {
  const statements = statementsOf(policy.document).length;
  // A statement that was only just added is changed again.
  if (fixes.some(({ edit }) => edit.kind === 'replace' && edit.index >= statements)) return [fixes];
  const groups = new Map<number | Fix, Fix[]>();
  for (const fix of fixes) {
    const key = fix.edit.kind === 'replace' ? fix.edit.index : fix;
    groups.set(key, [...(groups.get(key) ?? []), fix]);
  }
  return [...groups.values()];
}
