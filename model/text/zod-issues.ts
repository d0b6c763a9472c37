import * as z from 'zod';

type Issue = z.core.$ZodIssue;

/** One thing that is wrong with a value. */
export interface LeafIssue {
  readonly path: readonly PropertyKey[];
  readonly issue: Issue;
  /** Set where the field itself is one that no one knows. */
  readonly isUnknownField?: true;
}

/** For a field that may be one of several things, what is wrong with the one that it resembles most. */
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
 * A schema that refuses `__proto__` wherever it is a key, as there is no such field. zod itself leaves such a key out without a
 * word, and the condition or operator below it with it.
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

/** The path to the first object that has it as a key of its own. An alias of YAML may be within itself. */
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
