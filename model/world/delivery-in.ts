import { sessionArn } from '../../core/arn.ts';
import { type Delivery, type DeliveryDefaults, deliveryOf } from '../../core/delivery.ts';
import type { TestEvent } from '../../core/event.ts';
import { sessionPolicyFor } from '../../core/session-policy.ts';
import { checkCaller } from './callers.ts';
import type { Caller, PolicyDocument, World } from './world.ts';

/** What the function of Account A would make of an event: the same code, with what its environment says in this world. */

export function eventDefaults(world: World): DeliveryDefaults {
  return {
    accountId: world.serviceAccountId,
    // A scenario may be about one account, or about an event that takes the one for the other.
    inboxesInThisAccount: true,
    region: world.buckets.get(world.internalBucket)?.region ?? '',
    internalBucket: world.internalBucket,
    deliveryRoleArn: world.deliveryRoleArn,
    serviceKmsKeyArn: world.serviceKeyArn,
  };
}

export function deliveryIn(world: World, event: TestEvent): Delivery {
  return deliveryOf(event, eventDefaults(world));
}

/** What the check asks for when it assumes the delivery role. */
export function requestedSessionPolicy(world: World, event: TestEvent): PolicyDocument {
  // Through JSON, as it travels: the two types differ in how exactly they know the elements of a statement.
  return JSON.parse(JSON.stringify(sessionPolicyFor(deliveryIn(world, event))));
}

/** Whom S3 and KMS see: a session of the delivery role, or the check itself where it assumes none. */
export function delivererIn(world: World, event: TestEvent): Caller {
  const check = checkCaller(world);
  const { deliveryRoleArn, customer } = deliveryIn(world, event);
  const role = deliveryRoleArn === undefined ? undefined : world.roles.get(deliveryRoleArn);
  if (!role) return check;
  const session = `check-${customer}`;
  return {
    accessKeyId: 'ASIASANDBOXDELIVERER',
    secretAccessKey: '',
    accountId: role.accountId,
    arn: sessionArn(role.arn, session),
    userId: `${role.roleId}:${session}`,
    roleArn: role.arn,
    sessionPolicy: world.sessionPolicyOverride ?? requestedSessionPolicy(world, event),
  };
}
