import { objectArn, parseArn, partitionIn } from '../arn.ts';
import type { TestEvent } from '../event.ts';
import type { EventDefaults } from '../event-rules.ts';
import { inboxTestObjectKey, internalTestObjectKey } from '../object-keys.ts';
import type { ResourceRole } from '../permissions.ts';
import { type DeliveryKind, type DiagnosisMode, namesOf, type Step, steps } from '../vocabulary.ts';

/** A test event with all defaults filled in: what to deliver, from where, to where, and as which principal. */
export interface Delivery {
  readonly customer: string;
  readonly inbox: {
    readonly accountId: string;
    readonly region: string;
    readonly bucket: string;
    readonly kmsKeyArn: string;
    /** Empty for the whole bucket, else it ends in a slash. */
    readonly prefix: string;
    readonly acl?: 'bucket-owner-full-control';
  };
  readonly internal: {
    readonly accountId: string;
    readonly region: string;
    readonly bucket: string;
    readonly kmsKeyArn: string;
    /** Set if the event names a bucket other than the function's own. Only an answer from S3 shows that it exists. */
    readonly isOnlyNamed?: true;
    /** The service's own key, which encrypts the source of the copy if put-internal is denied. */
    readonly serviceKmsKeyArn?: string;
  };
  /** Absent if the caller's own credentials deliver. */
  readonly deliveryRoleArn?: string;
  readonly kind: DeliveryKind;
  readonly steps: readonly Step[];
  readonly diagnosis: DiagnosisMode;
  /** Set if the check should look into CloudTrail after a denial. */
  readonly lookupEvents?: true;
}

export interface DeliveryDefaults extends EventDefaults {
  /** The owner of the internal bucket, if no delivery role shows it. */
  readonly accountId: string;
  readonly serviceKmsKeyArn?: string;
}

/** @param event an event that parseTestEvent accepted with the same defaults */
export function deliveryOf(event: TestEvent, defaults: DeliveryDefaults): Delivery {
  const { customer, inbox, internal } = event;
  const deliveryRoleArn = event.deliveryRoleArn ?? defaults.deliveryRoleArn;
  return {
    customer,
    inbox: {
      accountId: inbox.accountId,
      region: inbox.region,
      bucket: inbox.bucket,
      kmsKeyArn: inbox.kmsKeyArn,
      prefix: inbox.prefix ?? '',
      ...(inbox.acl && { acl: inbox.acl }),
    },
    internal: {
      accountId: parseArn(deliveryRoleArn ?? '')?.accountId ?? defaults.accountId,
      region: defaults.region,
      bucket: internal?.bucket ?? defaults.internalBucket ?? '',
      ...(internal?.bucket !== undefined && internal.bucket !== defaults.internalBucket && { isOnlyNamed: true }),
      kmsKeyArn: internal?.kmsKeyArn ?? inbox.kmsKeyArn,
      ...(defaults.serviceKmsKeyArn && { serviceKmsKeyArn: defaults.serviceKmsKeyArn }),
    },
    ...(deliveryRoleArn && { deliveryRoleArn }),
    kind: event.delivery ?? 'copy',
    steps: event.steps ? withAttendants(event.steps) : namesOf(steps),
    diagnosis: event.diagnosis ?? 'service-account',
    ...(event.lookupEvents && { lookupEvents: true }),
  };
}

/** Adds the steps that go with the requested ones. Clean-up always runs, so that nothing is left behind. */
function withAttendants(asked: NonNullable<TestEvent['steps']>): readonly Step[] {
  const wanted = new Set<Step>([...asked, 'assume-delivery-role', 'clean-up']);
  if (wanted.has('copy-to-inbox')) wanted.add('verify-delivery');
  return namesOf(steps).filter((step) => wanted.has(step));
}

/** The ARN of a delivery's resource; undefined for the role if the delivery has none. */
export function resourceArn(delivery: Delivery, role: ResourceRole, runId: string): string | undefined {
  const { inbox, internal, customer } = delivery;
  switch (role) {
    case 'delivery-role':
      return delivery.deliveryRoleArn;
    case 'internal-object':
      return objectArn(partitionIn(inbox.kmsKeyArn), internal.bucket, internalTestObjectKey(customer, runId));
    case 'internal-key':
      return internal.kmsKeyArn;
    case 'inbox-object':
      return objectArn(partitionIn(inbox.kmsKeyArn), inbox.bucket, inboxTestObjectKey(inbox.prefix));
    case 'inbox-key':
      return inbox.kmsKeyArn;
  }
}
