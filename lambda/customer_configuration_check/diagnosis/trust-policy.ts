import { identityOf, parseArn } from '../../../core/arn.ts';
import { isObject, type Json } from './told.ts';

/**
 * What a role's trust policy says about one caller that sends no external id and no tags. Read literally: whatever would
 * need more than its text to decide is unclear.
 */
export const readings = {
  'names-caller': 'An Allow names the caller itself: in one account that is all it needs.',
  'trusts-account': "An Allow names the caller's account, which leaves the decision to the caller's own policies.",
  silent: 'No Allow is about the caller, or each demands an external id that is not sent.',
  denies: 'A Deny names the caller, its account or everybody.',
  unclear: 'It depends on conditions, or on principals that its text does not tell.',
} as const;
export type TrustReading = keyof typeof readings;

/** @param caller as AWS names it: for a role, the session */
export function readTrustPolicy(document: unknown, caller: string): TrustReading {
  const statements = isObject(document) ? [document['Statement'] ?? []].flat() : [];
  const read = statements.map((statement) => (isObject(statement) ? readStatement(statement, caller) : 'unclear'));
  const order: readonly TrustReading[] = ['denies', 'unclear', 'names-caller', 'trusts-account'];
  return order.find((one) => read.includes(one)) ?? (statements.length > 0 ? 'silent' : 'unclear');
}

function readStatement(statement: Json, caller: string): TrustReading {
  const { Effect: effect, Action: action, Principal: principal, Condition: condition } = statement;
  if (action === undefined || principal === undefined) return 'unclear';
  if (![action].flat().some((one) => typeof one === 'string' && isAssumeRole(one))) return 'silent';
  const match = matchOf(principal, caller);
  if (match === 'silent' || match === 'unclear') return match;
  const hasCondition = isObject(condition) && Object.keys(condition).length > 0;
  if (effect === 'Deny') return hasCondition ? 'unclear' : 'denies';
  if (!hasCondition) return match;
  return demandsExternalId(condition) ? 'silent' : 'unclear';
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
function isAssumeRole(pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test('sts:AssumeRole');
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
  // The caller's session does not tell the path of its role; and an id may be that of any principal.
  const isNamesake = named.includes(`::${account}:`) && named.split('/').at(-1) === role.split('/').at(-1);
  return isNamesake || !named.startsWith('arn:') ? (/^\d{12}$/.test(named) ? 'silent' : 'unclear') : 'silent';
}

/** The check sends none, and a condition on a key that is absent is not met. */
function demandsExternalId(condition: Json): boolean {
  return ['StringEquals', 'StringLike'].some((operator) => {
    const operands = condition[operator];
    return isObject(operands) && Object.keys(operands).some((key) => key.toLowerCase() === 'sts:externalid');
  });
}
