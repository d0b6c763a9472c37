import type { Exceptable, Principal } from './document.ts';
import type { Request, Scope } from './request.ts';

/**
 * How a policy names the caller: the session or user itself (or everyone), the role behind a session, or only the
 * account. What is granted to a session itself is not limited by boundary and session policies of its own account.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
export type Naming = 'caller' | 'role' | 'account';

export interface PrincipalRules {
  /** Gateway endpoints take an account for its root user alone. */
  readonly accountIsRootUser: boolean;
  /** Deny with NotPrincipal denies every principal that has a boundary. */
  readonly hasBoundary: boolean;
}

/** How a Principal element names the caller; absent where it doesn't. */
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
 * The ids among principals of which no one knows whether they are the caller's, each with what would tell: the unique id
 * of its role, or the canonical user ID of its account.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
 */
export function unknownIds(
  { isExcept, values }: Exceptable<Principal>,
  { userId, isUnknown }: Request,
): readonly (readonly [id: string, key: string])[] {
  return values.flatMap(({ type, value }): [string, string][] => {
    const key = type === 'AWS' && userId === undefined && uniqueId.test(value) ? 'aws:userid' : type;
    return !isExcept && /:|Can/.test(key) && isUnknown?.(key) ? [[value, key]] : [];
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
  // A policy keeps the unique id of a role or user, and shows it once that is gone: a new one has another id.
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
 * A session is exempt only where itself, its role and its account are listed.
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
