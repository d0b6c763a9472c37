import type { PolicyDocument } from '../../../model/world/world.ts';
import { servedWorld } from '../kms/served-world.ts';
import { allow, deliveryRoleArn, deny, editRole, policy, serviceAccount } from '../small-world.ts';
import { report, simulatorOf } from './simulator.ts';

const served = servedWorld();
const { simulate, resultOf, withPolicies } = simulatorOf(served);

function withServiceControlPolicy(document: PolicyDocument): void {
  const account = served.world.accounts.get(serviceAccount);
  if (!account) throw new Error('no service account');
  (served.world.accounts as Map<string, typeof account>).set(serviceAccount, {
    ...account,
    serviceControlPolicies: [{ name: 'scp', arn: 'arn:aws:organizations::1:policy/o-service/p-1', document }],
  });
}

describe('decides as the role’s policies do', () => {
  test.each([
    {
      why: 'an Allow',
      documents: [policy(allow('s3:PutObject', 'arn:aws:s3:::inbox/reports/*'))],
      decision: 'allowed',
    },
    {
      why: 'an Allow elsewhere',
      documents: [policy(allow('s3:PutObject', 'arn:aws:s3:::inbox/other/*'))],
      decision: 'implicitDeny',
    },
    { why: 'nothing', documents: [], decision: 'implicitDeny' },
    {
      why: 'a Deny beside an Allow',
      documents: [policy(allow('s3:*', '*')), policy(deny('s3:Put*', '*'))],
      decision: 'explicitDeny',
    },
  ])('$why', async ({ documents, decision }) => {
    withPolicies(...documents);
    expect(await resultOf()).toMatchObject({
      EvalActionName: 's3:PutObject',
      EvalDecision: decision,
      ResourceSpecificResults: [{ EvalResourceName: report, EvalResourceDecision: decision }],
    });
  });

  test('and the boundary, which only takes away', async () => {
    expect(await resultOf()).not.toHaveProperty('PermissionsBoundaryDecisionDetail');
    for (const { document, decision } of [
      { document: policy(allow('s3:PutObject', '*')), decision: 'allowed' },
      { document: policy(allow('s3:GetObject', '*')), decision: 'implicitDeny' },
      { document: policy(deny('s3:PutObject', '*')), decision: 'explicitDeny' },
    ]) {
      editRole(served.world, deliveryRoleArn, { permissionsBoundary: { name: 'limit', document } });
      const AllowedByPermissionsBoundary = decision === 'allowed';
      expect(await resultOf()).toMatchObject({
        EvalDecision: decision,
        PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary },
        ResourceSpecificResults: [{ PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary } }],
      });
    }
  });

  test('and the organization’s policies', async () => {
    expect(await resultOf()).toMatchObject({ OrganizationsDecisionDetail: { AllowedByOrganizations: true } });
    withServiceControlPolicy(policy(deny('s3:PutObject', '*')));
    expect(await resultOf()).toMatchObject({
      EvalDecision: 'explicitDeny',
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
      MatchedStatements: [],
    });
  });

  test('with an assumed boundary', async () => {
    editRole(served.world, deliveryRoleArn, {
      permissionsBoundary: { name: 'limit', document: policy(allow('s3:*', '*')) },
    });
    const supposed = JSON.stringify(policy(allow('kms:*', '*')));
    expect(await resultOf({ PermissionsBoundaryPolicyInputList: [supposed] })).toMatchObject({
      EvalDecision: 'implicitDeny',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    });
  });

  test('with assumed policies', async () => {
    withPolicies();
    const result = await resultOf({ PolicyInputList: [JSON.stringify(policy(allow('s3:PutObject', '*')))] });
    expect(result).toMatchObject({
      EvalDecision: 'allowed',
      MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1' }],
    });
  });

  test('but not the resource’s policy, which it does not know', async () => {
    withPolicies();
    expect(await resultOf({ ResourceArns: ['arn:aws:s3:::inbox/x'] })).toMatchObject({ EvalDecision: 'implicitDeny' });
  });
});

describe('knows about the request only what it contains', () => {
  const overTls = { Condition: { Bool: { 'aws:SecureTransport': 'true' } } };
  const entry = (ContextKeyName: string, ...ContextKeyValues: string[]) => ({
    ContextKeyName,
    ContextKeyValues,
    ContextKeyType: 'string' as const,
  });

  test('a condition on a missing key fails, and the answer names the key', async () => {
    withPolicies(policy(allow('s3:PutObject', '*', overTls)));
    expect(await resultOf()).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:SecureTransport'],
      ResourceSpecificResults: [{ MissingContextValues: ['aws:SecureTransport'] }],
    });
    expect(await resultOf({ ContextEntries: [entry('aws:securetransport', 'true')] })).toMatchObject({
      EvalDecision: 'allowed',
      MissingContextValues: [],
    });
    expect(await resultOf({ ContextEntries: [entry('aws:SecureTransport', 'false')] })).toMatchObject({
      EvalDecision: 'implicitDeny',
    });
  });

  test('one context serves actions of several services', async () => {
    withPolicies(
      policy(
        allow('s3:PutObject', '*', { Condition: { StringEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } } }),
        allow('kms:GenerateDataKey', '*', {
          Condition: {
            StringEquals: {
              'kms:ViaService': 's3.us-east-1.amazonaws.com',
              'kms:EncryptionContext:aws:s3:arn': report,
            },
          },
        }),
      ),
    );
    const { EvaluationResults } = await simulate({
      ActionNames: ['s3:PutObject', 'kms:GenerateDataKey'],
      ResourceArns: ['*'],
      ContextEntries: [
        entry('s3:x-amz-server-side-encryption', 'aws:kms'),
        entry('kms:ViaService', 's3.us-east-1.amazonaws.com'),
        entry('kms:EncryptionContext:aws:s3:arn', report),
      ],
    });
    expect(EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'allowed']);
  });

  test('a variable in a Resource counts as a key too', async () => {
    withPolicies(policy(allow('s3:PutObject', 'arn:aws:s3:::inbox/${aws:PrincipalTag/team}/*')));
    expect(await resultOf()).toMatchObject({ MissingContextValues: ['aws:PrincipalTag/team'] });
  });
});
