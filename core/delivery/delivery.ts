import { objectArn, parseArn, partitionIn } from '../arn.ts';
import type { TestEvent } from '../event.ts';
import type { EventDefaults } from '../event-rules.ts';
import { inboxTestObjectKey, internalTestObjectKey } from '../object-keys.ts';
import type { ResourceRole } from '../permissions.ts';
import { type DeliveryKind, type DiagnosisMode, namesOf, type Step, steps } from '../vocabulary.ts';

/** A test event with every default filled in: what is to be delivered, from where, to where and as whom. */
export interface Delivery {
  readonly customer: string;
  readonly inbox: {
    readonly accountId: string;
    readonly region: string;
    readonly bucket: string;
    readonly kmsKeyArn: string;
    /** Empty for the whole bucket, else ending in a slash. */
    readonly prefix: string;
    readonly acl?: 'bucket-owner-full-control';
  };
  readonly internal: {
    readonly accountId: string;
    readonly region: string;
    readonly bucket: string;
    readonly kmsKeyArn: string;
    /** Set if the event names the bucket and it is not the function's own: only an answer of S3 shows that it exists. */
    readonly isOnlyNamed?: true;
    /** The service's own key, which encrypts the source of the copy where put-internal is denied. */
    readonly serviceKmsKeyArn?: string;
  };
  /** Absent where the caller's own credentials deliver. */
  readonly deliveryRoleArn?: string;
  readonly kind: DeliveryKind;
  readonly steps: readonly Step[];
  readonly diagnosis: DiagnosisMode;
  /** Set where CloudTrail is to be looked into after a denial. */
  readonly lookupEvents?: true;
}

export interface DeliveryDefaults extends EventDefaults {
  /** The owner of the internal bucket where no delivery role says it. */
  readonly accountId: string;
  readonly serviceKmsKeyArn?: string;
}

/** @param event one that parseTestEvent accepted with the same defaults */
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

/** Adds the steps that belong to the requested ones. Clean-up always runs, so that nothing stays behind. */
function withAttendants(asked: NonNullable<TestEvent['steps']>): readonly Step[] {
  const wanted = new Set<Step>([...asked, 'assume-delivery-role', 'clean-up']);
  if (wanted.has('copy-to-inbox')) wanted.add('verify-delivery');
  return namesOf(steps).filter((step) => wanted.has(step));
}

/** The ARN of a resource of a delivery; undefined for the role of a delivery that has none. */
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
