import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  type Organization,
  paginateListPoliciesForTarget,
} from '@aws-sdk/client-organizations';
import type { PolicyDocument } from '../../model/world/world.ts';
import { type AskedAccount, askAws, ofAllPages } from './ask-aws.ts';
import { all, mapped, type ReadResult, read, storedPolicy, type Unread } from './read-results.ts';

export interface OrganizationFacts {
  /** Undefined if the account is in no organization. */
  readonly id: ReadResult<string | undefined>;
  readonly serviceControlPolicies: ReadResult<readonly PolicyDocument[]>;
  readonly resourceControlPolicies: ReadResult<readonly PolicyDocument[]>;
}

type PolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** @param region only required by the client, because the service is global */
export async function gatherOrganization(account: AskedAccount, region: string): Promise<OrganizationFacts> {
  const organization = await gatherMembership(account, region);
  const id = mapped(organization, (found) => found?.Id);
  if (organization.kind === 'read' && isUnbound(account, organization.value)) {
    return { id, serviceControlPolicies: read([]), resourceControlPolicies: read([]) };
  }
  const targets = await targetsAbove(account, region);
  const ofType = (type: PolicyType) =>
    targets.kind === 'unread' ? targets : policiesOf(account, targets.value, type, region);
  const [serviceControlPolicies, resourceControlPolicies] = await Promise.all([
    ofType('SERVICE_CONTROL_POLICY'),
    ofType('RESOURCE_CONTROL_POLICY'),
  ]);
  return { id, serviceControlPolicies, resourceControlPolicies };
}

/** @returns undefined if the account is in no organization */
export function gatherMembership(account: AskedAccount, region: string): Promise<ReadResult<Organization | undefined>> {
  return askAws<Organization | undefined>(
    account,
    'organizations:DescribeOrganization',
    async (clients) => (await clients.organizations(region).send(new DescribeOrganizationCommand({}))).Organization,
    { AWSOrganizationsNotInUseException: undefined },
  );
}

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html */
function isUnbound({ accountId }: AskedAccount, organization: Organization | undefined): boolean {
  return organization === undefined || organization.MasterAccountId === accountId;
}

/** The account, its parent organizational units, and the root. Policies on any of them apply. */
async function targetsAbove(account: AskedAccount, region: string): Promise<ReadResult<readonly string[]>> {
  const targets = [account.accountId];
  for (;;) {
    const ChildId = targets.at(-1) ?? account.accountId;
    const parents = await askAws(account, 'organizations:ListParents', async (clients) => {
      const { Parents = [] } = await clients.organizations(region).send(new ListParentsCommand({ ChildId }));
      return Parents[0];
    });
    if (parents.kind === 'unread') return parents;
    if (parents.value?.Id === undefined) return read(targets);
    targets.push(parents.value.Id);
    if (parents.value.Type === 'ROOT') return read(targets);
  }
}

/** AWS's own policy that allows everything, which a scenario assumes at each level. */
const fullAccess: Readonly<Record<PolicyType, string>> = {
  SERVICE_CONTROL_POLICY: 'p-FullAWSAccess',
  RESOURCE_CONTROL_POLICY: 'p-RCPFullAWSAccess',
};

async function policiesOf(
  account: AskedAccount,
  targets: readonly string[],
  type: PolicyType,
  region: string,
): Promise<ReadResult<readonly PolicyDocument[]>> {
  const attached = await Promise.all(
    targets.map((target) =>
      askAws<readonly string[]>(
        account,
        'organizations:ListPoliciesForTarget',
        (clients) =>
          ofAllPages(
            paginateListPoliciesForTarget(
              { client: clients.organizations(region) },
              { TargetId: target, Filter: type },
            ),
            (page) => page.Policies?.flatMap(({ Id }) => Id ?? []),
          ),
        // This policy type is not enabled in the organization.
        { PolicyTypeNotEnabledException: [fullAccess[type]] },
      ),
    ),
  );
  const levels = all(attached);
  if (levels.kind === 'unread') return levels;
  const listed = targets.find((_, level) => !levels.value[level]?.includes(fullAccess[type]));
  if (listed !== undefined) return allowList(listed, type);
  const ids = new Set(levels.value.flat().filter((id) => id !== fullAccess[type]));
  return all(await Promise.all([...ids].map((id) => describe(account, id, region))));
}

function describe(account: AskedAccount, PolicyId: string, region: string): Promise<ReadResult<PolicyDocument>> {
  return askAws(account, 'organizations:DescribePolicy', async (clients): Promise<PolicyDocument> => {
    const { Policy } = await clients.organizations(region).send(new DescribePolicyCommand({ PolicyId }));
    return storedPolicy(Policy?.Content);
  });
}

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_strategies.html */
function allowList(target: string, type: PolicyType): Unread {
  return {
    kind: 'unread',
    needs: 'organizations:DescribePolicy',
    reason: `${target} has a list of what is allowed in place of ${fullAccess[type].slice(2)}, which a scenario cannot say`,
  };
}
