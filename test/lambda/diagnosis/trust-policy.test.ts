import { readTrustPolicy } from '../../../lambda/customer_configuration_check/diagnosis/trust-policy.ts';
import { checkSession } from './delivery-in-trouble.ts';

const checkRole = 'arn:aws:iam::111111111111:role/customer_configuration_check';

function trusting(principal: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...more };
}

const asked = { caller: checkSession, sessionName: 'check-acme' };
const read = (...statements: unknown[]) => readTrustPolicy({ Version: '2012-10-17', Statement: statements }, asked);

test.each([
  ['the role', trusting({ AWS: checkRole }), 'names-caller'],
  ['the role among others', trusting({ AWS: ['arn:aws:iam::111111111111:role/app', checkRole] }), 'names-caller'],
  ['the session', trusting({ AWS: checkSession }), 'names-caller'],
  ['everybody', trusting('*'), 'names-caller'],
  ['every action of STS', trusting({ AWS: checkRole }, { Action: 'sts:*' }), 'names-caller'],
  ['an action with a question mark in it', trusting({ AWS: checkRole }, { Action: 'sts:AssumeRol?' }), 'names-caller'],
  ['an action with a star in the middle', trusting({ AWS: checkRole }, { Action: 'sts:*Role' }), 'names-caller'],
  ['actions that only begin alike', trusting({ AWS: checkRole }, { Action: 'sts:*Session' }), 'silent'],
  ['the account by its root user', trusting({ AWS: 'arn:aws:iam::111111111111:root' }), 'trusts-account'],
  ['the account by its id', trusting({ AWS: '111111111111' }), 'trusts-account'],
  ['another role', trusting({ AWS: 'arn:aws:iam::111111111111:role/app' }), 'silent'],
  ['another account', trusting({ AWS: '222222222222' }), 'silent'],
  ['a service', trusting({ Service: 'lambda.amazonaws.com' }), 'silent'],
  ['another action', trusting({ AWS: checkRole }, { Action: 'sts:TagSession' }), 'silent'],
  [
    'the role with an external id, of which the check sends none',
    trusting({ AWS: checkRole }, { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }),
    'silent',
  ],
  [
    'the role under a condition that its text does not decide',
    trusting({ AWS: checkRole }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-service' } } }),
    'allows-on-condition',
  ],
  [
    'a role of that name with a path, which sessions do not tell',
    trusting({ AWS: checkRole.replace('role/', 'role/service/') }),
    'unclear',
  ],
  ['an id, as of a role that was deleted', trusting({ AWS: 'AROAEXAMPLE' }), 'unclear'],
  ['all but somebody', { Effect: 'Allow', NotPrincipal: { AWS: checkRole }, Action: 'sts:AssumeRole' }, 'unclear'],
])('an Allow for %s: %s', (_, statement, reading) => {
  expect(read(statement)).toBe(reading);
});

test('a Deny outweighs an Allow, unless it has conditions', () => {
  const allow = trusting({ AWS: checkRole });
  expect(read(allow, { ...trusting('*'), Effect: 'Deny' })).toBe('denies');
  const onCondition = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  const deny = { ...trusting('*', onCondition), Effect: 'Deny' };
  expect(read(allow, deny)).toBe('denies-on-condition');
  expect(read(trusting({ AWS: '111111111111' }), deny)).toBe('denies-on-condition');
  // The text does not show whether the Deny applies or the Allow does not.
  expect(read(trusting({ AWS: checkRole }, onCondition), deny)).toBe('unclear');
  expect(read(deny)).toBe('unclear');
});

test.each([
  ['StringLike', 'check-*', 'names-caller'],
  ['StringLike', ['deliver-*', 'check-????'], 'names-caller'],
  ['StringEquals', 'check-acme', 'names-caller'],
  ['StringEquals', 'check-*', 'silent'],
  ['StringLike', 'Check-*', 'silent'],
  ['StringLike', 'check-${aws:PrincipalTag/customer}', 'allows-on-condition'],
  ['StringNotLike', 'check-*', 'allows-on-condition'],
])('the session name is known: %s %j: %s', (operator, wanted, reading) => {
  const condition = { Condition: { [operator]: { 'sts:RoleSessionName': wanted } } };
  expect(read(trusting({ AWS: checkRole }, condition))).toBe(reading);
});

test('a Deny for this session name denies, and one for another does not', () => {
  const deny = (name: string) => ({
    ...trusting('*', { Condition: { StringLike: { 'sts:RoleSessionName': name } } }),
    Effect: 'Deny',
  });
  expect(read(trusting({ AWS: checkRole }), deny('check-*'))).toBe('denies');
  expect(read(trusting({ AWS: checkRole }), deny('deliver-*'))).toBe('names-caller');
});

test('an Allow without conditions is enough, next to others', () => {
  const onCondition = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
  expect(read(trusting('*', onCondition), trusting({ AWS: checkRole }))).toBe('names-caller');
});

test('a Deny of other actions denies nothing', () => {
  const deny = { ...trusting('*', { Action: ['sts:*Session', 'sts:AssumeRole?'] }), Effect: 'Deny' };
  expect(read(trusting({ AWS: checkRole }), deny)).toBe('names-caller');
});

test('something that is not a policy is not mistaken for an empty policy', () => {
  for (const document of [undefined, '', {}, { Statement: 'Allow' }]) {
    expect(readTrustPolicy(document, asked)).toBe('unclear');
  }
});
