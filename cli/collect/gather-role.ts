import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type Role as IamRole,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import type { PolicyDocument } from '../../model/world/world.ts';
import { type AskedAccount, askAws, ofAllPages } from './ask-aws.ts';
import { all, encodedPolicyIn, mapped, type ReadResult, read } from './read-results.ts';

export interface RoleFacts {
  readonly arn: string;
  readonly exists: ReadResult<boolean>;
  readonly roleId: ReadResult<string>;
  readonly trustPolicy: ReadResult<PolicyDocument>;
  /** Inline policies first, then managed ones, in IAM's order. */
  readonly policies: ReadResult<readonly PolicyDocument[]>;
  readonly permissionsBoundary: ReadResult<PolicyDocument | undefined>;
  /** Tags are condition keys in every request of the role. */
  readonly isTagged: ReadResult<boolean>;
}

/** @param region only required by the client, because IAM is global */
export async function gatherRole(account: AskedAccount, arn: string, region: string): Promise<RoleFacts> {
  const RoleName = arn.slice(arn.lastIndexOf('/') + 1);
  const role = await askAws<IamRole | undefined>(
    account,
    'iam:GetRole',
    async (clients) => (await clients.iam(region).send(new GetRoleCommand({ RoleName }))).Role,
    { NoSuchEntityException: undefined, NoSuchEntity: undefined },
  );
  const exists = mapped(role, (found) => found !== undefined);
  if (role.kind === 'read' && role.value === undefined) {
    const nothing = read({ Version: '2012-10-17', Statement: [] });
    return {
      arn,
      exists,
      roleId: read(''),
      trustPolicy: nothing,
      policies: read([]),
      permissionsBoundary: read(undefined),
      isTagged: read(false),
    };
  }
  return {
    arn,
    exists,
    roleId: mapped(role, (found) => found?.RoleId ?? ''),
    trustPolicy:
      role.kind === 'unread'
        ? role
        : await askAws(account, 'iam:GetRole', async () => encodedPolicyIn(role.value?.AssumeRolePolicyDocument)),
    policies: await policiesOf(account, RoleName, region),
    permissionsBoundary: await boundaryOf(account, role, region),
    isTagged: mapped(role, (found) => (found?.Tags ?? []).length > 0),
  };
}

async function policiesOf(
  account: AskedAccount,
  RoleName: string,
  region: string,
): Promise<ReadResult<readonly PolicyDocument[]>> {
  const inline = await askAws(account, 'iam:ListRolePolicies', (clients) =>
    ofAllPages(paginateListRolePolicies({ client: clients.iam(region) }, { RoleName }), (page) => page.PolicyNames),
  );
  if (inline.kind === 'unread') return inline;
  const attached = await askAws(account, 'iam:ListAttachedRolePolicies', (clients) =>
    ofAllPages(paginateListAttachedRolePolicies({ client: clients.iam(region) }, { RoleName }), (page) =>
      page.AttachedPolicies?.flatMap(({ PolicyArn }) => PolicyArn ?? []),
    ),
  );
  if (attached.kind === 'unread') return attached;
  const documents = await Promise.all([
    ...inline.value.map((PolicyName) =>
      askAws(account, 'iam:GetRolePolicy', async (clients) => {
        const command = new GetRolePolicyCommand({ RoleName, PolicyName });
        return encodedPolicyIn((await clients.iam(region).send(command)).PolicyDocument);
      }),
    ),
    ...attached.value.map((arn) => managedPolicy(account, arn, region)),
  ]);
  return all(documents);
}

async function boundaryOf(
  account: AskedAccount,
  role: ReadResult<IamRole | undefined>,
  region: string,
): Promise<ReadResult<PolicyDocument | undefined>> {
  if (role.kind === 'unread') return role;
  const arn = role.value?.PermissionsBoundary?.PermissionsBoundaryArn;
  return arn === undefined ? read(undefined) : managedPolicy(account, arn, region);
}

async function managedPolicy(
  account: AskedAccount,
  PolicyArn: string,
  region: string,
): Promise<ReadResult<PolicyDocument>> {
  const version = await askAws(account, 'iam:GetPolicy', async (clients) => {
    const { Policy } = await clients.iam(region).send(new GetPolicyCommand({ PolicyArn }));
    return Policy?.DefaultVersionId;
  });
  if (version.kind === 'unread') return version;
  return askAws(account, 'iam:GetPolicyVersion', async (clients) => {
    const command = new GetPolicyVersionCommand({ PolicyArn, VersionId: version.value });
    return encodedPolicyIn((await clients.iam(region).send(command)).PolicyVersion?.Document);
  });
}
