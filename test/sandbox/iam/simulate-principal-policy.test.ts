import { policyText } from '../../../sandbox/iam/policy-text.ts';
import { failureOf, servedWorld } from '../kms/served-world.ts';
import {
  allow,
  customerKeyArn,
  customerRoot,
  deliveryRoleArn,
  deny,
  editRole,
  idle,
  idleRoleArn,
  policy,
} from '../small-world.ts';
import { report, simulatorOf } from './simulator.ts';

const served = servedWorld();
const { simulate, resultOf, withPolicies } = simulatorOf(served);

describe('returns the deciding statements', () => {
  test('by policy and position in its text', async () => {
    const document = policy(allow('s3:GetObject', '*'), allow('s3:PutObject', 'arn:aws:s3:::inbox/*'));
    withPolicies(document, {
      name: 'shared',
      arn: 'arn:aws:iam::111111111111:policy/shared',
      document: policy(allow('s3:*', '*')),
    });
    const result = await resultOf();
    expect(result?.MatchedStatements).toMatchObject([
      { SourcePolicyId: 'role_delivery_p0', SourcePolicyType: 'IAM Policy' },
      { SourcePolicyId: 'shared', SourcePolicyType: 'IAM Policy' },
    ]);
    const [{ StartPosition: start, EndPosition: end } = {}] = result?.MatchedStatements ?? [];
    const lines = policyText(document)
      .split('\n')
      .slice((start?.Line ?? 0) - 1, end?.Line);
    expect(lines[0]?.slice((start?.Column ?? 0) - 1)).toBe('{');
    expect(lines.at(-1)?.slice(0, end?.Column)).toMatch(/^ *\}$/);
    expect(JSON.parse(lines.join('\n').trim().replace(/,$/, ''))).toEqual(
      allow('s3:PutObject', 'arn:aws:s3:::inbox/*'),
    );
  });

  test('and of a single statement', async () => {
    withPolicies({ Version: '2012-10-17', Statement: allow('s3:PutObject', '*') });
    const [matched] = (await resultOf())?.MatchedStatements ?? [];
    expect(matched?.StartPosition).toEqual({ Line: 3, Column: 16 });
  });
});

describe('several actions and resources', () => {
  test('give one result per action, as strict as its strictest resource', async () => {
    withPolicies(policy(allow('s3:*', 'arn:aws:s3:::inbox/reports/*'), deny('s3:DeleteObject', '*')));
    const other = 'arn:aws:s3:::inbox/other/1';
    const { EvaluationResults } = await simulate({
      ActionNames: ['s3:PutObject', 's3:DeleteObject'],
      ResourceArns: [report, other],
    });
    expect(EvaluationResults).toMatchObject([
      {
        EvalActionName: 's3:PutObject',
        EvalResourceName: 'arn:aws:s3:::${BucketName}/${KeyName}',
        EvalDecision: 'implicitDeny',
        ResourceSpecificResults: [
          { EvalResourceName: report, EvalResourceDecision: 'allowed' },
          { EvalResourceName: other, EvalResourceDecision: 'implicitDeny' },
        ],
      },
      { EvalActionName: 's3:DeleteObject', EvalDecision: 'explicitDeny' },
    ]);
  });

  test('come page by page', async () => {
    const ActionNames = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'];
    const first = await simulate({ ActionNames, MaxItems: 2 });
    expect(first).toMatchObject({ IsTruncated: true });
    const second = await simulate({ ActionNames, MaxItems: 2, Marker: first.Marker });
    expect(second).toMatchObject({ IsTruncated: false });
    const names = [first, second].flatMap(({ EvaluationResults = [] }) =>
      EvaluationResults.map(({ EvalActionName }) => EvalActionName),
    );
    expect(names).toEqual(ActionNames);
  });

  test.each([
    { asked: ['*'], covered: '*', decision: 'allowed' },
    { asked: ['*'], covered: 'arn:aws:s3:::inbox/*', decision: 'implicitDeny' },
    { asked: ['arn:aws:s3:::inbox/*'], covered: 'arn:aws:s3:::inbox/*', decision: 'allowed' },
    { asked: ['arn:aws:s3:::inbox/*'], covered: 'arn:aws:s3:::inbox/reports/*', decision: 'implicitDeny' },
  ])('a pattern $asked is covered only by what covers all of it: $covered', async ({ asked, covered, decision }) => {
    withPolicies(policy(allow('s3:PutObject', covered)));
    expect(await resultOf({ ResourceArns: asked })).toMatchObject({ EvalDecision: decision });
  });

  test.each([
    {
      ActionNames: ['kms:GenerateDataKey'],
      ResourceArns: [customerKeyArn],
      format: 'arn:aws:kms:${Region}:${Account}:key/${KeyId}',
    },
    {
      ActionNames: ['sts:AssumeRole'],
      ResourceArns: [deliveryRoleArn],
      format: 'arn:aws:iam::${Account}:role/${RoleNameWithPath}',
    },
    { ActionNames: ['s3:ListBucket'], ResourceArns: ['arn:aws:s3:::inbox'], format: 'arn:aws:s3:::${BucketName}' },
    { ActionNames: ['s3:PutObject'], ResourceArns: ['*'], format: '*' },
  ])('name their kind: $format', async ({ format, ...asked }) => {
    withPolicies(policy(allow('*', '*')));
    expect(await resultOf(asked)).toMatchObject({ EvalResourceName: format, EvalDecision: 'allowed' });
  });
});

describe('refuses', () => {
  test('a resource policy, which it cannot simulate for roles', async () => {
    expect(await failureOf(simulate({ ResourcePolicy: JSON.stringify(policy()) }))).toEqual({
      code: 'InvalidInputException',
      status: 400,
      message: "Simulation of resource-based policies isn't supported for IAM roles.",
    });
  });

  test('to simulate another account', async () => {
    expect(await failureOf(simulate({}, customerRoot))).toEqual({
      code: 'InvalidInputException',
      status: 400,
      message:
        "Invalid Policy Source Arn: caller's account 222222222222 does not have access to policies in account 111111111111",
    });
  });

  test('a session, because roles have policies', async () => {
    expect(await failureOf(simulate({ PolicySourceArn: idle.arn }))).toMatchObject({
      code: 'InvalidInputException',
      message: `Invalid Entity Arn: ${idle.arn} does not clearly define entity type and name.`,
    });
  });

  test('a role that does not exist', async () => {
    expect(await failureOf(simulate({ PolicySourceArn: `${idleRoleArn}-gone` }))).toMatchObject({
      code: 'NoSuchEntityException',
      message: 'The role with name idle-gone cannot be found.',
    });
  });

  test('a caller without the permission', async () => {
    expect(await failureOf(simulate({}, idle))).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: `User: ${idle.arn} is not authorized to perform: iam:SimulatePrincipalPolicy on resource: ${deliveryRoleArn} because no identity-based policy allows the iam:SimulatePrincipalPolicy action`,
    });
    editRole(served.world, idleRoleArn, {
      policies: [{ name: 'ask', document: policy(allow('iam:SimulatePrincipalPolicy', deliveryRoleArn)) }],
    });
    expect(await simulate({}, idle)).toHaveProperty('EvaluationResults');
  });

  test.each([{ CallerArn: idleRoleArn }, { ResourceHandlingOption: 'EC2-VPC-EBS' }])('%j by name', async (input) => {
    const [name = ''] = Object.keys(input);
    expect(await failureOf(simulate(input))).toMatchObject({
      code: 'NotImplemented',
      message: expect.stringContaining(`the parameter ${name} of SimulatePrincipalPolicy`),
    });
  });

  test('an invalid policy', async () => {
    expect(await failureOf(simulate({ PolicyInputList: ['{'] }))).toMatchObject({
      code: 'InvalidInputException',
      message: 'Invalid JSON in PolicyInputList.1.',
    });
  });

  test('an owner that is not a root ARN', async () => {
    expect(await failureOf(simulate({ ResourceOwner: '222222222222' }))).toMatchObject({
      code: 'InvalidInputException',
      message: "'222222222222' is not a valid as a Resource Owner.",
    });
    expect(await simulate({ ResourceOwner: 'arn:aws:iam::222222222222:root' })).toHaveProperty('EvaluationResults');
  });
});
