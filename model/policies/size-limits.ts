import { sizeIn } from '../../policy/grammar.ts';
import { type PolicyKind, type PolicySize, policyKinds } from '../../policy/policy-kinds.ts';

export interface TooLong extends PolicySize {
  readonly size: number;
}

/**
 * Describes the problem if a change makes a document too long for the service to save; otherwise undefined. Doesn't
 * count white space, even for services that do.
 */
export function tooLongFor(kind: PolicyKind, before: unknown, after: unknown): TooLong | undefined {
  const allowed: PolicySize = policyKinds[kind].size;
  const { limit, safe = limit, unit } = allowed;
  const sizeOf = (document: unknown) => sizeIn(unit, JSON.stringify(document));
  const size = sizeOf(after);
  return size > limit || (size > safe && size > sizeOf(before)) ? { ...allowed, size } : undefined;
}
