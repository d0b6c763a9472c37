import { statementsOf } from '../../model/world/policy-parts.ts';
import type { World } from '../../model/world/world.ts';
import type { AttachedPolicy } from './attached-policy.ts';
import { document, mustHave, withRole } from './worlds.ts';

/** The policies that Account A gives to the roles that check and deliver. */
export const servicePolicies: Readonly<Record<string, AttachedPolicy>> = {
  'policy of the delivery role': inlinePolicyOf(({ deliveryRoleArn }) => deliveryRoleArn),
  'trust policy of the delivery role': {
    of: ({ roles, deliveryRoleArn }) => mustHave(roles, deliveryRoleArn).trustPolicy,
    put: (world, trustPolicy) => withRole(world, { ...mustHave(world.roles, world.deliveryRoleArn), trustPolicy }),
  },
  "policy of the check's role": inlinePolicyOf(({ checkRoleArn }) => checkRoleArn),
};

/** All permissions of a role, as one document. */
function inlinePolicyOf(arnIn: (world: World) => string): AttachedPolicy {
  return {
    of: (world) =>
      document(mustHave(world.roles, arnIn(world)).policies.flatMap((policy) => statementsOf(policy.document))),
    put: (world, policy) =>
      withRole(world, { ...mustHave(world.roles, arnIn(world)), policies: [{ name: 'all', document: policy }] }),
  };
}
