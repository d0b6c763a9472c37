import { encryptedWith, headersOf } from '../../core/s3-headers.ts';
import { faultsOf } from '../../model/analysis/faults.ts';
import type { World } from '../../model/world/world.ts';
import { furtherRoleArn, readerArn, senderKeyArn } from '../cloudformation/deployed.ts';
import { here } from '../here.ts';
import { type Asked, isAllowed } from './asking.ts';
import { type Check, once } from './check.ts';
import {
  another,
  assume,
  clerk,
  colleague,
  doubly,
  inbox,
  list,
  owner,
  payrollKeyArn,
  put,
  reading,
  report,
  service,
  stranger,
  useKey,
  withEverybody,
} from './customer-requests.ts';
import {
  type Deployment,
  deployment,
  type Parameters,
  reader,
  roleNamed,
  sessionOf,
  withBucket,
  withBucketKey,
  withFurtherSender,
  withInbox,
} from './worlds.ts';

/** All parameters set, so that all statements and all their values are present. */
export const everyOption: Parameters = {
  Prefix: 'reports/',
  MoreDeliveryRoleArns: furtherRoleArn,
  ReaderArns: here(`${readerArn},arn:aws:iam::222222222222:user/clerk`),
};

/** The same with reports of more than 5 GB. */
export const everyOptionInParts: Parameters = { ...everyOption, MultipartDeliveries: 'yes' };

function delivers(
  name: string,
  parameters: Parameters,
  adapt: (deployed: Deployment) => Pick<Deployment, 'world' | 'event'> = (same) => same,
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

const shipped = inhabited(everyOption);
const inParts = inhabited(everyOptionInParts);

function allows(name: string, ask: Ask, deployed = shipped): Check {
  return { name: `lets ${name}`, holds: async (change) => isAllowed(...(await asked(change, ask, deployed))) };
}

function refuses(name: string, ask: Ask, deployed = shipped): Check {
  return {
    name: `refuses ${name}`,
    holds: async (change) => !isAllowed(...(await asked(change, ask, deployed))),
  };
}

async function asked(
  change: (world: World) => World,
  ask: Ask,
  deployed: () => Promise<World>,
): Promise<[World, Asked]> {
  const world = change(await deployed());
  return [world, ask(world)];
}

/** A world with everyone who could want something, in the worst case for the customer. */
function inhabited(parameters: Parameters): () => Promise<World> {
  return once(async () => withEverybody((await deployment(parameters)).world));
}

/** Every option, with a reader from another account. */
const withAStrangerNamed = inhabited({ ...everyOption, ReaderArns: `${readerArn},${stranger.arn}` });

export const checks: readonly Check[] = [
  delivers('by default', {}),
  delivers('to the whole bucket', { Prefix: '' }),
  delivers("what waits under the sender's key", { SenderKeyArn: senderKeyArn }),
  delivers('for a second sender', { MoreDeliveryRoleArns: furtherRoleArn }, ({ world, event }) => ({
    world: withFurtherSender(world),
    event: { ...event, deliveryRoleArn: furtherRoleArn },
  })),
  delivers('to a bucket whose Bucket Key was turned off', {}, ({ world, event }) => ({
    world: withInbox(world, withBucketKey(false)),
    event,
  })),
  delivers('from an internal bucket with a Bucket Key', {}, ({ world, event }) => ({
    world: withBucket(world, world.internalBucket, withBucketKey(true)),
    event,
  })),

  delivers('in parts', { MultipartDeliveries: 'yes' }),
  delivers('in parts to a bucket whose Bucket Key was turned off', { MultipartDeliveries: 'yes' }, (deployed) => ({
    ...deployed,
    world: withInbox(deployed.world, withBucketKey(false)),
  })),

  allows('the owner change the key policy', (world) => ({
    caller: owner(world),
    action: 'kms:PutKeyPolicy',
    resource: world.inboxKeyArn,
  })),
  allows("a named role take on the readers' role", (world) => assume(world, sessionOf(reader))),
  allows("a named user take on the readers' role", (world) => assume(world, clerk)),
  allows('a reader list below the prefix', (world) => list(world, 'reports/2026/')),
  allows('a reader read a report', (world) => ({
    caller: reading(world),
    action: 's3:GetObject',
    resource: inbox(world, report),
  })),
  allows('a reader decrypt a report', (world) => useKey(world, reading(world), 'kms:Decrypt', inbox(world))),
  allows('a reader decrypt a report without a Bucket Key', (world) =>
    useKey(world, reading(world), 'kms:Decrypt', inbox(world, report)),
  ),

  refuses('a delivery by a colleague of the role', (world) => put(world, { caller: sessionOf(colleague) })),
  refuses('a delivery by a stranger', (world) => put(world, { caller: sessionOf(stranger) })),
  refuses('a delivery beside the prefix', (world) => put(world, { resource: inbox(world, 'elsewhere/report.pdf') })),
  refuses('a delivery over plain HTTP', (world) => put(world, { plainHttp: true })),
  refuses('a listing over plain HTTP by any caller', (world) => ({
    caller: owner(world),
    action: 's3:ListBucket',
    resource: inbox(world),
    plainHttp: true,
  })),
  refuses('a delivery with two layers of encryption', (world) =>
    put(world, { headers: { ...headersOf(encryptedWith(world.inboxKeyArn)), ...doubly } }),
  ),
  refuses('a delivery under a key of somebody else', (world) =>
    put(world, { headers: headersOf(encryptedWith(another)) }),
  ),
  refuses("the owner's own object under a key of somebody else", (world) =>
    put(world, { caller: owner(world), resource: inbox(world, 'own.txt'), headers: headersOf(encryptedWith(another)) }),
  ),
  refuses("the owner's own object with two layers of encryption", (world) =>
    put(world, {
      caller: owner(world),
      resource: inbox(world, 'own.txt'),
      headers: { ...headersOf(encryptedWith(world.inboxKeyArn)), ...doubly },
    }),
  ),
  refuses('the key to a colleague of the role', (world) =>
    useKey(world, sessionOf(colleague), 'kms:GenerateDataKey', inbox(world)),
  ),
  refuses('what waits to a colleague of the role', (world) =>
    useKey(world, sessionOf(colleague), 'kms:Decrypt', here(`arn:aws:s3:::${world.internalBucket}/report.pdf`)),
  ),
  refuses("the role's encryption for another bucket", (world) =>
    useKey(world, service(world), 'kms:GenerateDataKey', here('arn:aws:s3:::somebody-elses-bucket/report.pdf')),
  ),
  refuses("the role's decryption of what was delivered", (world) =>
    useKey(world, service(world), 'kms:Decrypt', inbox(world, report)),
  ),
  refuses("the role's use of the key without S3, for the inbox", (world) =>
    useKey(world, service(world), 'kms:GenerateDataKey', inbox(world), false),
  ),
  refuses("the role's use of the key without S3, for what waits", (world) =>
    useKey(world, service(world), 'kms:Decrypt', here(`arn:aws:s3:::${world.internalBucket}/report.pdf`), false),
  ),
  refuses('a delivery in two layers of encryption, in parts', (world) => put(world, { headers: doubly }), inParts),
  refuses(
    'a delivery under another key, in parts',
    (world) => put(world, { headers: headersOf(encryptedWith(another)) }),
    inParts,
  ),
  refuses(
    'what was delivered in parts to the service',
    (world) => ({ caller: service(world), action: 's3:GetObject', resource: inbox(world, report) }),
    inParts,
  ),
  refuses(
    'an upload to be aborted by a colleague of the role',
    (world) => ({ caller: sessionOf(colleague), action: 's3:AbortMultipartUpload', resource: inbox(world, report) }),
    inParts,
  ),
  refuses(
    'an upload beside the prefix to be aborted by the service',
    (world) => ({ caller: service(world), action: 's3:AbortMultipartUpload', resource: inbox(world, 'elsewhere/a') }),
    inParts,
  ),
  refuses(
    "the role's decryption in the inbox without S3, in parts",
    (world) => useKey(world, service(world), 'kms:Decrypt', inbox(world, report), false),
    inParts,
  ),
  refuses(
    "the role's decryption of what is elsewhere, in parts",
    (world) => useKey(world, service(world), 'kms:Decrypt', here('arn:aws:s3:::payroll/report.pdf')),
    inParts,
  ),
  refuses('the administration of the key to a stranger', (world) => ({
    caller: sessionOf(stranger),
    action: 'kms:PutKeyPolicy',
    resource: world.inboxKeyArn,
  })),

  refuses(
    "the readers' role to a stranger, even one who was named",
    (world) => assume(world, sessionOf(stranger)),
    withAStrangerNamed,
  ),
  refuses("the readers' role to the service", (world) => assume(world, sessionOf(colleague))),
  refuses("the readers' role to others of the account", (world) =>
    assume(world, sessionOf(roleNamed(here('arn:aws:iam::222222222222:role/intern')))),
  ),
  refuses("a reader's listing of everything", (world) => list(world)),
  refuses("a reader's listing beside the prefix", (world) => list(world, 'elsewhere/')),
  refuses("a reader's listing of another bucket", (world) => ({
    ...list(world, 'reports/'),
    resource: here('arn:aws:s3:::payroll'),
  })),
  refuses('what is beside the prefix to a reader', (world) => ({
    caller: reading(world),
    action: 's3:GetObject',
    resource: inbox(world, 'elsewhere/report.pdf'),
  })),
  refuses('another key to a reader', (world) => ({
    ...useKey(world, reading(world), 'kms:Decrypt', inbox(world)),
    resource: payrollKeyArn,
  })),
  refuses("a reader's use of the key without S3", (world) =>
    useKey(world, reading(world), 'kms:Decrypt', inbox(world), false),
  ),
  refuses('the key to a reader for what is elsewhere', (world) =>
    useKey(world, reading(world), 'kms:Decrypt', here(`arn:aws:s3:::${world.internalBucket}/report.pdf`)),
  ),
  refuses("a reader's deletion of a report", (world) => ({
    caller: reading(world),
    action: 's3:DeleteObject',
    resource: inbox(world, report),
  })),
];
