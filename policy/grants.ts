import { type Naming, nameOf } from './principals.ts';
import { assume, type Scope } from './request.ts';
import { every, type Truth } from './truth.ts';

/**
 * Grants on a KMS key.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html
 */
export interface Grant {
  readonly granteePrincipal: string;
  /** Without `kms:`. */
  readonly operations: readonly string[];
  readonly constraints?: {
    readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
    readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
  };
}

const encryptionContext = 'kms:encryptioncontext:';
/** These operations have no encryption context, so constraints don't apply to them. */
const unconstrained = /^(?:describekey|retiregrant)$/;

/** Something other than a statement that allows a request, or may. */
export interface Granted {
  /** How it names the caller; absent if it applies to everyone. */
  readonly naming?: Naming;
  readonly holds: Truth;
  /** If it is unknown: the condition keys that decide. */
  readonly hangsOn: readonly string[];
}

export function grantTo(grant: Grant, scope: Scope): readonly Granted[] {
  const action = scope.action.slice('kms:'.length);
  const naming = nameOf({ type: 'AWS', value: grant.granteePrincipal }, scope);
  const isAbout = grant.operations.some((one) => one.toLowerCase() === action);
  scope.asked = undefined;
  const holds = isAbout && (unconstrained.test(action) || meets(grant.constraints, scope));
  return naming && holds ? [{ naming, holds, hangsOn: scope.remember() }] : [];
}

/** Names and values in encryption contexts are case-sensitive. */
function meets(
  { EncryptionContextEquals: equals, EncryptionContextSubset: subset = {} }: Grant['constraints'] = {},
  scope: Scope,
): Truth {
  const { context, isUnknown } = scope.request;
  const sent = Object.entries(context).flatMap(([key, value]) =>
    key.toLowerCase().startsWith(encryptionContext) ? [[key.slice(encryptionContext.length), value] as const] : [],
  );
  if (equals && sent.some(([name]) => !Object.hasOwn(equals, name))) return false;
  return every([...Object.entries({ ...equals }), ...Object.entries(subset)], ([name, value]) => {
    const key = encryptionContext + name;
    const found = sent.find(([one]) => one === name);
    return !found && isUnknown?.(key.toLowerCase()) ? assume([key, value], [key], scope) : found?.[1] === value;
  });
}
