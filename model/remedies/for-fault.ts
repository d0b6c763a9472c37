import { type Asked, relationOf } from '../../core/advice/asked.ts';
import { remedyFor } from '../../core/advice/remedy.ts';
import { accountIn, bucketIn, nameOf, parseArn } from '../../core/arn.ts';
import type { KeyTrouble } from '../../core/aws-words/key-troubles.ts';
import type { MessageDenial } from '../../core/aws-words/message.ts';
import { isAskedOfSeveral, requestsOf } from '../../core/delivery/requests.ts';
import type { TestEvent } from '../../core/event.ts';
import type { Denial, Remedy } from '../../core/report.ts';
import type { Fault } from '../analysis/faults.ts';
import { callerAt, deliveryIn } from '../world/delivery-in.ts';
import type { KeyState, World } from '../world/world.ts';

/** The remedy for a fault found in the documents, with the texts and statements of the check's own remedies. */
export function remedyForFault(world: World, event: TestEvent, fault: Fault): Remedy | undefined {
  const { denial, asked } = deniedBy(world, event, fault);
  return remedyFor(denial, asked, saidOf(world, fault));
}

const troubles: Readonly<Partial<Record<KeyState, KeyTrouble>>> = {
  Disabled: 'disabled',
  PendingDeletion: 'pending-deletion',
  PendingReplicaDeletion: 'pending-deletion',
  PendingImport: 'pending-import',
  Unavailable: 'unavailable',
  Creating: 'creating',
};

/** AWS's most detailed message for the fault. */
export function saidOf(world: World, { layer, effect, resource }: Fault): MessageDenial {
  const key = layer === 'key-state' ? world.keys.get(resource) : undefined;
  const keyTrouble = key && (troubles[key.state] ?? 'other-kind');
  return { wording: 'named', layer, ...(effect && { effect }), ...(keyTrouble && { keyTrouble }) };
}

/** A fault as the check would report it, if it knew. */
export function deniedBy(
  world: World,
  event: TestEvent,
  fault: Fault,
): { readonly denial: Denial; readonly asked: Asked } {
  const { step, action, resource, on, layer, effect, side, accountId, statement } = fault;
  const delivery = deliveryIn(world, event);
  const caller = callerAt(step, world, event);
  // A session's ARN lacks the path of its role.
  const principal = caller.roleArn ?? caller.arn;
  const denial: Denial = {
    principal,
    action,
    resource,
    ...(on && isAskedOfSeveral(delivery, step, action) && { on }),
    layer,
    ...(effect && { effect }),
    side,
    accountId,
    ...(effect === 'explicit' && statement?.policyArn && { policyArn: statement.policyArn }),
  };
  const resourceAccountId = ownerOf(world, resource);
  const asked: Asked = {
    delivery,
    step,
    action,
    resource,
    role: fault.on ?? requestsOf(delivery).find((one) => one.step === step && one.action === action)?.on,
    principal,
    principalAccountId: caller.accountId,
    resourceAccountId,
    relation: relationOf(caller.accountId, resourceAccountId),
    owner: resourceAccountId === world.serviceAccountId ? 'service' : 'customer',
    viaS3: action.startsWith('kms:'),
    namesNoDeletedRole: namesNoDeletedRole(world, fault),
    // AWS answers as if the role's trust policy were at fault, but the documents show that the role doesn't exist.
    ...(layer === 'role-trust-policy' && !world.roles.has(resource) && { missing: insteadOf(world, resource) }),
  };
  return { denial, asked };
}

/** A policy shows a role's unique ID only after the role was deleted. */
function namesNoDeletedRole({ buckets, keys, roles }: World, { layer, resource }: Fault): boolean {
  const policies = {
    'bucket-policy': buckets.get(bucketIn(resource) ?? '')?.policy,
    'key-policy': keys.get(resource)?.policy,
    'role-trust-policy': roles.get(resource)?.trustPolicy,
  } as const;
  const policy = layer in policies ? policies[layer as keyof typeof policies] : undefined;
  return !/A(?:ROA|IDA)[A-Z0-9]{12,}/.test(JSON.stringify(policy ?? null));
}

/** A role with the same name. Names are unique within an account, whatever the path. */
function insteadOf({ roles }: World, roleArn: string): NonNullable<Asked['missing']> {
  const found = [...roles.keys()].find(
    (arn) => nameOf(arn) === nameOf(roleArn) && accountIn(arn) === accountIn(roleArn),
  );
  return found === undefined ? {} : { instead: found };
}

function ownerOf({ buckets }: World, resource: string): string | undefined {
  const bucket = bucketIn(resource);
  return bucket === undefined ? parseArn(resource)?.accountId : buckets.get(bucket)?.accountId;
}
