import type { Exceptable, Principal } from './document.ts';
import type { Request, Scope } from './request.ts';

/**
 * How a policy names the caller: the session or user itself (or everyone), the role of a session, or only the account.
 * Boundary and session policies don't limit what a policy in the same account grants to a session itself.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
export type Naming = 'caller' | 'role' | 'account';

export interface PrincipalRules {
  /** True for gateway endpoints, where an account means only its root user. */
  readonly accountIsRootUser: boolean;
  /** If true, a Deny with NotPrincipal denies the principal in any case. */
  readonly hasBoundary: boolean;
}

/** How a Principal element names the caller; absent if it doesn't. */
export function namingOf(
  { isExcept, values }: Exceptable<Principal>,
  effect: 'Allow' | 'Deny',
  scope: Scope,
  rules: PrincipalRules,
): Naming | undefined {
  if (isExcept) return isExempt(values, effect, scope, rules) ? undefined : 'caller';
  let naming: Naming | undefined;
  for (const value of values) {
    const found = nameOf(value, scope, rules);
    if (found === 'caller') return found;
    if (found === 'role' || naming === undefined) naming = found;
  }
  return naming;
}

/**
 * The IDs among principals that may be the caller's, each with the key that would tell: the unique ID of its role, or
 * the canonical user ID of its account.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
 */
export function unknownIds(
  { isExcept, values }: Exceptable<Principal>,
  { userId, isUnknown }: Request,
): readonly (readonly [id: string, key: string])[] {
  if (isExcept) return [];
  return values.flatMap(({ type, value }): [string, string][] => {
    const key = type === 'AWS' && userId === undefined && uniqueId.test(value) ? 'aws:userid' : type;
    return /:|Can/.test(key) && isUnknown?.(key) ? [[value, key]] : [];
  });
}

const uniqueId = /^A(?:ROA|IDA)[A-Z0-9]{5,}$/;

export function nameOf(
  { type, value }: Principal,
  { request, account }: Scope,
  { accountIsRootUser }: Partial<PrincipalRules> = {},
): Naming | undefined {
  if (type === '*') return 'caller';
  if (type !== 'AWS') return undefined;
  const { principal, role, userId } = request;
  if (value === principal) return 'caller';
  // A policy stores the unique ID of a role or user, and shows it after the deletion. A new one has another ID.
  const isItsId = uniqueId.test(value) && value === userId?.split(':')[0];
  if (value === role || isItsId) return role === undefined ? 'caller' : 'role';
  if (!isAccount(value, account, principal)) return undefined;
  return accountIsRootUser ? undefined : 'account';
}

function isAccount(value: string, account: string, principal: string): boolean {
  if (value === account) return true;
  return value.endsWith(':root') && value === `arn:${principal.split(':')[1] ?? ''}:iam::${account}:root`;
}

/**
 * A session is exempt only if the session, its role and its account are all listed.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isExempt(
  values: readonly Principal[],
  effect: 'Allow' | 'Deny',
  { request: { principal, role }, account }: Scope,
  { hasBoundary }: PrincipalRules,
): boolean {
  if (values.some(({ type }) => type === '*')) return true;
  if (effect === 'Deny' && hasBoundary) return false;
  const listed = values.filter(({ type }) => type === 'AWS').map(({ value }) => value);
  const isAccountListed = listed.some((value) => isAccount(value, account, principal));
  if (principal.endsWith(':root')) return isAccountListed;
  return listed.includes(principal) && (role === undefined || listed.includes(role)) && isAccountListed;
}
