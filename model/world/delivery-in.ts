import { sessionArn } from '../../core/arn.ts';
import { type Delivery, type DeliveryDefaults, deliveryOf } from '../../core/delivery/delivery.ts';
import { type DeliveryRequest, requestsOf } from '../../core/delivery/requests.ts';
import type { TestEvent } from '../../core/event.ts';
import { sessionPolicyFor } from '../../core/session-policy.ts';
import { keptIn } from '../../core/values.ts';
import type { Step } from '../../core/vocabulary.ts';
import { checkCaller } from './callers.ts';
import type { Caller, PolicyDocument, World } from './world.ts';

/** The delivery that Account A's function makes of an event, with the same code and this world's environment. */

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

const deliveries = new WeakMap<TestEvent, Map<string, Delivery>>();

/** One and the same as long as the event is: worlds that differ in their policies have the same delivery. */
export function deliveryIn(world: World, event: TestEvent): Delivery {
  const ofEvent = keptIn(deliveries, event, () => new Map<string, Delivery>());
  const defaults = eventDefaults(world);
  return keptIn(ofEvent, JSON.stringify(defaults), () => deliveryOf(event, defaults));
}

const sessionPolicies = new WeakMap<Delivery, PolicyDocument>();

/** Every request of a delivery; of all worlds that have the same one. */
export function requestsIn(world: World, event: TestEvent): readonly DeliveryRequest[] {
  return requestsOf(deliveryIn(world, event));
}

/** The check assumes the role; its session does the rest. */
export function callerAt(step: Step, world: World, event: TestEvent): Caller {
  return step === 'assume-delivery-role' ? checkCaller(world) : delivererIn(world, event);
}

/** The session policy of the delivery role's session. */
export function requestedSessionPolicy(world: World, event: TestEvent): PolicyDocument {
  const delivery = deliveryIn(world, event);
  // Through JSON, as it travels: the two types differ in how exactly they know the elements of a statement.
  return keptIn(sessionPolicies, delivery, () => JSON.parse(JSON.stringify(sessionPolicyFor(delivery))));
}

/** The caller that S3 and KMS see: a session of the delivery role, or the check itself if it assumes none. */
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
