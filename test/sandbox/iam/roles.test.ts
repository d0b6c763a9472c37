import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { failureOf, servedWorld } from '../kms/served-world.ts';
import { allow, customerRoot, deliveryRoleArn, editRole, idle, policy, serviceRoot } from '../small-world.ts';

const served = servedWorld();
const iam = (caller = serviceRoot) => served.clientsOf(caller).iam;
const documentOf = (encoded: string | undefined) => JSON.parse(decodeURIComponent(encoded ?? ''));

const managedArn = 'arn:aws:iam::111111111111:policy/shared/read';
const boundaryArn = 'arn:aws:iam::111111111111:policy/limit';
const read = policy(allow('s3:GetObject', '*'));
const special = policy(allow('s3:PutObject', "arn:aws:s3:::b/(it's)*!", { Sid: 'Characters<&>"' }));

beforeEach(() => {
  editRole(served.world, deliveryRoleArn, {
    policies: [
      { name: 'one', document: special },
      { name: 'read', arn: managedArn, document: read },
      { name: 'two', document: read },
    ],
    permissionsBoundary: { name: 'limit', arn: boundaryArn, document: read },
  });
});

test('GetRole returns the trust policy, percent-encoded, and the boundary', async () => {
  const { Role } = await iam().send(new GetRoleCommand({ RoleName: 'delivery' }));
  const expected = served.world.roles.get(deliveryRoleArn);
  expect(Role).toMatchObject({
    Arn: deliveryRoleArn,
    Path: '/',
    RoleId: expected?.roleId,
    PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundaryArn },
  });
  expect(Role?.AssumeRolePolicyDocument).not.toMatch(/[{"]/);
  expect(documentOf(Role?.AssumeRolePolicyDocument)).toEqual(JSON.parse(JSON.stringify(expected?.trustPolicy)));
});

test('inline and managed policies are listed separately, page by page', async () => {
  const first = await iam().send(new ListRolePoliciesCommand({ RoleName: 'delivery', MaxItems: 1 }));
  expect(first).toMatchObject({ PolicyNames: ['one'], IsTruncated: true });
  const second = await iam().send(
    new ListRolePoliciesCommand({ RoleName: 'delivery', MaxItems: 1, Marker: first.Marker }),
  );
  expect(second).toMatchObject({ PolicyNames: ['two'], IsTruncated: false });
  expect(await iam().send(new ListAttachedRolePoliciesCommand({ RoleName: 'delivery' }))).toMatchObject({
    AttachedPolicies: [{ PolicyName: 'read', PolicyArn: managedArn }],
    IsTruncated: false,
  });
});

test('GetRolePolicy returns an inline policy whatever characters it has, and no managed one', async () => {
  const { PolicyDocument } = await iam().send(new GetRolePolicyCommand({ RoleName: 'delivery', PolicyName: 'one' }));
  expect(documentOf(PolicyDocument)).toEqual(special);
  expect(await failureOf(iam().send(new GetRolePolicyCommand({ RoleName: 'delivery', PolicyName: 'read' })))).toEqual({
    code: 'NoSuchEntityException',
    status: 404,
    message: 'The role policy with name read cannot be found.',
  });
});

test.each([
  { what: 'an attached policy', arn: managedArn, counts: { AttachmentCount: 1, PermissionsBoundaryUsageCount: 0 } },
  { what: 'a boundary', arn: boundaryArn, counts: { AttachmentCount: 0, PermissionsBoundaryUsageCount: 1 } },
])('$what can be read', async ({ arn, counts }) => {
  const { Policy } = await iam().send(new GetPolicyCommand({ PolicyArn: arn }));
  expect(Policy).toMatchObject({ Arn: arn, DefaultVersionId: 'v1', ...counts });
  const { PolicyVersion } = await iam().send(
    new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId }),
  );
  expect(documentOf(PolicyVersion?.Document)).toEqual(read);
});

test('a role that does not exist, or is in another account', async () => {
  expect(await failureOf(iam().send(new GetRoleCommand({ RoleName: 'gone' })))).toEqual({
    code: 'NoSuchEntityException',
    status: 404,
    message: 'The role with name gone cannot be found.',
  });
  expect(await failureOf(iam(customerRoot).send(new GetRoleCommand({ RoleName: 'delivery' })))).toMatchObject({
    code: 'NoSuchEntityException',
  });
});

const refusal = (action: string, resource: string) => ({
  code: 'AccessDenied',
  status: 403,
  message: `User: ${idle.arn} is not authorized to perform: iam:${action} on resource: ${resource} because no identity-based policy allows the iam:${action} action`,
});

test('each needs its permission; messages have names of roles and ARNs of policies', async () => {
  const RoleName = 'delivery';
  const client = iam(idle);
  expect(await failureOf(client.send(new GetRoleCommand({ RoleName })))).toEqual(refusal('GetRole', 'role delivery'));
  expect(await failureOf(client.send(new ListRolePoliciesCommand({ RoleName })))).toEqual(
    refusal('ListRolePolicies', 'role delivery'),
  );
  expect(await failureOf(client.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'one' })))).toEqual(
    refusal('GetRolePolicy', 'role delivery'),
  );
  expect(await failureOf(client.send(new ListAttachedRolePoliciesCommand({ RoleName })))).toEqual(
    refusal('ListAttachedRolePolicies', 'role delivery'),
  );
  expect(await failureOf(client.send(new GetPolicyCommand({ PolicyArn: managedArn })))).toEqual(
    refusal('GetPolicy', `policy ${managedArn}`),
  );
  expect(await failureOf(client.send(new GetPolicyVersionCommand({ PolicyArn: managedArn, VersionId: 'v1' })))).toEqual(
    refusal('GetPolicyVersion', `policy ${managedArn}`),
  );
});
