import type { Role, World } from '../../model/world/world.ts';
import type { AttachedPolicy } from './attached-policy.ts';
import { mustHave, withInbox, withRole } from './worlds.ts';

/** The policies that the customer's template creates, by the resource that they are attached to. */
export const customerPolicies: Readonly<Record<string, AttachedPolicy>> = {
  'bucket policy': {
    of: ({ buckets, inboxBucket }) => mustHave(buckets, inboxBucket).policy,
    put: (world, policy) => withInbox(world, (bucket) => ({ ...bucket, policy })),
  },
  'key policy': {
    of: ({ keys, inboxKeyArn }) => mustHave(keys, inboxKeyArn).policy,
    put: (world, policy) => ({
      ...world,
      keys: new Map([...world.keys, [world.inboxKeyArn, { ...mustHave(world.keys, world.inboxKeyArn), policy }]]),
    }),
  },
  "trust policy of the readers' role": {
    of: ({ roles }) => readersRole(roles)?.trustPolicy,
    put: (world, trustPolicy) => withReadersRole(world, (role) => ({ ...role, trustPolicy })),
  },
  "policy of the readers' role": {
    of: ({ roles }) => readersRole(roles)?.policies[0]?.document,
    put: (world, policy) =>
      withReadersRole(world, (role) => ({ ...role, policies: [{ name: 'read-reports', document: policy }] })),
  },
};

export function readersRole(roles: World['roles']): Role | undefined {
  return [...roles.values()].find(({ name }) => name.endsWith('ReportReaderRole'));
}

function withReadersRole(world: World, change: (role: Role) => Role): World {
  const role = readersRole(world.roles);
  return role === undefined ? world : withRole(world, change(role));
}
