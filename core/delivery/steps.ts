import { inboxTestObjectKey, internalTestObjectKey } from '../object-keys.ts';
import type { Operation } from '../permissions.ts';
import type { RequestSummary } from '../report.ts';
import { defined } from '../values.ts';
import type { Step } from '../vocabulary.ts';
import type { Delivery } from './delivery.ts';

interface AskedStep {
  readonly delivery: Delivery;
  readonly runId: string;
  /** The object to copy; absent until it is known. */
  readonly source?: { readonly kmsKeyArn: string };
  /** The last request of a step that sends more than one. */
  readonly operation?: Operation;
}

/** The request of each step, as a report shows it. `verify-delivery` sends none. */
export const requestOfStep: Readonly<Record<Exclude<Step, 'verify-delivery'>, (asked: AskedStep) => RequestSummary>> = {
  'assume-delivery-role': ({ delivery: { deliveryRoleArn, internal } }) => ({
    operation: 'AssumeRole',
    ...(deliveryRoleArn && { roleArn: deliveryRoleArn }),
    region: internal.region,
  }),
  'put-internal': (asked) => ({
    operation: 'PutObject',
    ...internalObject(asked),
    kmsKeyArn: asked.delivery.internal.kmsKeyArn,
  }),
  'copy-to-inbox': (asked) => {
    const { delivery, source, operation } = asked;
    const { acl, kmsKeyArn } = delivery.inbox;
    const { bucket, key } = internalObject(asked);
    return {
      operation: delivery.kind === 'copy' ? 'CopyObject' : (operation ?? 'CreateMultipartUpload'),
      ...inboxObject(asked),
      copySource: `${bucket}/${key}`,
      kmsKeyArn,
      ...defined({ sourceKmsKeyArn: source?.kmsKeyArn, acl }),
    };
  },
  // A multipart delivery sends two requests here; report the one that failed.
  'clean-up': (asked) =>
    asked.operation === 'AbortMultipartUpload'
      ? { operation: asked.operation, ...inboxObject(asked) }
      : { operation: 'DeleteObject', ...internalObject(asked) },
};

function internalObject({ delivery: { internal, customer }, runId }: AskedStep) {
  const { bucket, accountId, region } = internal;
  return { bucket, key: internalTestObjectKey(customer, runId), expectedBucketOwner: accountId, region };
}

function inboxObject({ delivery: { inbox } }: AskedStep) {
  const { bucket, accountId, region, prefix } = inbox;
  return { bucket, key: inboxTestObjectKey(prefix), expectedBucketOwner: accountId, region };
}

/** Why a step was not tried, or only to prepare another one. */
export const reasonsOfSteps = {
  noRole: "No delivery role is configured: the caller's own credentials deliver.",
  notAssumed: 'The delivery role was not assumed.',
  nothingDelivered: 'Nothing was delivered.',
  nothingStored: 'Nothing was stored.',
  notAsked: "The event's steps don't ask for it.",
  stored: 'Not asked for: it stored the object to be copied.',
  triedToStore: 'Not asked for: it was tried only to store the object to be copied.',
} as const;

export function nothingToCopy(why: string): string {
  return `There is no object to copy: put-internal ${why}`;
}
