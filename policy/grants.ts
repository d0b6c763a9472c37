import { type Naming, nameOf } from './principals.ts';
import type { Request, Scope } from './request.ts';

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
/** They have no encryption context, so that constraints don't apply to them. */
const unconstrained: ReadonlySet<string> = new Set(['describekey', 'retiregrant']);

/** How a grant that is about a request names the caller. */
export function grantTo(grant: Grant, scope: Scope): Naming | undefined {
  const action = scope.action.slice('kms:'.length);
  const isAbout = grant.operations.some((one) => one.toLowerCase() === action);
  if (!isAbout || !(unconstrained.has(action) || meets(grant.constraints, scope.request))) return undefined;
  return nameOf({ type: 'AWS', value: grant.granteePrincipal }, scope, { accountIsRootUser: false });
}

function meets(
  { EncryptionContextEquals: equals, EncryptionContextSubset: subset }: Grant['constraints'] = {},
  { context }: Request,
): boolean {
  const sent = Object.entries(context).flatMap(([key, value]) =>
    key.toLowerCase().startsWith(encryptionContext) ? [[key.slice(encryptionContext.length), value] as const] : [],
  );
  const contains = (wanted: Readonly<Record<string, string>>) =>
    Object.entries(wanted).every(([key, value]) => sent.some(([k, v]) => k === key && v === value));
  return (
    (equals === undefined || (contains(equals) && sent.length === Object.keys(equals).length)) &&
    (subset === undefined || contains(subset))
  );
}
