import { viaS3 } from './arn.ts';
import type { Delivery } from './delivery/delivery.ts';
import { type DeliveryRequest, requestsOf, withEveryStep } from './delivery/requests.ts';
import { isKey } from './permissions.ts';

interface SessionPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly SessionStatement[];
}

export interface SessionStatement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, readonly string[]>> };
}

/**
 * The permissions of a delivery-role session for one customer: all permission edges of this delivery on this customer's
 * resources, and nothing else. A bug in the check can't write to another customer's bucket, whatever the role may do.
 * STS accepts at most 2,048 characters:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 *
 * @param runId by default any run, so that one session serves several checks of the customer
 */
export function sessionPolicyFor(delivery: Delivery, runId = '*'): SessionPolicy {
  const actionsOn = new Map<string, Set<string>>();
  const requests = requestsOf(withWhatMayBeAsked(delivery), runId).filter(({ by }) => by === 'deliverer');
  for (const { action, on, resource } of requests) {
    // If the internal key is denied, the copy uses an object encrypted with the service's own key.
    const substitute = on === 'internal-key' ? delivery.internal.serviceKmsKeyArn : undefined;
    for (const arn of [resource, ...(substitute === undefined ? [] : [substitute])]) {
      actionsOn.set(arn, (actionsOn.get(arn) ?? new Set()).add(action));
    }
  }
  const condition = onlyThroughS3(requests);
  const resourcesWith = new Map<string, string[]>();
  for (const [resource, actions] of actionsOn) {
    const key = [...actions].join(' ');
    resourcesWith.set(key, [...(resourcesWith.get(key) ?? []), resource]);
  }
  return {
    Version: '2012-10-17',
    Statement: [...resourcesWith].map(([actions, Resource]) => ({
      Effect: 'Allow',
      Action: actions.split(' '),
      Resource,
      ...(actions.startsWith('kms:') && { Condition: condition }),
    })),
  };
}

/** A full diagnosis also tests if the bucket policy requires an ACL that the event doesn't send. */
function withWhatMayBeAsked(delivery: Delivery): Delivery {
  const { inbox, diagnosis } = delivery;
  const acl = diagnosis === 'full' ? 'bucket-owner-full-control' : inbox.acl;
  return withEveryStep(acl === undefined ? delivery : { ...delivery, inbox: { ...inbox, acl } });
}

/**
 * S3 calls KMS in the object's Region. A copy reads in one Region and writes in the other.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
function onlyThroughS3(requests: readonly DeliveryRequest[]): NonNullable<SessionStatement['Condition']> {
  const regions = new Set(requests.filter(({ on }) => isKey(on)).map(({ region }) => region));
  return { StringEquals: { 'kms:ViaService': [...regions].map(viaS3) } };
}
