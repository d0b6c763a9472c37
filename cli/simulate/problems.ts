import type * as z from 'zod';
import { type LeafIssue, leafIssues } from '../../model/text/zod-issues.ts';

/** One thing that is wrong with a case: where, what is there, and what is allowed. */
export interface CaseProblem {
  /** As `policies.identity[0].Statement[0].Effect`; empty for the case itself. */
  readonly path: string;
  readonly message: string;
}

export function caseProblemsOf(error: z.ZodError, value: unknown): readonly CaseProblem[] {
  const found = error.issues
    .flatMap((issue) => leafIssues(issue))
    .map((leaf) => ({ path: pathText(leaf.path), message: messageOf(leaf, value) }));
  return [...new Map(found.map((problem) => [problem.path, problem])).values()];
}

function messageOf({ path, issue, isUnknownField }: LeafIssue, value: unknown): string {
  const found = valueAt(value, path);
  if (isUnknownField) return `is ${shown(found)}: ${issue.message}`;
  return found === undefined ? 'is missing' : `is ${shown(found)}: allowed is ${allowed(issue)}`;
}

function allowed(issue: LeafIssue['issue']): string {
  if (issue.code === 'invalid_value') return issue.values.map((one) => JSON.stringify(one)).join(' or ');
  if (issue.code === 'invalid_type') return issue.expected === 'record' ? 'an object' : `of the type ${issue.expected}`;
  if (issue.code === 'too_small') return 'a text that is not empty';
  return issue.message;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) =>
      typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key)
        ? (inside as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
