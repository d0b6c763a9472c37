import type { Asked } from '../../core/advice/asked.ts';
import { relationOf } from '../../core/advice/asked.ts';
import { remedyFor } from '../../core/advice/remedy.ts';
import { bucketIn, parseArn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { permissionEdges } from '../../core/permissions.ts';
import type { Denial, Remedy } from '../../core/report.ts';
import type { Fault } from '../analysis/faults.ts';
import { checkCaller } from '../world/callers.ts';
import { delivererIn, deliveryIn } from '../world/delivery-in.ts';
import type { World } from '../world/world.ts';

/** What mends a fault that is known from the documents, in the words and statements of the check's own remedies. */
export function remedyForFault(world: World, event: TestEvent, fault: Fault): Remedy | undefined {
  const { resource, layer, effect } = fault;
  if (layer === 'role-trust-policy' && !world.roles.has(resource)) return missingRole(fault);
  const { denial, asked } = deniedBy(world, event, fault);
  return remedyFor(denial, asked, { wording: 'named', layer, ...(effect && { effect }) });
}

/** A fault as the check would tell of it, if it could know. */
export function deniedBy(
  world: World,
  event: TestEvent,
  fault: Fault,
): { readonly denial: Denial; readonly asked: Asked } {
  const { step, action, resource, layer, effect, side, accountId, statement } = fault;
  const caller = step === 'assume-delivery-role' ? checkCaller(world) : delivererIn(world, event);
  // A session's ARN lacks the path of its role.
  const principal = caller.roleArn ?? caller.arn;
  const denial: Denial = {
    principal,
    action,
    resource,
    layer,
    ...(effect && { effect }),
    side,
    accountId,
    ...(effect === 'explicit' && statement?.policyArn && { policyArn: statement.policyArn }),
  };
  const resourceAccountId = ownerOf(world, resource);
  const asked: Asked = {
    delivery: deliveryIn(world, event),
    step,
    action,
    resource,
    role: permissionEdges.find((edge) => edge.step === step && edge.action === action)?.on,
    principal,
    principalAccountId: caller.accountId,
    resourceAccountId,
    relation: relationOf(caller.accountId, resourceAccountId),
    owner: resourceAccountId === world.serviceAccountId ? 'service' : 'customer',
    viaS3: action.startsWith('kms:'),
  };
  return { denial, asked };
}

/** AWS answers as if the role's trust policy were at fault; whoever sees the documents knows better. */
function missingRole({ side, accountId, resource }: Fault): Remedy {
  return {
    side,
    accountId,
    target: resource,
    instruction:
      `Create the role ${resource}, or correct its ARN: deliveryRoleArn in the test event, or where the event has none, ` +
      'DELIVERY_ROLE_ARN in the environment of the check. There is no such role.',
  };
}

function ownerOf({ buckets }: World, resource: string): string | undefined {
  const bucket = bucketIn(resource);
  return bucket === undefined ? parseArn(resource)?.accountId : buckets.get(bucket)?.accountId;
}
