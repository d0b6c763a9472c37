import type { EvaluationResult } from '@aws-sdk/client-iam';
import { requestsOf } from '../../../core/delivery/requests.ts';
import {
  contextOf,
  unknownKeys,
} from '../../../lambda/customer_configuration_check/diagnosis/probes/simulated-context.ts';
import {
  boundaryEffectIn,
  identityIn,
  simulatedIn,
} from '../../../lambda/customer_configuration_check/diagnosis/probes/simulation.ts';
import { customerKey, delivery, deliveryRole, inboxObject, internalObject } from './delivery-in-trouble.ts';

const action = 's3:PutObject';

/** IAM's answer for one action on one resource. */
function simulated(result: Partial<EvaluationResult>) {
  const answer = simulatedIn(
    { EvaluationResults: [{ EvalActionName: action, EvalDecision: 'allowed', ...result }] },
    action,
    inboxObject,
    true,
  );
  if (!answer) throw new Error('The answer is about something else.');
  return answer;
}

const matched = [{ SourcePolicyId: 'role_delivery', StartPosition: { Line: 7, Column: 1 } }];

describe('what the simulator says', () => {
  test.each([
    { name: 'allowed', result: { EvalDecision: 'allowed' }, identity: 'allowed', boundary: undefined },
    { name: 'no Allow', result: { EvalDecision: 'implicitDeny' }, identity: 'implicit', boundary: 'implicit' },
    {
      name: 'a Deny of an identity policy',
      result: { EvalDecision: 'explicitDeny', MatchedStatements: matched },
      identity: 'explicit',
      boundary: undefined,
    },
    {
      name: 'a boundary that leaves it out: what the identity policies say is not seen',
      result: {
        EvalDecision: 'implicitDeny',
        PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
      },
      identity: undefined,
      boundary: 'implicit',
    },
    {
      name: 'a Deny in the boundary',
      result: {
        EvalDecision: 'explicitDeny',
        PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
      },
      identity: undefined,
      boundary: 'explicit',
    },
    {
      name: 'an organization that refuses: it hides the rest',
      result: { EvalDecision: 'implicitDeny', OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
      identity: undefined,
      boundary: undefined,
    },
    {
      name: 'a simulation across accounts, which misses the other account’s policy',
      result: { EvalDecision: 'implicitDeny', EvalDecisionDetails: { 'IAM Policy': 'allowed' } },
      identity: undefined,
      boundary: undefined,
    },
  ] as const)('$name', ({ result, identity, boundary }) => {
    const said = simulated(result as Partial<EvaluationResult>);
    expect([identityIn(said), boundaryEffectIn(said)]).toEqual([identity, boundary]);
  });

  test('about one resource applies to that one', () => {
    const said = simulated({
      EvalDecision: 'explicitDeny',
      ResourceSpecificResults: [
        { EvalResourceName: internalObject, EvalResourceDecision: 'explicitDeny' },
        { EvalResourceName: inboxObject, EvalResourceDecision: 'allowed', MissingContextValues: ['aws:SourceIp'] },
      ],
    });
    expect(said).toMatchObject({ decision: 'allowed', unknownKeys: ['aws:SourceIp'] });
  });

  test('about another action is not mistaken for this one', () => {
    expect(
      simulatedIn(
        { EvaluationResults: [{ EvalActionName: 's3:GetObject', EvalDecision: 'allowed' }] },
        action,
        '',
        true,
      ),
    ).toBeUndefined();
  });
});

describe('which missing condition keys leave a simulation open', () => {
  test.each([
    ['s3:PutObject', 'aws:SourceIp', true],
    ['s3:PutObject', 'aws:PrincipalTag/team', true],
    ['s3:PutObject', 'aws:PrincipalOrgID', true],
    ['s3:PutObject', 'kms:EncryptionContext:aws:s3:arn', false],
    ['s3:PutObject', 's3:x-amz-acl', false],
    ['s3:PutObject', 's3:RequestObjectTag/class', false],
    ['s3:PutObject', 's3:TlsVersion', true],
    ['s3:PutObject', 'aws:MultiFactorAuthAge', false],
    ['s3:PutObject', 'aws:MultiFactorAuthPresent', true],
    ['kms:Decrypt', 'aws:SourceIp', false],
    ['kms:Decrypt', 'aws:SourceVpce', false],
    ['kms:Decrypt', 'kms:ResourceAliases', true],
    ['kms:Decrypt', 'kms:EncryptionContext:tenant', false],
    ['kms:Decrypt', 's3:x-amz-server-side-encryption', false],
    ['sts:AssumeRole', 'sts:ExternalId', false],
    ['sts:AssumeRole', 'aws:SourceVpc', true],
  ])('%s: %s', (of, key, isUnknown) => {
    expect(unknownKeys([key], of, true)).toEqual(isUnknown ? [key] : []);
  });

  test.each(['aws:MultiFactorAuthAge', 'aws:SourceIdentity', 'aws:FederatedProvider'])(
    '%s, of somebody with credentials of their own',
    (key) => {
      expect(unknownKeys([key], 's3:PutObject', true)).toEqual([]);
      expect(unknownKeys([key], 's3:PutObject', false)).toEqual([key]);
    },
  );
});

describe('the context that is simulated', () => {
  const now = new Date('2026-11-21T12:00:00.000Z');
  const keysOf = (action: string, on: string, more = {}) => {
    const edge = requestsOf(delivery, 'run-1').find((one) => one.action === action && one.on === on);
    if (!edge) throw new Error(`A delivery does not ask for ${action} on ${on}.`);
    const around = { roleArn: deliveryRole, now, isFunction: true, isOwnerConfirmed: true, ...more };
    return Object.fromEntries(
      contextOf(edge, around).map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName, ContextKeyValues]),
    );
  };

  test('of the copy is that of the request that the check sends', () => {
    const copy = keysOf('s3:PutObject', 'inbox-object');
    expect(copy).toMatchObject({
      'aws:PrincipalArn': [deliveryRole],
      's3:ResourceAccount': ['222222222222'],
      's3:x-amz-server-side-encryption': ['aws:kms'],
      's3:x-amz-server-side-encryption-aws-kms-key-id': [customerKey],
      's3:x-amz-copy-source': [internalObject.replace('arn:aws:s3:::', '')],
    });
    expect(copy).not.toHaveProperty(['s3:x-amz-acl']);
    expect(copy).not.toHaveProperty(['aws:SourceIp']);
  });

  test("leaves out the inbox's owner until AWS has confirmed it", () => {
    const context = keysOf('s3:PutObject', 'inbox-object', { isOwnerConfirmed: false });
    expect(context).not.toHaveProperty(['s3:ResourceAccount']);
    expect(context).not.toHaveProperty(['aws:ResourceAccount']);
    expect(unknownKeys(['aws:ResourceAccount'], 's3:PutObject', true)).toEqual(['aws:ResourceAccount']);
  });

  test('leaves out MFA if a person runs the check, who may have used it', () => {
    expect(keysOf('s3:PutObject', 'inbox-object')).toMatchObject({ 'aws:MultiFactorAuthPresent': ['false'] });
    expect(keysOf('s3:PutObject', 'inbox-object', { isFunction: false })).not.toHaveProperty([
      'aws:MultiFactorAuthPresent',
    ]);
  });

  test('of a key is that of S3 on behalf of the role', () => {
    expect(keysOf('kms:Decrypt', 'internal-key', { encryptionContext: internalObject })).toMatchObject({
      'kms:ViaService': ['s3.us-east-1.amazonaws.com'],
      'kms:CallerAccount': ['111111111111'],
      'kms:EncryptionContext:aws:s3:arn': [internalObject],
      'aws:ResourceAccount': ['222222222222'],
      'aws:ViaAWSService': ['true'],
    });
  });

  test('has the hash of a body only if there is no body', () => {
    expect(keysOf('s3:PutObject', 'inbox-object')).toHaveProperty(['s3:x-amz-content-sha256']);
    expect(keysOf('s3:PutObject', 'internal-object')).not.toHaveProperty(['s3:x-amz-content-sha256']);
  });

  test('for reading has no headers for writing', () => {
    const keys = Object.keys(keysOf('s3:GetObject', 'internal-object'));
    expect(keys.filter((key) => key.startsWith('s3:x-amz-'))).toEqual(['s3:x-amz-content-sha256']);
  });
});
