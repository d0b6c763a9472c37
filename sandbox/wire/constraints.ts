import { AwsError } from './operation.ts';

/**
 * AWS checks the members of a request against its API model before anything else, and reports every violation in one
 * sentence: `2 validation errors detected: Value null at 'keyId' failed to satisfy constraint: …; Value …`.
 *
 * Recorded wordings: test/fixtures/aws-recorded-errors-kms.jsonl
 */
export interface Constraint {
  readonly required?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** As the API model writes it; it must match the whole value. */
  readonly pattern?: string;
  readonly oneOf?: readonly string[];
}

export interface RequestMember {
  /** The member as the message names it: in lower camel case. */
  readonly name: string;
  readonly value: string | number | Uint8Array | undefined;
  readonly constraint: Constraint;
}

/** `ValidationException` where a service speaks JSON, `ValidationError` where it speaks the query protocol. */
export function checkConstraints(
  code: 'ValidationException' | 'ValidationError',
  members: readonly RequestMember[],
): void {
  const problems = members.flatMap(violations);
  if (problems.length === 0) return;
  const counted = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw new AwsError(code, 400, `${counted} detected: ${problems.join('; ')}`);
}

function violations({ name, value, constraint }: RequestMember): string[] {
  if (value === undefined) {
    return constraint.required ? [`Value null at '${name}' failed to satisfy constraint: Member must not be null`] : [];
  }
  // The content of a blob is never repeated.
  const shown = value instanceof Uint8Array ? 'Value' : `Value '${value}'`;
  return broken(value, constraint).map(
    (rule) => `${shown} at '${name}' failed to satisfy constraint: Member must ${rule}`,
  );
}

function broken(value: string | number | Uint8Array, constraint: Constraint): string[] {
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
