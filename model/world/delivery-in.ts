import { sessionArn } from '../../core/arn.ts';
import { type Delivery, type DeliveryDefaults, deliveryOf } from '../../core/delivery/delivery.ts';
import { type DeliveryRequest, requestsOf } from '../../core/delivery/requests.ts';
import type { TestEvent } from '../../core/event.ts';
import { sessionPolicyFor } from '../../core/session-policy.ts';
import { keptIn } from '../../core/values.ts';
import type { Step } from '../../core/vocabulary.ts';
import { checkCaller } from './callers.ts';
import type { Caller, PolicyDocument, World } from './world.ts';

/** The delivery that Account A's function derives from an event, using the same code and this world's environment. */

export function eventDefaults(world: World): DeliveryDefaults {
  return {
    accountId: world.serviceAccountId,
    // A scenario may have only one account, or an event that confuses the two.
    inboxesInThisAccount: true,
    region: world.buckets.get(world.internalBucket)?.region ?? '',
    internalBucket: world.internalBucket,
    deliveryRoleArn: world.deliveryRoleArn,
    serviceKmsKeyArn: world.serviceKeyArn,
  };
}

const deliveries = new WeakMap<TestEvent, Map<string, Delivery>>();

/** Cached per event, because worlds that differ only in policies have the same delivery. */
export function deliveryIn(world: World, event: TestEvent): Delivery {
  const ofEvent = keptIn(deliveries, event, () => new Map<string, Delivery>());
  const defaults = eventDefaults(world);
  return keptIn(ofEvent, JSON.stringify(defaults), () => deliveryOf(event, defaults));
}

const sessionPolicies = new WeakMap<Delivery, PolicyDocument>();

/** Every request of a delivery, shared by all worlds that have the same delivery. */
export function requestsIn(world: World, event: TestEvent): readonly DeliveryRequest[] {
  return requestsOf(deliveryIn(world, event));
}

/** The check assumes the role, and its session sends all other requests. */
export function callerAt(step: Step, world: World, event: TestEvent): Caller {
  return step === 'assume-delivery-role' ? checkCaller(world) : delivererIn(world, event);
}

/** The session policy of the delivery role's session. */
export function requestedSessionPolicy(world: World, event: TestEvent): PolicyDocument {
  const delivery = deliveryIn(world, event);
  // Converted through JSON, as when it is sent, because the types describe statements in different detail.
  return keptIn(sessionPolicies, delivery, () => JSON.parse(JSON.stringify(sessionPolicyFor(delivery))));
}

/** The caller that S3 and KMS see: a session of the delivery role, or the check itself if it assumes no role. */
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
