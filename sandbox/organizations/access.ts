import { arnOf, partitionIn } from '../../core/arn.ts';
import { authorize } from '../../model/policies/authorize.ts';
import { denialMessage } from '../../model/policies/message.ts';
import type { Account, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';

/** The management account is neither of the two. */
export const managementAccountId = '999999999999';

/** The account of the caller, which is in an organization. */
interface Member extends Account {
  readonly organizationId: string;
}

/**
 * Whether a caller may ask about its own account and organization. At AWS, members may read policies where the
 * organization's delegation policy lets them; here it lets every account read what is attached to itself.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
 *
 * @param resource the ARN of the account, root or policy that is asked about; `*` for the organization
 * @throws AwsError AWSOrganizationsNotInUseException or AccessDeniedException, 400
 */
export function member(
  world: World,
  { caller, region }: SandboxRequest,
  { action, resource }: { readonly action: string; readonly resource: string },
): Member {
  const question = {
    caller,
    action: `organizations:${action}`,
    resource,
    resourceAccountId: caller.accountId,
    context: { 'aws:RequestedRegion': region },
  };
  const decision = authorize(world, question);
  if (!decision.allowed) {
    throw new AwsError('AccessDeniedException', 400, denialMessage(world, question, decision));
  }
  const account = world.accounts.get(caller.accountId);
  if (account?.organizationId === undefined) {
    throw new AwsError('AWSOrganizationsNotInUseException', 400, 'Your account is not a member of an organization.');
  }
  return { ...account, organizationId: account.organizationId };
}

/** @param account its id; whatever is none stands for no account of the organization */
export function organizationAccountArn(world: World, request: SandboxRequest, account: string): string {
  return arnIn(world, request, 'account', /^\d{12}$/.test(account) ? account : '000000000000');
}

export function rootArn(world: World, request: SandboxRequest, root: string): string {
  return arnIn(world, request, 'root', root);
}

/** Also of AWS's own, which the evaluator knows as policies of an organization only. */
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

/** An organization has one root, and both accounts are right below it: there are no organizational units. */
export function rootIdOf({ organizationId }: Pick<Member, 'organizationId'>): string {
  return `r-${organizationId.replace(/^o-/, '')}`;
}
