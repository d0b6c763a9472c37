import { identityOf, parseArn } from '../../../core/arn.ts';
import { isObject, type Json } from '../../../core/json.ts';

/**
 * Evaluates a role's trust policy for one caller that sends no external ID and no tags. The result is unclear if the
 * text alone doesn't decide.
 */
export const readings = {
  'names-caller': 'An Allow names the caller, which is enough within one account.',
  'trusts-account': "An Allow names the caller's account, so the caller's own policies decide.",
  silent: 'No Allow matches the caller, or each requires an external ID that is not sent or another session name.',
  denies: 'A Deny names the caller, its account or all principals.',
  'denies-on-condition': 'An Allow matches the caller, and so does a Deny with conditions.',
  'allows-on-condition': 'Each Allow that matches the caller has conditions, and no Deny matches it.',
  unclear: 'It depends on conditions, or on principals that its text does not show.',
} as const;
export type TrustReading = keyof typeof readings;

interface Assumption {
  /** As AWS names it; for a role, that is the session. */
  readonly caller: string;
  /** The name of the requested session. */
  readonly sessionName: string | undefined;
}

export function readTrustPolicy(document: unknown, asked: Assumption): TrustReading {
  const statements = isObject(document) ? [document['Statement'] ?? []].flat() : [];
  const read = new Set(
    statements.map((statement) => (isObject(statement) ? readStatement(statement, asked) : 'unclear')),
  );
  const allow = (['names-caller', 'trusts-account'] as const).find((one) => read.has(one));
  if (read.has('denies')) return 'denies';
  if (read.has('unclear') || statements.length === 0) return 'unclear';
  // If no Allow applies, it is unknown which of the two denies.
  if (read.has('denies-on-condition')) return allow ? 'denies-on-condition' : 'unclear';
  return allow ?? (read.has('allows-on-condition') ? 'allows-on-condition' : 'silent');
}

function readStatement(statement: Json, { caller, sessionName }: Assumption): TrustReading {
  const { Effect: effect, Action: action, Principal: principal, Condition: condition } = statement;
  if (action === undefined || principal === undefined) return 'unclear';
  if (![action].flat().some((one) => typeof one === 'string' && isAssumeRole(one))) return 'silent';
  const match = matchOf(principal, caller);
  if (match === 'silent' || match === 'unclear') return match;
  const met = isObject(condition) ? isMet(condition, sessionName) : true;
  if (met === false) return 'silent';
  if (effect === 'Deny') return met ? 'denies' : 'denies-on-condition';
  return met ? match : 'allows-on-condition';
}

/** The check sends a session name and no external ID. @returns undefined if the condition tests other keys */
function isMet(condition: Json, sessionName: string | undefined): boolean | undefined {
  const results = Object.entries(condition).flatMap(([operator, operands]) =>
    isObject(operands) && /^String(?:Equals|Like)$/i.test(operator)
      ? Object.entries(operands).map(([key, wanted]) =>
          isKeyMet(operator, key.toLowerCase(), [wanted].flat(), sessionName),
        )
      : [undefined],
  );
  return results.includes(false) ? false : results.every((one) => one === true) || undefined;
}

/** A condition on an absent key is not met. */
function isKeyMet(operator: string, key: string, wanted: readonly unknown[], sessionName: string | undefined) {
  if (key === 'sts:externalid') return false;
  if (key !== 'sts:rolesessionname' || sessionName === undefined) return undefined;
  if (!wanted.every((one) => typeof one === 'string' && !one.includes('${'))) return undefined;
  return wanted.some((one) =>
    /like/i.test(operator) ? wildcards(String(one), '').test(sessionName) : one === sessionName,
  );
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
function isAssumeRole(pattern: string): boolean {
  return wildcards(pattern, 'i').test('sts:AssumeRole');
}

function wildcards(pattern: string, flags: 'i' | ''): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function matchOf(principal: unknown, caller: string): 'names-caller' | 'trusts-account' | 'silent' | 'unclear' {
  if (principal === '*') return 'names-caller';
  const named = isObject(principal) ? [principal['AWS'] ?? []].flat() : [];
  const matches = named.map((one) => (typeof one === 'string' ? matchOfArn(one, caller) : 'unclear'));
  const order = ['names-caller', 'unclear', 'trusts-account'] as const;
  return order.find((one) => matches.includes(one)) ?? 'silent';
}

function matchOfArn(named: string, caller: string): 'names-caller' | 'trusts-account' | 'silent' | 'unclear' {
  const role = identityOf(caller);
  const account = parseArn(role)?.accountId ?? '';
  if (named === '*' || named === role || named === caller) return 'names-caller';
  if (named === account || new RegExp(`^arn:[^:]+:iam::${account}:root$`).test(named)) return 'trusts-account';
  // A session's ARN lacks the role's path, and an ID may be that of any principal.
  const isNamesake = named.includes(`::${account}:`) && named.split('/').at(-1) === role.split('/').at(-1);
  return isNamesake || !named.startsWith('arn:') ? (/^\d{12}$/.test(named) ? 'silent' : 'unclear') : 'silent';
}
