import { arnOf, partitionIn } from '../../core/arn.ts';
import type { Account, Policy, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { refusedByOwnAccount } from '../wire/own-account.ts';

/** The management account is neither of the two accounts. */
export const managementAccountId = '999999999999';

interface Member extends Account {
  readonly organizationId: string;
}

/**
 * Checks that a caller may read about its own account and organization. At AWS, members may read policies if the
 * organization's delegation policy lets them; here every account may read the policies attached to itself.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
 *
 * @param resource the ARN of the account, root or policy; `*` for the organization
 * @throws AwsError AWSOrganizationsNotInUseException or AccessDeniedException, 400
 */
export function member(
  world: World,
  request: SandboxRequest,
  { action, resource }: { readonly action: string; readonly resource: string },
): Member {
  const refusal = refusedByOwnAccount(world, request, `organizations:${action}`, resource);
  if (refusal !== undefined) throw new AwsError('AccessDeniedException', 400, refusal);
  const account = world.accounts.get(request.caller.accountId);
  if (account?.organizationId === undefined) {
    throw new AwsError('AWSOrganizationsNotInUseException', 400, 'Your account is not a member of an organization.');
  }
  return { ...account, organizationId: account.organizationId };
}

/** @param account its ID; for any other text, the result is the ARN of an account that is not in the organization */
export function organizationAccountArn(world: World, request: SandboxRequest, account: string): string {
  return arnIn(world, request, 'account', /^\d{12}$/.test(account) ? account : '000000000000');
}

export function rootArn(world: World, request: SandboxRequest, root: string): string {
  return arnIn(world, request, 'root', root);
}

/** AWS's own policies get such an ARN too, because the evaluator only knows policies of an organization. */
export function policyArn(world: World, request: SandboxRequest, type: string, id: string): string {
  return arnIn(world, request, 'policy', `${type}/${id}`);
}

/** `arn:aws:organizations::MANAGEMENT:TYPE/o-service/ID`, in the caller's organization. */
function arnIn({ accounts }: World, { caller }: SandboxRequest, type: string, id: string): string {
  const organizationId = accounts.get(caller.accountId)?.organizationId ?? '';
  return arnOf({
    partition: partitionIn(caller.arn),
    service: 'organizations',
    accountId: managementAccountId,
    resource: `${type}/${organizationId}/${id}`,
  });
}

/** An organization has one root and no organizational units; both accounts are directly under the root. */
export function rootIdOf({ organizationId }: Pick<Member, 'organizationId'>): string {
  return `r-${organizationId.replace(/^o-/, '')}`;
}

/** The policy types that limit principals and resources of a member account. */
export const organizationPolicyTypes = {
  SERVICE_CONTROL_POLICY: {
    attached: ({ serviceControlPolicies }: Account) => serviceControlPolicies,
    everything: fullAccess('service_control_policy', 'FullAWSAccess', 'Allows access to every operation'),
  },
  RESOURCE_CONTROL_POLICY: {
    attached: ({ resourceControlPolicies }: Account) => resourceControlPolicies,
    everything: fullAccess('resource_control_policy', 'RCPFullAWSAccess', 'Allows access to every resource'),
  },
} as const;
export type PolicyType = keyof typeof organizationPolicyTypes;
export const policyTypeNames = Object.keys(organizationPolicyTypes) as readonly PolicyType[];

export function isPolicyType(text: string | undefined): text is PolicyType {
  return text !== undefined && Object.hasOwn(organizationPolicyTypes, text);
}

interface OrganizationPolicy extends Policy {
  readonly arn: string;
  readonly description: string;
}

/**
 * AWS's own policy, attached to everything until someone detaches it.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
function fullAccess(type: string, name: string, description: string) {
  return (partition: string): OrganizationPolicy => ({
    name,
    arn: arnOf({ partition, service: 'organizations', accountId: 'aws', resource: `policy/${type}/p-${name}` }),
    description,
    document: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', ...(type === 'resource_control_policy' && { Principal: '*' }), Action: '*', Resource: '*' },
      ],
    },
  });
}

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html */
export function summary(type: PolicyType, policy: Policy): Readonly<Record<string, unknown>> {
  const everything = organizationPolicyTypes[type].everything(partitionIn(policy.arn));
  return {
    Id: policyId(policy),
    Arn: policy.arn,
    Name: policy.name,
    Description: policy.arn === everything.arn ? everything.description : '',
    Type: type,
    AwsManaged: policy.arn === everything.arn,
  };
}

/** `arn:…:policy/o-service/service_control_policy/p-00000001` is the policy `p-00000001`. */
export function policyId({ arn = '' }: Policy): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
