import { randomBytes } from 'node:crypto';
import type { PolicyDocument, Role, World } from '../../../../model/world/world.ts';
import { authorizeIam, namedRole } from '../../../../sandbox/iam/access.ts';
import { encodedPolicy } from '../../../../sandbox/iam/policy-text.ts';
import { AwsError, type SandboxRequest, type ServiceOperation } from '../../../../sandbox/wire/operation.ts';
import { QueryInput, queryResponse, type XmlValue } from '../../../../sandbox/wire/query.ts';
import { type Made, missingPrincipals } from './double.ts';

interface ManagedPolicy {
  readonly arn: string;
  readonly versions: Map<string, PolicyDocument>;
  default: string;
  count: number;
}

type Result = { readonly [name: string]: XmlValue };
type Work = (world: World, input: QueryInput, request: SandboxRequest) => Result | Promise<Result>;

const roleId = () => `AROA${randomBytes(12).toString('hex').toUpperCase().slice(0, 17)}`;

/** The IAM operations with which the command writes. https://docs.aws.amazon.com/IAM/latest/APIReference/ */
export function iamWrites({ tags, later }: Made): Readonly<Record<string, ServiceOperation>> {
  const managed = new Map<string, ManagedPolicy>();

  const edit = (world: World, { arn }: Role, change: (role: Role) => Role) =>
    later(() => {
      const role = world.roles.get(arn);
      if (role) world.roles.set(arn, change(role));
    });

  const tagsIn = (input: QueryInput) =>
    Object.fromEntries(
      input.members('Tags').map((at) => [input.string(`${at}.Key`) ?? '', input.string(`${at}.Value`) ?? '']),
    );
  const listed = (arn: string) => Object.entries(tags.get(arn) ?? {}).map(([Key, Value]) => ({ Key, Value }));

  const documentIn = (world: World, text: string): PolicyDocument => {
    const [missing] = missingPrincipals(world, text);
    if (missing) throw new AwsError('MalformedPolicyDocument', 400, `Invalid principal in policy: "AWS":"${missing}"`);
    const document = JSON.parse(text) as PolicyDocument;
    if ([document.Statement].flat().length === 0) {
      throw new AwsError('MalformedPolicyDocument', 400, 'Syntax errors in policy.');
    }
    return document;
  };

  const policyIn = (input: QueryInput): ManagedPolicy => {
    const arn = input.string('PolicyArn') ?? '';
    const policy = managed.get(arn);
    if (!policy) throw new AwsError('NoSuchEntity', 404, `Policy ${arn} was not found.`);
    return policy;
  };

  const works: Readonly<Record<string, Work>> = {
    CreateRole(world, input, { caller }) {
      const name = input.string('RoleName') ?? '';
      const arn = `arn:aws:iam::${caller.accountId}:role/${name}`;
      if (world.roles.has(arn))
        throw new AwsError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
      const trustPolicy = documentIn(world, input.string('AssumeRolePolicyDocument') ?? '');
      const role = { arn, accountId: caller.accountId, name, roleId: roleId(), trustPolicy, policies: [] };
      world.roles.set(arn, role);
      tags.set(arn, tagsIn(input));
      return { Role: { Arn: arn, RoleName: name, RoleId: role.roleId, Path: '/', CreateDate: new Date() } };
    },
    async GetRole(world, input, request) {
      const role = namedRole(world, request, 'GetRole', input);
      const boundary = role.permissionsBoundary?.arn;
      return {
        Role: {
          Arn: role.arn,
          RoleName: role.name,
          RoleId: role.roleId,
          Path: '/',
          AssumeRolePolicyDocument: encodedPolicy(role.trustPolicy),
          Tags: listed(role.arn),
          PermissionsBoundary: boundary
            ? { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary }
            : undefined,
        },
      };
    },
    async TagRole(world, input, request) {
      const role = namedRole(world, request, 'TagRole', input);
      tags.set(role.arn, { ...tags.get(role.arn), ...tagsIn(input) });
      edit(world, role, (now) => ({ ...now, tags: { ...now.tags, ...tagsIn(input) } }));
      return {};
    },
    async UntagRole(world, input, request) {
      const role = namedRole(world, request, 'UntagRole', input);
      const without = (all: Role['tags'] = {}) =>
        Object.fromEntries(Object.entries(all).filter(([key]) => !input.strings('TagKeys').includes(key)));
      tags.set(role.arn, without(tags.get(role.arn)));
      edit(world, role, (now) => ({ ...now, tags: without(now.tags) }));
      return {};
    },
    async UpdateAssumeRolePolicy(world, input, request) {
      const role = namedRole(world, request, 'UpdateAssumeRolePolicy', input);
      const trustPolicy = documentIn(world, input.string('PolicyDocument') ?? '');
      edit(world, role, (now) => ({ ...now, trustPolicy }));
      return {};
    },
    async PutRolePolicy(world, input, request) {
      const role = namedRole(world, request, 'PutRolePolicy', input);
      const policy = {
        name: input.string('PolicyName') ?? '',
        document: documentIn(world, input.string('PolicyDocument') ?? ''),
      };
      edit(world, role, (now) => ({
        ...now,
        policies: [...now.policies.filter(({ name }) => name !== policy.name), policy],
      }));
      return {};
    },
    async DeleteRolePolicy(world, input, request) {
      const role = namedRole(world, request, 'DeleteRolePolicy', input);
      edit(world, role, (now) => ({
        ...now,
        policies: now.policies.filter(({ name }) => name !== input.string('PolicyName')),
      }));
      return {};
    },
    async PutRolePermissionsBoundary(world, input, request) {
      const role = namedRole(world, request, 'PutRolePermissionsBoundary', input);
      const arn = input.string('PermissionsBoundary') ?? '';
      const policy = managed.get(arn);
      const document = policy?.versions.get(policy.default);
      if (!document) throw new AwsError('NoSuchEntity', 404, `Policy ${arn} was not found.`);
      edit(world, role, (now) => ({
        ...now,
        permissionsBoundary: { name: arn.split('/').at(-1) ?? '', arn, document },
      }));
      return {};
    },
    async DeleteRolePermissionsBoundary(world, input, request) {
      const role = namedRole(world, request, 'DeleteRolePermissionsBoundary', input);
      edit(world, role, ({ permissionsBoundary: _, ...now }) => now);
      return {};
    },
    async DeleteRole(world, input, request) {
      const role = namedRole(world, request, 'DeleteRole', input);
      if (role.policies.length > 0) {
        throw new AwsError('DeleteConflict', 409, 'Cannot delete entity, must delete policies first.');
      }
      world.roles.delete(role.arn);
      return {};
    },
    CreatePolicy(_, input, { caller }) {
      const arn = `arn:aws:iam::${caller.accountId}:policy/${input.string('PolicyName')}`;
      if (managed.has(arn)) throw new AwsError('EntityAlreadyExists', 409, `A policy called ${arn} already exists.`);
      const document = JSON.parse(input.string('PolicyDocument') ?? '') as PolicyDocument;
      managed.set(arn, { arn, versions: new Map([['v1', document]]), default: 'v1', count: 1 });
      tags.set(arn, tagsIn(input));
      return { Policy: { Arn: arn, DefaultVersionId: 'v1' } };
    },
    GetPolicy(_, input) {
      const { arn, default: version } = policyIn(input);
      return { Policy: { Arn: arn, DefaultVersionId: version, Tags: listed(arn) } };
    },
    CreatePolicyVersion(world, input) {
      const policy = policyIn(input);
      if (policy.versions.size >= 5)
        throw new AwsError('LimitExceeded', 409, 'A managed policy can have up to 5 versions.');
      const version = `v${++policy.count}`;
      const document = JSON.parse(input.string('PolicyDocument') ?? '') as PolicyDocument;
      policy.versions.set(version, document);
      policy.default = version;
      for (const role of world.roles.values()) {
        if (role.permissionsBoundary?.arn === policy.arn) {
          edit(world, role, (now) => ({
            ...now,
            permissionsBoundary: { name: policy.arn.split('/').at(-1) ?? '', arn: policy.arn, document },
          }));
        }
      }
      return { PolicyVersion: { VersionId: version, IsDefaultVersion: true } };
    },
    ListPolicyVersions(_, input) {
      const policy = policyIn(input);
      const Versions = [...policy.versions.keys()].map((VersionId) => ({
        VersionId,
        IsDefaultVersion: VersionId === policy.default,
      }));
      return { Versions, IsTruncated: false };
    },
    DeletePolicyVersion(_, input) {
      const policy = policyIn(input);
      const version = input.string('VersionId') ?? '';
      if (version === policy.default)
        throw new AwsError('DeleteConflict', 409, 'Cannot delete the default version of a policy.');
      policy.versions.delete(version);
      return {};
    },
    DeletePolicy(world, input) {
      const { arn, versions } = policyIn(input);
      const isUsed = [...world.roles.values()].some(({ permissionsBoundary }) => permissionsBoundary?.arn === arn);
      if (isUsed || versions.size > 1)
        throw new AwsError('DeleteConflict', 409, 'This policy has more than one version, or is attached.');
      managed.delete(arn);
      return {};
    },
  };
  return Object.fromEntries(
    Object.entries(works).map(([action, work]) => [
      action,
      async (world: World, request: SandboxRequest) => {
        const input = QueryInput.of(request);
        if (/^Create|Policy(Version|Versions)?$/.test(action) && !/Role/.test(action)) {
          authorizeIam(world, request, { action, resource: input.string('PolicyArn') ?? '*' });
        } else if (action === 'CreateRole')
          authorizeIam(world, request, { action, resource: `role/${input.string('RoleName')}` });
        return queryResponse('iam', action, request, await work(world, input, request));
      },
    ]),
  );
}
