import type { TestEvent } from '../../core/event.ts';
import { faultsOf } from '../analysis/faults.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { UnknownPart } from '../world/scenario.ts';
import type { World } from '../world/world.ts';

/**
 * At each level (root, organizational units, account), a service control policy of that level must allow a request. No
 * file shows where its policy is attached: policies of one level add up, but each level must allow.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
export function openLevels(world: World, event: TestEvent): readonly UnknownPart[] {
  const account = world.accounts.get(world.serviceAccountId);
  const all = account?.serviceControlPolicies ?? [];
  const allowing = all.filter(({ document }) => statementsOf(document).some(({ Effect }) => Effect === 'Allow'));
  if (!account || allowing.length < 2) return [];
  const others = all.filter((one) => !allowing.includes(one));
  const facts = new Set([...(world.unknownFacts ?? [])].filter((fact) => fact !== 'fullAwsAccess'));
  const isRefusedBy = (some: typeof all) => {
    const alone = { ...account, fullAwsAccess: false, serviceControlPolicies: some };
    const accounts = new Map(world.accounts).set(account.id, alone);
    const faults = faultsOf({ ...world, unknownFacts: facts, accounts }, event);
    return faults.some(({ layer }) => layer === 'service-control-policy');
  };
  if (isRefusedBy(all) || !allowing.some((one) => isRefusedBy([one, ...others]))) return [];
  return [
    {
      part: 'service.serviceControlPolicies',
      why: 'Of several service control policies that allow, not each allows the delivery, and no file says at which level of the organization it is attached: those of one level add up, and each level has to allow.',
      needs:
        'Give those of one level as one policy, or leave out what is not on the way to the account of the service.',
    },
  ];
}
