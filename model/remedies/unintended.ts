import { bucketArn, bucketArnIn, keyArn, objectArn, parseArn, partitionIn, roleArn } from '../../core/arn.ts';
import { resourceArn } from '../../core/delivery/delivery.ts';
import type { TestEvent } from '../../core/event.ts';
import { testObjectPrefix } from '../../core/object-keys.ts';
import { isKey as isKeyOf, isOfInbox } from '../../core/permissions.ts';
import { encryptedWith, headersOf } from '../../core/s3-headers.ts';
import { isSameValue, keptIn } from '../../core/values.ts';
import type { World } from '../world/world.ts';
import { accountBeside, type Onlookers, onlookersOf } from './onlookers.ts';
import { type Intended, intendedRequests, noContext, type TrialRequest } from './request.ts';

/** A request that differs in one aspect from a needed one, and that no remedy may allow. */
interface Unintended {
  /** The difference: “by another role of Account A”. */
  readonly how: string;
  readonly request: TrialRequest;
}

const ofWorlds = new WeakMap<World, WeakMap<TestEvent, readonly Unintended[]>>();

/** Cached, because each tried change needs them again for the same world. */
export function unintendedRequests(world: World, event: TestEvent): readonly Unintended[] {
  const ofWorld = keptIn(ofWorlds, world, () => new WeakMap<TestEvent, readonly Unintended[]>());
  return keptIn(ofWorld, event, () => variationsOfIntended(world, event));
}

function variationsOfIntended(world: World, event: TestEvent): readonly Unintended[] {
  const onlookers = onlookersOf(world);
  const intended = intendedRequests(world, event);
  const isNeeded = (request: TrialRequest) => intended.some((one) => isSameValue(one.request, request));
  return intended.flatMap((one) =>
    variations
      .flatMap(({ how, of }) => {
        const changed = of(one, { world, onlookers, intended });
        return [changed ?? []].flat().map((change) => ({ how, request: { ...one.request, ...change } }));
      })
      .filter(({ request }) => !isNeeded(request)),
  );
}

interface Surroundings {
  readonly world: World;
  readonly onlookers: Onlookers;
  readonly intended: readonly Intended[];
}

type Change = Partial<TrialRequest>;

interface Variation {
  readonly how: string;
  /** The changed request; undefined if the change doesn't apply to this edge. */
  readonly of: (intended: Intended, surroundings: Surroundings) => Change | readonly Change[] | undefined;
}

const somebodyElses = 'somebody-elses-bucket';

const isObject = ({ edge }: Intended) => edge.on === 'internal-object' || edge.on === 'inbox-object';
const isKey = ({ edge }: Intended) => isKeyOf(edge.on);
const isDelivery = ({ edge }: Intended) => edge.on === 'inbox-object' && edge.action === 's3:PutObject';

const variations: readonly Variation[] = [
  { how: 'by another role of Account A', of: (_, { onlookers }) => ({ caller: onlookers.ofTheService }) },
  { how: 'by a role of another account', of: (_, { onlookers }) => ({ caller: onlookers.ofAnotherAccount }) },
  {
    how: 'to another object, outside of the prefix',
    of: (one) => {
      const resource = isObject(one) ? outsideOfThePrefix(one) : undefined;
      return resource === undefined ? undefined : { resource };
    },
  },
  {
    how: "in someone else's bucket",
    of: (one, { world }) => {
      const key = one.request.resource.split('/').slice(1).join('/');
      const resource = objectArn(partitionIn(world.inboxKeyArn), somebodyElses, key);
      return isObject(one) ? { resource, resourceAccountId: accountBeside(world) } : undefined;
    },
  },
  {
    how: 'with another KMS key',
    of: (one, { world }) => (isDelivery(one) ? { headers: { ...one.request.headers, ...another(world) } } : undefined),
  },
  {
    how: 'with an encryption that names no KMS key',
    of: (one) => {
      const { headers } = one.request;
      const { 'x-amz-server-side-encryption-aws-kms-key-id': _, ...unnamed } = headers;
      const { 'x-amz-server-side-encryption': __, ...unencrypted } = unnamed;
      return isDelivery(one)
        ? [
            { headers: unnamed },
            // The request that completes an upload has no such header either, and no condition key distinguishes it
            // from a write.
            ...(one.delivery.kind === 'multipart' ? [] : [{ headers: unencrypted }]),
            { headers: { ...unencrypted, 'x-amz-server-side-encryption': 'AES256' } },
          ]
        : undefined;
    },
  },
  {
    how: 'over plain HTTP',
    // If the world only has plain HTTP, deliveries use it.
    of: (one, { world }) => (isObject(one) && world.network.secureTransport ? { plainHttp: true } : undefined),
  },
  {
    how: "with someone else's key",
    of: (one, { world }) =>
      isKey(one) ? { resource: keyOfSomebodyElse(world), resourceAccountId: accountBeside(world) } : undefined,
  },
  {
    how: 'for objects outside of the delivery',
    of: (one, { intended }) => (isKey(one) ? otherContexts(one, intended) : undefined),
  },
  { how: 'without S3', of: (one) => (isKey(one) ? { viaS3: false } : undefined) },
  {
    how: 'through S3 of another Region',
    of: (one) => (isKey(one) ? { region: one.request.region === 'eu-west-1' ? 'eu-west-2' : 'eu-west-1' } : undefined),
  },
  {
    how: 'on another role',
    of: (one, { world }) =>
      one.edge.on === 'delivery-role'
        ? [world.serviceAccountId, accountBeside(world)].map((resourceAccountId) => ({
            resource: roleArn(partitionIn(world.deliveryRoleArn), resourceAccountId, 'another'),
            resourceAccountId,
          }))
        : undefined,
  },
  {
    how: 'with another action',
    of: ({ edge, request }, { intended }) =>
      otherActions[edge.on]
        .filter(
          (action) => !intended.some((one) => one.request.resource === request.resource && one.edge.action === action),
        )
        .map((action) => ({ action, headers: {} })),
  },
];

const objectActions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:PutObjectAcl', 's3:PutObjectTagging'];
const keyActions = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'];
const otherActions: Readonly<Record<Intended['edge']['on'], readonly string[]>> = {
  'delivery-role': ['sts:TagSession'],
  'internal-object': objectActions,
  'inbox-object': objectActions,
  'internal-key': keyActions,
  'inbox-key': keyActions,
};

/** In the internal bucket, every object may be read and written, but only test objects may be deleted. */
function outsideOfThePrefix({ edge, delivery, request }: Intended): string | undefined {
  const isDeletion = edge.action === 's3:DeleteObject';
  const prefix = edge.on === 'inbox-object' ? delivery.inbox.prefix : isDeletion ? testObjectPrefix : '';
  return prefix === '' ? undefined : `${bucketArnIn(request.resource)}/not-in-${prefix}report.pdf`;
}

/** The same key may serve both buckets, but not with every action. */
function otherContexts({ delivery, request, edge }: Intended, intended: readonly Intended[]): readonly Change[] {
  const { action, resource } = request;
  const served = intended
    .filter((one) => one.request.action === action && one.request.resource === resource)
    .flatMap(({ request: { encryptionContextArn = '' } }) => bucketArnIn(encryptionContextArn));
  const buckets = (['internal-object', 'inbox-object'] as const).flatMap((role) =>
    bucketArnIn(resourceArn(delivery, role, 'run') ?? ''),
  );
  const partition = partitionIn(delivery.inbox.kmsKeyArn);
  const others = [bucketArn(partition, somebodyElses), ...buckets].filter((arn) => !served.includes(arn));
  const { prefix } = delivery.inbox;
  return [
    ...others.flatMap((arn) => [arn, `${arn}/${prefix}report.pdf`]),
    ...(isOfInbox(edge.on) && prefix !== ''
      ? [objectArn(partition, delivery.inbox.bucket, `not-in-${prefix}report.pdf`)]
      : []),
    noContext,
  ].map((encryptionContextArn) => ({ encryptionContextArn }));
}

function keyOfSomebodyElse(world: World): string {
  const region = parseArn(world.inboxKeyArn)?.region ?? '';
  return keyArn(region, accountBeside(world), '00000000-0000-4000-8000-00000000000f');
}

function another(world: World): Readonly<Record<string, string>> {
  return headersOf(encryptedWith(keyOfSomebodyElse(world)));
}
