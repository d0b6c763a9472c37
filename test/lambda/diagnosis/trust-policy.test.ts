import { readTrustPolicy } from '../../../lambda/customer_configuration_check/diagnosis/trust-policy.ts';
import { checkSession } from './delivery-in-trouble.ts';

const checkRole = 'arn:aws:iam::111111111111:role/customer_configuration_check';

function trusting(principal: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...more };
}

const read = (...statements: unknown[]) =>
  readTrustPolicy({ Version: '2012-10-17', Statement: statements }, checkSession);

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
    'unclear',
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

test('a Deny outweighs what allows, unless it has conditions', () => {
  const allow = trusting({ AWS: checkRole });
  expect(read(allow, { ...trusting('*'), Effect: 'Deny' })).toBe('denies');
  expect(
    read(allow, { ...trusting('*'), Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  ).toBe('unclear');
});

test('a Deny of other actions refuses nothing', () => {
  const deny = { ...trusting('*', { Action: ['sts:*Session', 'sts:AssumeRole?'] }), Effect: 'Deny' };
  expect(read(trusting({ AWS: checkRole }), deny)).toBe('names-caller');
});

test('what is no policy is not taken for one that says nothing', () => {
  for (const document of [undefined, '', {}, { Statement: 'Allow' }]) {
    expect(readTrustPolicy(document, checkSession)).toBe('unclear');
  }
});
