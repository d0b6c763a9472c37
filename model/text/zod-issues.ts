import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

/** One thing that is wrong with a value. */
export interface LeafIssue {
  readonly path: readonly PropertyKey[];
  readonly issue: Issue;
  /** Set where the field itself is one that nobody knows. */
  readonly isUnknownField?: true;
}

/** Of a field that may be one of several things, what is wrong with the one that it resembles most. */
export function leafIssues(issue: Issue, before: readonly PropertyKey[] = []): readonly LeafIssue[] {
  const path = [...before, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], issue, isUnknownField: true }));
  }
  if (issue.code === 'invalid_union') {
    const [closest] = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length);
    if (closest && depth(closest) > 0) return closest.flatMap((one) => leafIssues(one, path));
  }
  return [{ path, issue }];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}
