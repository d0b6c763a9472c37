import { keyArn } from '../../core/arn.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { Collected } from './collected.ts';
import { type KeyFacts, regionOf } from './gather-key.ts';
import type { Portable } from './portable.ts';
import type { UnknownParts } from './reading.ts';

/** The test event in a scenario's names; `null` takes out what the template's own event has. */
export function eventPart(
  { event, service, customer }: Collected,
  portable: Portable,
  unknown: UnknownParts,
): Readonly<Record<string, unknown>> {
  const { inbox, internal, deliveryRoleArn: _roleArn, ...rest } = event;
  const key = (arn: string) => portable.of(keyName(arn, customer.key, service.key));
  const bucket = literalInternalBucket(service.internalBucket);
  if (internal?.kmsKeyArn !== undefined) refuseThirdKey(internal.kmsKeyArn, { event, service, customer }, unknown);
  const waiting = {
    ...(bucket !== undefined && { bucket }),
    ...(internal?.kmsKeyArn !== undefined && { kmsKeyArn: key(internal.kmsKeyArn) }),
  };
  const roleIsMissing = service.deliveryRole.exists.kind === 'read' && !service.deliveryRole.exists.value;
  return {
    ...rest,
    inbox: {
      ...inbox,
      accountId: portable.of(inbox.accountId),
      kmsKeyArn: key(inbox.kmsKeyArn),
      prefix: inbox.prefix ?? null,
    },
    internal: Object.keys(waiting).length > 0 ? waiting : null,
    ...(roleIsMissing && { deliveryRoleArn: portable.of(service.deliveryRole.arn) }),
  };
}

/** The model always has an internal bucket: one that is missing is one of another name. */
function literalInternalBucket({ name, place }: Collected['service']['internalBucket']): string | undefined {
  return place.kind === 'read' && place.value.kind !== 'owned' ? name : undefined;
}

/** A key that is not where the event says keeps the event's ARN, with the id that it has in the model. */
function keyName(arn: string, customersKey: KeyFacts, serviceKey: KeyFacts | undefined): string {
  if (arn === serviceKey?.arn) return isMissing(serviceKey) ? arn : '${serviceKeyArn}';
  if (arn !== customersKey.arn || isMissing(customersKey)) return arn;
  const { metadata } = customersKey;
  const isElsewhere = metadata.kind === 'read' && metadata.value !== 'missing' && metadata.value.arn !== arn;
  return isElsewhere ? keyArn(regionOf(arn), '${customerAccountId}', defaults.customerKeyId) : '${inboxKeyArn}';
}

function isMissing({ metadata }: KeyFacts): boolean {
  return metadata.kind === 'read' && metadata.value === 'missing';
}

/** A scenario has one key of each account. */
function refuseThirdKey(arn: string, { event, service, customer }: Collected, unknown: UnknownParts): void {
  if (arn === event.inbox.kmsKeyArn || arn === customer.key.arn || arn === service.key?.arn) return;
  unknown.add('service.internal.kmsKeyPolicy', 'kms:GetKeyPolicy', `a scenario has no place for the key ${arn}`);
}
