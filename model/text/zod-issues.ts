import * as z from 'zod';

type Issue = z.core.$ZodIssue;

/** One problem with a value. */
export interface LeafIssue {
  readonly path: readonly PropertyKey[];
  readonly issue: Issue;
  /** Set if the field itself is unknown. */
  readonly isUnknownField?: true;
}

/** For a field that may have several forms, the problems with the form that it resembles most. */
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

/**
 * A schema that rejects `__proto__` as a key. zod itself drops such a key silently, together with the condition or
 * operator below it.
 */
export function withoutProto<Schema extends z.ZodType>(schema: Schema) {
  return z
    .unknown()
    .check(({ value, issues }) => {
      const path = protoIn(value, new Set());
      if (path) issues.push({ code: 'unrecognized_keys', keys: ['__proto__'], path, input: {}, continue: false });
    })
    .pipe(schema);
}

/** The path to the first object that has it as its own key. A YAML alias may contain itself. */
function protoIn(value: unknown, seen: Set<object>): PropertyKey[] | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (Object.hasOwn(value, '__proto__')) return [];
  for (const [key, inner] of Object.entries(value)) {
    const path = protoIn(inner, seen);
    if (path) return [Array.isArray(value) ? Number(key) : key, ...path];
  }
  return undefined;
}
