import type * as z from 'zod';

/** One thing that is wrong with a case: where, what is there, and what is allowed. */
export interface CaseProblem {
  /** As `policies.identity[0].Statement[0].Effect`; empty for the case itself. */
  readonly path: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

export function problemsOf(error: z.ZodError, value: unknown): readonly CaseProblem[] {
  return error.issues.flatMap((issue) => problemsIn(issue, value, []));
}

function problemsIn(issue: Issue, value: unknown, before: readonly PropertyKey[]): readonly CaseProblem[] {
  const path = [...before, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathText([...path, key]), message: 'there is no such field' }));
  }
  if (issue.code === 'invalid_union') {
    // Of several shapes, the one that the value comes closest to says what is wrong with it.
    const closest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
    if (closest && depth(closest) > 0) return closest.flatMap((one) => problemsIn(one, value, path));
  }
  const found = valueAt(value, path);
  const isMissing = found === undefined;
  return [
    { path: pathText(path), message: isMissing ? 'is missing' : `is ${shown(found)}: allowed is ${allowed(issue)}` },
  ];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

function allowed(issue: Issue): string {
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
