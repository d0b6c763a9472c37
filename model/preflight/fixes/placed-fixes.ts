import type { Fix, StatementEdit } from '../../remedies/document-edit.ts';
import { isSameDocument } from '../../remedies/documents.ts';
import { isSameValue } from '../../template/same-value.ts';
import type { DocumentPath, PolicyFile, Position } from '../../text/policy-file.ts';
import { statementsOf } from '../../world/policy-parts.ts';
import type { LocatedPolicy } from '../locate.ts';

/** A fix, and where in which file it changes something. */
export interface PlacedFix {
  readonly file: string;
  readonly at: Position;
  readonly summary: string;
}

export function placedFixes(fixes: readonly Fix[], given: readonly LocatedPolicy[]): readonly PlacedFix[] {
  return fixes.flatMap(({ document, edit, summary }) => {
    const policy = given.find(({ of }) => isSameDocument(of, document))?.policy;
    return policy ? [{ file: policy.file, at: policy.positionOf(placeOf(policy, edit)), summary }] : [];
  });
}

/** The first value that becomes another one; the list where a statement is added to it. */
function placeOf({ document }: PolicyFile, edit: StatementEdit): DocumentPath {
  if (edit.kind === 'add') return ['Statement'];
  return ['Statement', edit.index, ...firstDifference(statementsOf(document)[edit.index], edit.statement)];
}

function firstDifference(before: unknown, after: unknown): DocumentPath {
  if (!isNested(before) || !isNested(after)) return [];
  const key = Object.keys(after).find((one) => !isSameValue(before[one], after[one]));
  if (key === undefined) return [];
  return [Array.isArray(after) ? Number(key) : key, ...firstDifference(before[key], after[key])];
}

/** A list too: its indices are its keys. */
function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
