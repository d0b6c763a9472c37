import { policyProblems } from '../../policy/grammar.ts';
import type { PolicyFile, Position } from './policy-file.ts';

/** One reason for which a policy would not be saved, and where in the file. */
export interface Refusal {
  readonly at: Position;
  readonly message: string;
}

/** Every reason for which the service whose policy it is would not save a document, in the file's order; empty where it would. */
export function refusalsOf({
  kind,
  document,
  positionOf,
}: Pick<PolicyFile, 'kind' | 'document' | 'positionOf'>): readonly Refusal[] {
  const placed = policyProblems(kind, document).map(({ at, message }) => ({ at: positionOf(at), message }));
  const distinct = [...new Map(placed.map((one) => [JSON.stringify(one), one])).values()];
  return distinct.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}
