import { isOfResource } from '../../core/layers.ts';
import { keptIn } from '../template/values.ts';
import { anybodyAnything, everything } from '../world/plain-policies.ts';
import type { Account, Role, World } from '../world/world.ts';
import type { DocumentOfWorld } from './document-edit.ts';

/**
 * The world in which what a document opens shows. The customer can't rely on what policies of the service's account refuse
 * today, so that for a document about the customer's own resources these let everything pass. Nobody writes the policies
 * of a caller to make up for those of resources that are somebody else's.
 */
export function unmasked(world: World, document: DocumentOfWorld): World {
  const ofWorld = keptIn(ofWorlds, world, () => new Map<string, World>());
  return keptIn(ofWorld, `${document.kind} ${document.owner}`, () => withoutMasks(world, document));
}

/** The same world as long as it is one: what is asked about it need not be found out again. */
const ofWorlds = new WeakMap<World, Map<string, World>>();

function withoutMasks(world: World, { kind, owner }: DocumentOfWorld): World {
  // Where deliveries are sent over plain HTTP, that is what has to change, and no document.
  const network = { ...world.network, secureTransport: true };
  if (!isOfResource(kind) || accountOf(world, owner) === world.serviceAccountId) return { ...world, network };
  const { vpcEndpoint } = network;
  return {
    ...world,
    roles: new Map([...world.roles].map(([arn, role]) => [arn, allowedEverything(role)])),
    accounts: new Map(
      [...world.accounts].map(([id, account]): [string, Account] => [id, { ...account, serviceControlPolicies: [] }]),
    ),
    network: { ...network, ...(vpcEndpoint && { vpcEndpoint: { ...vpcEndpoint, policy: anybodyAnything } }) },
  };
}

/** Of the owner of a document: a bucket, a key or role, or an account itself. */
function accountOf({ buckets, keys, roles }: World, owner: string): string {
  return (buckets.get(owner) ?? keys.get(owner) ?? roles.get(owner))?.accountId ?? owner;
}

function allowedEverything({ permissionsBoundary: _, ...role }: Role): Role {
  return { ...role, policies: [everything] };
}
