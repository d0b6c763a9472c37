import { AwsError } from './operation.ts';

/**
 * AWS checks a request's members against its API model before anything else, and reports every violation in one
 * sentence: `2 validation errors detected: Value null at 'keyId' failed to satisfy constraint: …; Value …`.
 *
 * Recorded wordings: test/fixtures/aws-recorded-errors-kms.jsonl
 */
interface Constraint {
  readonly required?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** As the API model writes it; it must match the whole value. */
  readonly pattern?: string;
  readonly oneOf?: readonly string[];
}

/** Keyed by their names in messages, in lower camel case. */
export type RequestMembers = Readonly<Record<string, readonly [Value | undefined, Constraint]>>;
type Value = string | number | Uint8Array;

/** `ValidationException` for JSON services, `ValidationError` for those that use the query protocol. */
export function checkConstraints(code: 'ValidationException' | 'ValidationError', members: RequestMembers): void {
  const problems = Object.entries(members).flatMap(([name, member]) => violations(name, ...member));
  if (problems.length === 0) return;
  const counted = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw new AwsError(code, 400, `${counted} detected: ${problems.join('; ')}`);
}

function violations(name: string, value: Value | undefined, constraint: Constraint): string[] {
  if (value === undefined) {
    return constraint.required ? [`Value null at '${name}' failed to satisfy constraint: Member must not be null`] : [];
  }
  // Messages never repeat the content of a blob.
  const shown = value instanceof Uint8Array ? 'Value' : `Value '${value}'`;
  return broken(value, constraint).map(
    (rule) => `${shown} at '${name}' failed to satisfy constraint: Member must ${rule}`,
  );
}

function broken(value: Value, constraint: Constraint): string[] {
  const { minLength, maxLength, min, max, pattern, oneOf } = constraint;
  const rules: readonly (readonly [boolean, string])[] =
    typeof value === 'number'
      ? [
          [min !== undefined && value < min, `have value greater than or equal to ${min}`],
          [max !== undefined && value > max, `have value less than or equal to ${max}`],
        ]
      : [
          [minLength !== undefined && value.length < minLength, `have length greater than or equal to ${minLength}`],
          [maxLength !== undefined && value.length > maxLength, `have length less than or equal to ${maxLength}`],
          [
            pattern !== undefined && typeof value === 'string' && !new RegExp(`^(?:${pattern})$`).test(value),
            `satisfy regular expression pattern: ${pattern}`,
          ],
          [
            oneOf !== undefined && typeof value === 'string' && !oneOf.includes(value),
            `satisfy enum value set: [${oneOf?.join(', ')}]`,
          ],
        ];
  return rules.flatMap(([isBroken, rule]) => (isBroken ? [rule] : []));
}
