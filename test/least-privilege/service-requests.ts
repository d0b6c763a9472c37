import { registryPrefix } from '../../core/object-keys.ts';
import { deliveredAs, headersOf } from '../../core/s3-headers.ts';
import { checkCaller } from '../../model/world/callers.ts';
import type { Bucket, Caller, PolicyDocument, World } from '../../model/world/world.ts';
import { here } from '../here.ts';
import type { Asked } from './asking.ts';
import { once } from './check.ts';
import {
  deployment,
  document,
  everything,
  mustHave,
  type Parameters,
  roleNamed,
  sessionOf,
  withRole,
} from './worlds.ts';

export const letting = (AWS: string): PolicyDocument =>
  document([{ Sid: 'Open', Effect: 'Allow', Principal: { AWS }, Action: '*', Resource: '*' }]);
export const open = letting('*');

/** The worst case for the service: a customer and a colleague who allow everyone everything. */
export const careless = once(() => carelessIn({}));
/** The same, with reports of more than 5 GB. */
export const carelessInParts = once(() => carelessIn({ MultipartDeliveries: 'yes' }));

async function carelessIn(parameters: Parameters): Promise<World> {
  const { world } = await deployment(parameters);
  const { publicAccessBlock: _, ...inbox } = mustHave(world.buckets, world.inboxBucket);
  const { policy: __, ...own } = mustHave(world.buckets, world.internalBucket);
  const roles = [colleague, bystander].reduce(withRole, world);
  const buckets: readonly Bucket[] = [
    { ...inbox, policy: open },
    { ...own, name: 'invoices' },
  ];
  return {
    ...roles,
    buckets: new Map([...world.buckets, ...buckets.map((bucket) => [bucket.name, bucket] as const)]),
    keys: new Map([...world.keys, [world.inboxKeyArn, { ...mustHave(world.keys, world.inboxKeyArn), policy: open }]]),
  };
}

export const colleague = roleNamed(here('arn:aws:iam::111111111111:role/colleague'), [everything]);
/** Lets the policies of the account's roles decide who may assume a role. */
export const trustOfTheAccount = document([
  {
    Sid: 'Account',
    Effect: 'Allow',
    Principal: { AWS: here('arn:aws:iam::111111111111:root') },
    Action: 'sts:AssumeRole',
  },
]);
export const bystander = roleNamed(here('arn:aws:iam::111111111111:role/bystander'), [], trustOfTheAccount);

/** A session of the application without a session policy. */
export const delivery = ({ roles, deliveryRoleArn }: World): Caller => sessionOf(mustHave(roles, deliveryRoleArn));
export const logs = here('arn:aws:logs:us-east-1:111111111111:log-group');
export const group = `${logs}:/aws/lambda/customer_configuration_check`;
export const inbox = ({ inboxBucket }: World) => here(`arn:aws:s3:::${inboxBucket}/reports/report.pdf`);
export const registered = ({ functionEnvironment }: World, key: string) =>
  here(`arn:aws:s3:::${functionEnvironment['REGISTRY_BUCKET']}/${registryPrefix}${key}`);
export const internal = ({ internalBucket }: World, key: string) => here(`arn:aws:s3:::${internalBucket}/${key}`);

export const put = (world: World, difference: Partial<Asked> = {}): Asked => ({
  caller: delivery(world),
  action: 's3:PutObject',
  resource: inbox(world),
  headers: headersOf(deliveredAs({ kmsKeyArn: world.inboxKeyArn })),
  ...difference,
});

export const ownCustomers = (world: World) => ({ resource: inbox(world), resourceAccountId: world.customerAccountId });

export const useKey = (world: World, action: string, encryptionContextArn: string, viaS3 = true): Asked => ({
  caller: delivery(world),
  action,
  resource: world.inboxKeyArn,
  encryptionContextArn,
  viaS3,
});

export const asCheck =
  (action: string, resource: (world: World) => string) =>
  (world: World): Asked => ({
    caller: checkCaller(world),
    action,
    resource: resource(world),
  });
