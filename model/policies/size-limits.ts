import { sizeIn } from '../../policy/grammar.ts';
import { type PolicyKind, type PolicySize, policyKinds } from '../../policy/policy-kinds.ts';

export interface TooLong extends PolicySize {
  readonly size: number;
}

/**
 * Tells if a change makes a document longer than the service may save it; undefined if it does not. White space is not
 * counted, even where the service does.
 */
export function tooLongFor(kind: PolicyKind, before: unknown, after: unknown): TooLong | undefined {
  const allowed: PolicySize = policyKinds[kind].size;
  const { limit, safe = limit, unit } = allowed;
  const sizeOf = (document: unknown) => sizeIn(unit, JSON.stringify(document));
  const size = sizeOf(after);
  return size > limit || (size > safe && size > sizeOf(before)) ? { ...allowed, size } : undefined;
}
