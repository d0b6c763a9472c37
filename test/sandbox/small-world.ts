import { bucketAsCreated } from '../../model/world/default-names.ts';
import type { Bucket, Caller, Key, PolicyDocument, Role, World } from '../../model/world/world.ts';

/** Two accounts in different organizations, with few resources, in which everything below is allowed. */
export const serviceAccount = '111111111111';
export const customerAccount = '222222222222';
export const region = 'us-east-1';

export const internalBucket = 'internal';
export const inboxBucket = 'inbox';
/** A bucket of the customer in another Region. */
export const europeanBucket = 'european';

export const serviceKeyArn = `arn:aws:kms:${region}:${serviceAccount}:key/00000000-0000-4000-8000-000000000001`;
export const customerKeyArn = `arn:aws:kms:${region}:${customerAccount}:key/00000000-0000-4000-8000-000000000002`;
export const europeanKeyArn = `arn:aws:kms:eu-west-1:${customerAccount}:key/00000000-0000-4000-8000-000000000003`;

export const deliveryRoleArn = `arn:aws:iam::${serviceAccount}:role/delivery`;
/** A role of the service's account whose identity policies allow nothing. */
export const idleRoleArn = `arn:aws:iam::${serviceAccount}:role/idle`;

type Statement = Exclude<PolicyDocument['Statement'], readonly unknown[]>;

export function allow(
  action: string | readonly string[],
  resource: string | readonly string[],
  more: object = {},
): Statement {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more } as Statement;
}

export function deny(
  action: string | readonly string[],
  resource: string | readonly string[],
  more: object = {},
): Statement {
  return { Effect: 'Deny', Action: action, Resource: resource, ...more } as Statement;
}

export function policy(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

function role(name: string, statements: readonly Statement[]): Role {
  return {
    arn: `arn:aws:iam::${serviceAccount}:role/${name}`,
    accountId: serviceAccount,
    name,
    roleId: `AROA${name.toUpperCase().padEnd(17, '0')}`,
    trustPolicy: policy(
      allow('sts:AssumeRole', [], { Principal: { AWS: `arn:aws:iam::${serviceAccount}:root` }, Resource: undefined }),
    ),
    policies: statements.length > 0 ? [{ name: `${name}-policy`, document: policy(...statements) }] : [],
  };
}

function bucket(name: string, accountId: string, more: Partial<Bucket> = {}): Bucket {
  return {
    name,
    accountId,
    region,
    ...bucketAsCreated,
    objects: new Map(),
    ...more,
  };
}

function key(arn: string, statements: readonly Statement[]): Key {
  const [, , , keyRegion = '', accountId = '', resource = ''] = arn.split(':');
  const root = allow('kms:*', '*', { Sid: 'Root', Principal: { AWS: `arn:aws:iam::${accountId}:root` } });
  return {
    arn,
    keyId: resource.replace('key/', ''),
    accountId,
    region: keyRegion,
    policy: policy(root, ...statements),
    state: 'Enabled',
    spec: 'SYMMETRIC_DEFAULT',
    multiRegion: false,
    grants: [],
    aliases: [],
  };
}

function session(roleName: string, accessKeyId: string): Caller {
  return {
    accessKeyId,
    secretAccessKey: `secret of ${accessKeyId}`,
    sessionToken: `token of ${accessKeyId}`,
    accountId: serviceAccount,
    arn: `arn:aws:sts::${serviceAccount}:assumed-role/${roleName}/test`,
    userId: `AROA${roleName.toUpperCase().padEnd(17, '0')}:test`,
    roleArn: `arn:aws:iam::${serviceAccount}:role/${roleName}`,
  };
}

function root(accountId: string, accessKeyId: string): Caller {
  return {
    accessKeyId,
    secretAccessKey: `secret of ${accessKeyId}`,
    accountId,
    arn: `arn:aws:iam::${accountId}:root`,
    userId: accountId,
  };
}

export const delivery = session('delivery', 'ASIADELIVERY');
export const idle = session('idle', 'ASIAIDLE');
export const serviceRoot = root(serviceAccount, 'AKIASERVICEROOT');
export const customerRoot = root(customerAccount, 'AKIACUSTOMERROOT');

/** The permissions of the delivery role in the customer's documents. */
const toDelivery = { Principal: { AWS: deliveryRoleArn } };
export const inboxStatement = allow(
  's3:*',
  [`arn:aws:s3:::${inboxBucket}`, `arn:aws:s3:::${inboxBucket}/*`],
  toDelivery,
);
export const keyStatement = allow(['kms:GenerateDataKey', 'kms:Decrypt'], '*', toDelivery);

export function smallWorld(more: Partial<World> = {}): World {
  const byArn = <T extends { readonly arn: string }>(...entities: readonly T[]) =>
    new Map(entities.map((entity) => [entity.arn, entity]));
  const buckets = [
    bucket(internalBucket, serviceAccount),
    bucket(inboxBucket, customerAccount, { policy: policy(inboxStatement) }),
    bucket(europeanBucket, customerAccount, { region: 'eu-west-1' }),
  ];
  const callers = [delivery, idle, serviceRoot, customerRoot];
  return {
    serviceAccountId: serviceAccount,
    customerAccountId: customerAccount,
    accounts: new Map([
      [serviceAccount, account(serviceAccount, 'o-service')],
      [customerAccount, account(customerAccount, 'o-customer')],
    ]),
    roles: byArn(role('delivery', [allow(['s3:*', 'kms:*'], '*')]), role('idle', [])),
    buckets: new Map(buckets.map((entity) => [entity.name, entity])),
    keys: byArn(key(serviceKeyArn, []), key(customerKeyArn, [keyStatement]), key(europeanKeyArn, [keyStatement])),
    callers: new Map(callers.map((caller) => [caller.accessKeyId, caller])),
    network: { sourceIp: '203.0.113.10', secureTransport: true },
    trail: [],
    checkRoleArn: idleRoleArn,
    deliveryRoleArn,
    internalBucket,
    serviceKeyArn,
    inboxBucket,
    inboxKeyArn: customerKeyArn,
    functionEnvironment: {},
    defaultEvent: {
      customer: 'acme',
      inbox: { accountId: customerAccount, region, bucket: inboxBucket, kmsKeyArn: customerKeyArn },
    },
    now: () => new Date(),
    ...more,
  };
}

function account(id: string, organizationId: string) {
  return { id, organizationId, serviceControlPolicies: [], resourceControlPolicies: [] };
}

/** Replaces a bucket with one that has some different properties. */
export function editBucket(world: World, name: string, changes: Partial<Bucket>): void {
  edit(world.buckets, name, changes);
}

export function editKey(world: World, arn: string, changes: Partial<Key>): void {
  edit(world.keys, arn, changes);
}

export function editRole(world: World, arn: string, changes: Partial<Role>): void {
  edit(world.roles, arn, changes);
}

function edit<T extends object>(entities: Map<string, T>, name: string, changes: Partial<T>): void {
  const entity = entities.get(name);
  if (!entity) throw new Error(`The small world has no ${name}`);
  entities.set(name, { ...entity, ...changes });
}
