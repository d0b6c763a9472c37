import { type Arn, parseArn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { defined } from '../../core/values.ts';
import type { AccountNames } from './default-names.ts';
import type { CustomerPart } from './scenario-schema.ts';

/**
 * Names of real accounts that differ from those in the templates or the default world. Absent ones keep their
 * default.
 */
export interface WorldNames {
  readonly customer?: string;
  readonly prefix?: string;
  readonly deliveryRoleArn?: string;
  readonly internalBucket?: string;
  /** The service's key that encrypts staged reports; absent if the customer's key does. */
  readonly serviceKeyArn?: string;
  readonly inboxBucket?: string;
  readonly inboxKeyArn?: string;
}

export interface EventNames {
  readonly names: WorldNames;
  readonly service: Partial<Pick<AccountNames, 'accountId' | 'region'>>;
  readonly customer: Partial<Pick<AccountNames, 'accountId' | 'region'>> & Pick<CustomerPart, 'key'>;
}

/**
 * Chooses names for the two accounts that match an event.
 *
 * @param event an event that is valid by itself
 */
export function worldNamesIn({ customer, inbox, internal, deliveryRoleArn }: TestEvent): EventNames {
  const inboxKey = parseArn(inbox.kmsKeyArn);
  const internalKey = parseArn(internal?.kmsKeyArn ?? inbox.kmsKeyArn);
  const serviceAccountId = parseArn(deliveryRoleArn ?? '')?.accountId;
  const hasOwnKey = internal?.kmsKeyArn !== undefined && internal.kmsKeyArn !== inbox.kmsKeyArn;
  const isServices = internalKey?.accountId !== inboxKey?.accountId && internalKey?.accountId !== inbox.accountId;
  return {
    names: {
      customer,
      prefix: inbox.prefix ?? '',
      inboxBucket: inbox.bucket,
      inboxKeyArn: inbox.kmsKeyArn,
      ...defined({ deliveryRoleArn, internalBucket: internal?.bucket }),
      ...(hasOwnKey && isServices && { serviceKeyArn: internal.kmsKeyArn }),
    },
    service: {
      // S3 only uses keys in its own Region, so the internal bucket is in its key's Region.
      ...defined({
        region: internalKey?.region,
        accountId: serviceAccountId ?? (hasOwnKey && isServices ? internalKey?.accountId : undefined),
      }),
    },
    customer: {
      accountId: inbox.accountId,
      region: inbox.region,
      ...(inboxKey &&
        internalKey &&
        isRelated(inboxKey, internalKey) && { key: { replicas: [{ region: internalKey.region }] } }),
    },
  };
}

/** True for related keys of a multi-Region key, which share one ID in several Regions of one account. */
function isRelated(a: Arn, b: Arn): boolean {
  return (
    a.accountId === b.accountId && a.resource === b.resource && a.region !== b.region && /^key\/mrk-/.test(a.resource)
  );
}
