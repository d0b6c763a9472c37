import { testObjectPrefix } from '../../core/object-keys.ts';
import { permissionEdges } from '../../core/permissions.ts';
import { conditionsOfEvery, deliveredAs, headersOf } from '../../core/s3-headers.ts';
import { faultsOf } from '../../model/analysis/faults.ts';
import { checkCaller } from '../../model/world/callers.ts';
import type { World } from '../../model/world/world.ts';
import { here } from '../here.ts';
import { type Asked, isAllowed } from './asking.ts';
import { type Check, once } from './check.ts';
import {
  asCheck,
  bystander,
  careless,
  carelessInParts,
  colleague,
  delivery,
  group,
  inbox,
  internal,
  letting,
  logs,
  ownCustomers,
  put,
  registered,
  trustOfTheAccount,
  useKey,
} from './service-requests.ts';
import {
  type Deployment,
  deployment,
  mustHave,
  type Parameters,
  sessionOf,
  withBucket,
  withBucketKey,
  withInbox,
  withRole,
} from './worlds.ts';

function delivers(
  name: string,
  adapt: (deployed: Deployment) => Pick<Deployment, 'world' | 'event'> = (same) => same,
  parameters: Parameters = {},
): Check {
  const deployed = once(async () => adapt(await deployment(parameters)));
  return {
    name: `delivers ${name}`,
    async holds(change) {
      const { world, event } = await deployed();
      return faultsOf(change(world), event).length === 0;
    },
  };
}

type Ask = (world: World) => Asked;

function allows(name: string, ask: Ask): Check {
  return { name: `lets ${name}`, holds: async (change) => isAllowed(...(await asked(change, ask))) };
}

function refuses(name: string, ask: Ask, deployed = careless): Check {
  return {
    name: `refuses ${name}`,
    holds: async (change) => !isAllowed(...(await asked(change, ask, deployed))),
  };
}

async function asked(change: (world: World) => World, ask: Ask, deployed = careless): Promise<[World, Asked]> {
  const world = change(await deployed());
  return [world, ask(world)];
}

const copySource = { 'x-amz-copy-source': 'secure-inbox-internal/report.pdf' };
const aes = { 'x-amz-server-side-encryption': 'AES256' };
const ownBucket = { resource: here('arn:aws:s3:::invoices/1.pdf') };
/** Requests that start an upload or add a part. */
const ofUpload = { createsObject: false } as const;

/** Requests that only a role with multipart deliveries could send if one of its statements were wider. */
const checksInParts: readonly Check[] = [
  delivers('in parts', (same) => same, { MultipartDeliveries: 'yes' }),
  refuses('a copy that names no encryption', (world) => put(world, { headers: copySource }), carelessInParts),
  refuses('a delivery under another encryption', (world) => put(world, { headers: aes }), carelessInParts),
  refuses(
    'a part that names another encryption',
    (world) => put(world, { headers: { ...copySource, ...aes }, ...ofUpload }),
    carelessInParts,
  ),
  refuses('an upload that names no encryption', (world) => put(world, { headers: {}, ...ofUpload }), carelessInParts),
  refuses(
    'a part for a bucket of the service',
    (world) => put(world, { headers: copySource, ...ofUpload, ...ownBucket }),
    carelessInParts,
  ),
  refuses(
    'a completion in a bucket of the service',
    (world) => put(world, { headers: {}, ...ownBucket }),
    carelessInParts,
  ),
  refuses(
    'an upload of the service to be aborted',
    (world) => put(world, { action: 's3:AbortMultipartUpload', ...ownBucket }),
    carelessInParts,
  ),
  refuses(
    'the decryption of parts without S3',
    (world) => useKey(world, 'kms:Decrypt', inbox(world), false),
    carelessInParts,
  ),
  refuses(
    "what lies elsewhere under the service's key",
    (world) => ({ ...useKey(world, 'kms:Decrypt', ownBucket.resource), resource: world.serviceKeyArn }),
    carelessInParts,
  ),
];

/** A copy's permissions on an object in an inbox must not apply to other objects, or in other ways. */
const checksOfCopies = permissionEdges
  .filter(({ on, operation }) => on === 'inbox-object' && operation === 'CopyObject')
  .flatMap(({ action, onlyWith }): readonly Check[] => {
    const sent = onlyWith === 'acl' ? { acl: 'bucket-owner-full-control' as const } : {};
    const ask = (world: World, difference: Partial<Asked>) => {
      const headers = headersOf(deliveredAs({ kmsKeyArn: world.inboxKeyArn, ...sent }));
      return put(world, { action, headers, ...difference });
    };
    return [
      refuses(`${action} on an object of the service`, (world) => ask(world, ownBucket)),
      ...Object.keys(conditionsOfEvery(action, onlyWith)).map((key) =>
        refuses(`${action} with another ${key}`, (world) => ask(world, { context: { [key]: 'another' } })),
      ),
    ];
  });

export const checks: readonly Check[] = [
  ...checksInParts,
  delivers('by default'),
  delivers('with an ACL', ({ world, event }) => ({
    world: withInbox(world, (bucket) => ({ ...bucket, policy: letting(world.deliveryRoleArn) })),
    event: { ...event, inbox: { ...event.inbox, acl: 'bucket-owner-full-control' } },
  })),
  delivers('from an internal bucket with a Bucket Key', ({ world, event }) => ({
    world: withBucket(world, world.internalBucket, withBucketKey(true)),
    event,
  })),
  // The construct takes any role that trusts the check. One that names it needs no policy of the check's within one
  // account; one that trusts the account does, as would one in another.
  delivers('as a role that trusts the whole account', ({ world, event }) => ({
    world: withRole(world, { ...mustHave(world.roles, world.deliveryRoleArn), trustPolicy: trustOfTheAccount }),
    event,
  })),
  allows('the application store a report', (world) => put(world, { resource: internal(world, 'acme/report.pdf') })),

  allows(
    'the check ask why the delivery role is denied',
    asCheck('iam:SimulatePrincipalPolicy', (world) => world.deliveryRoleArn),
  ),
  allows(
    'the check ask why it is denied itself',
    asCheck('iam:SimulatePrincipalPolicy', (world) => world.checkRoleArn),
  ),
  allows(
    'the check read the trust policy',
    asCheck('iam:GetRole', (world) => world.deliveryRoleArn),
  ),
  allows(
    "the check look at the customer's key",
    asCheck('kms:DescribeKey', (world) => world.inboxKeyArn),
  ),
  allows(
    'the check begin a log',
    asCheck('logs:CreateLogStream', () => `${group}:log-stream:a`),
  ),
  allows(
    'the check write its log',
    asCheck('logs:PutLogEvents', () => `${group}:log-stream:a`),
  ),

  allows(
    'the check read a registration',
    asCheck('s3:GetObject', (world) => registered(world, 'acme.json')),
  ),
  allows(
    'the check look up what KMS refused',
    asCheck('cloudtrail:LookupEvents', () => '*'),
  ),

  refuses('the deletion of a report that waits', (world) => ({
    caller: delivery(world),
    action: 's3:DeleteObject',
    resource: internal(world, 'acme/report.pdf'),
  })),
  refuses("the deletion of a customer's test object", (world) => ({
    caller: delivery(world),
    action: 's3:DeleteObject',
    resource: here(`arn:aws:s3:::${world.inboxBucket}/${testObjectPrefix}a`),
  })),
  refuses('the reading of what was delivered', (world) => ({
    caller: delivery(world),
    action: 's3:GetObject',
    ...ownCustomers(world),
  })),
  refuses('a delivery without KMS', (world) => put(world, { headers: {} })),
  ...checksOfCopies,
  refuses('the encryption without S3', (world) => useKey(world, 'kms:GenerateDataKey', inbox(world), false)),
  refuses('the decryption without S3', (world) =>
    useKey(world, 'kms:Decrypt', internal(world, 'acme/report.pdf'), false),
  ),
  refuses('the decryption of what was delivered', (world) => useKey(world, 'kms:Decrypt', inbox(world))),

  refuses('the delivery role to a colleague', (world) => ({
    caller: sessionOf(colleague),
    action: 'sts:AssumeRole',
    resource: world.deliveryRoleArn,
    context: { 'sts:RoleSessionName': 'check-acme' },
  })),
  refuses('a session that is not called as one of its own to the check', (world) => ({
    caller: checkCaller(world),
    action: 'sts:AssumeRole',
    resource: world.deliveryRoleArn,
    context: { 'sts:RoleSessionName': 'nightly' },
  })),
  refuses(
    'another role to the check',
    asCheck('sts:AssumeRole', () => bystander.arn),
  ),
  refuses(
    'what another role may do to the check',
    asCheck('iam:SimulatePrincipalPolicy', () => colleague.arn),
  ),
  refuses(
    'what another role trusts to the check',
    asCheck('iam:GetRole', () => colleague.arn),
  ),
  refuses(
    'what waits to the check itself',
    asCheck('s3:GetObject', (world) => internal(world, 'acme/report.pdf')),
  ),
  refuses(
    'what lies in another bucket of the service to the check',
    asCheck('s3:GetObject', () => here('arn:aws:s3:::invoices/1.pdf')),
  ),
  refuses(
    'the log of something else to the check',
    asCheck('logs:PutLogEvents', () => `${logs}:other:log-stream:a`),
  ),
];
