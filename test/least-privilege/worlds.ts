import type { TestEvent } from '../../core/event.ts';
import { buildWorld } from '../../model/world/build-world.ts';
import { customerNames, defaults, serviceNames } from '../../model/world/default-names.ts';
import { loadServiceStack } from '../../model/world/default-stacks.ts';
import { requestedSessionPolicy } from '../../model/world/delivery-in.ts';
import { deployedStack, type Stack } from '../../model/world/from-templates.ts';
import type {
  Bucket,
  Caller,
  Key,
  Policy,
  PolicyDocument,
  PolicyStatement,
  Role,
  World,
} from '../../model/world/world.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { readTemplateFile } from '../../sandbox/scenario-files.ts';
import {
  existingBucket,
  existingKeyArn,
  furtherRoleArn,
  given,
  readerArn,
  templateFile,
} from '../cloudformation/deployed.ts';
import { here, homeRegion } from '../here.ts';
import { once } from './check.ts';

/** Both accounts, the customer's deployed with certain parameters. */
export interface Deployment {
  readonly world: World;
  /** The test event in the outputs of the customer's stack. */
  readonly event: TestEvent;
  readonly outputs: Stack['outputs'];
}

const synthesized = once(assembly);
const template = readTemplateFile(templateFile);

export type Parameters = Readonly<Record<string, string>>;

/** The statements for an existing bucket and key, printed by the stack, that the owner has added. */
export type Added = 'none' | 'needed' | 'all';

/**
 * The shipped templates, deployed. A bucket or key that the stack doesn't create exists anyway, as an owner would have
 * it who doesn't know the service.
 */
export async function deployment(parameters: Parameters = {}, added: Added = 'all'): Promise<Deployment> {
  const service = serviceNames({ region: homeRegion });
  const customer = customerNames({ region: homeRegion });
  const serviceStack = loadServiceStack(readTemplateFile((await synthesized()).templateFile), service);
  const customerStack = stackWith(parameters);
  const { outputs } = customerStack;
  const keys = customerStack.keys.length > 0 ? customerStack.keys : [existingKey(outputs, added)];
  const buckets = customerStack.buckets.length > 0 ? customerStack.buckets : [existingInbox(outputs, added)];
  const world = buildWorld({
    scenario: { service: { multipartDeliveries: parameters['MultipartDeliveries'] === 'yes' } },
    service,
    customer,
    serviceStack,
    customerStack: { ...customerStack, keys, buckets },
    requestedSessionPolicy: (built) => requestedSessionPolicy(built, built.defaultEvent),
  });
  return { world, event: world.defaultEvent, outputs };
}

const stacks = new Map<string, Stack>();

function stackWith(parameters: Parameters): Stack {
  const key = JSON.stringify(parameters);
  const known = stacks.get(key);
  if (known !== undefined) return known;
  const stack = deployedStack(template, {
    ...customerNames({ region: homeRegion }),
    stackName: 'SecureInbox',
    names: { keyId: () => defaults.customerKeyId },
    parameters: { ...given, Prefix: defaults.prefix, ...parameters },
  });
  stacks.set(key, stack);
  return stack;
}

function existingInbox(outputs: Stack['outputs'], added: Added): Bucket {
  const statements = [
    ...(added === 'none' ? [] : printed(outputs, 'BucketPolicyToAdd')),
    ...(added === 'all' ? printed(outputs, 'BucketPolicyDenialsToAdd') : []),
  ];
  return {
    name: existingBucket.BucketName,
    accountId: defaults.customerAccountId,
    region: homeRegion,
    ...(statements.length > 0 && { policy: document(statements) }),
    objectOwnership: 'BucketOwnerEnforced',
    defaultEncryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false },
    versioned: false,
    objects: new Map(),
  };
}

function existingKey(outputs: Stack['outputs'], added: Added): Key {
  const account: PolicyStatement = {
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: here(`arn:aws:iam::${defaults.customerAccountId}:root`) },
    Action: 'kms:*',
    Resource: '*',
  };
  return {
    arn: existingKeyArn,
    keyId: existingKeyArn.split('/')[1] ?? '',
    accountId: defaults.customerAccountId,
    region: homeRegion,
    policy: document([account, ...(added === 'none' ? [] : printed(outputs, 'KeyPolicyToAdd'))]),
    state: 'Enabled',
    spec: 'SYMMETRIC_DEFAULT',
    multiRegion: false,
    grants: [],
    aliases: [],
  };
}

function printed(outputs: Stack['outputs'], name: string): readonly PolicyStatement[] {
  return [JSON.parse(outputs[name] ?? '[]')].flat();
}

export function document(Statement: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

/** The same world with another role, such as a twin of the delivery role or a role of the customer's. */
export function withRole(world: World, role: Role): World {
  return { ...world, roles: new Map([...world.roles, [role.arn, role]]) };
}

export function roleNamed(arn: string, policies: readonly Policy[] = [], trustPolicy = document([])): Role {
  const [, , , , accountId = '', resource = ''] = arn.split(':');
  const name = resource.split('/').at(-1) ?? '';
  return {
    arn,
    accountId,
    name,
    roleId: `AROA${name.toUpperCase().replace(/\W/g, '')}${accountId}`,
    trustPolicy,
    policies,
  };
}

/** A session of a role without a session policy. */
export function sessionOf({ arn, accountId, name, roleId }: Role): Caller {
  return {
    accessKeyId: `ASIA${roleId}`,
    secretAccessKey: 'sandbox-secret',
    sessionToken: 'sandbox-token',
    accountId,
    arn: here(`arn:aws:sts::${accountId}:assumed-role/${name}/session`),
    userId: `${roleId}:session`,
    roleArn: arn,
  };
}

export const everything: Policy = {
  name: 'everything',
  document: document([{ Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' }]),
};

export function withInbox(world: World, change: (bucket: Bucket) => Bucket): World {
  return withBucket(world, world.inboxBucket, change);
}

export function withBucket(world: World, name: string, change: (bucket: Bucket) => Bucket): World {
  return { ...world, buckets: new Map([...world.buckets, [name, change(mustHave(world.buckets, name))]]) };
}

export function withBucketKey(bucketKeyEnabled: boolean): (bucket: Bucket) => Bucket {
  return (bucket) => ({ ...bucket, defaultEncryption: { ...bucket.defaultEncryption, bucketKeyEnabled } });
}

/** A second sender of the service, like the first. The check may assume it too. */
export function withFurtherSender(world: World): World {
  const first = mustHave(world.roles, world.deliveryRoleArn);
  const check = mustHave(world.roles, world.checkRoleArn);
  const further = { ...roleNamed(furtherRoleArn, first.policies, first.trustPolicy) };
  const assume = document([
    { Sid: 'AssumeFurther', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: furtherRoleArn },
  ]);
  const checks = { ...check, policies: [...check.policies, { name: 'further', document: assume }] };
  return withFurtherWriter(withRole(withRole(world, further), checks));
}

/** The internal bucket's policy denies everyone except the delivery roles, which it lists. */
function withFurtherWriter(world: World): World {
  const listed = (values: unknown) => [...new Set([values].flat()), furtherRoleArn];
  return withBucket(world, world.internalBucket, (bucket) => ({
    ...bucket,
    policy: document(
      [bucket.policy?.Statement ?? []].flat().map((statement) => {
        const condition = statement['Condition'] as { readonly ArnNotLike?: Readonly<Record<string, unknown>> };
        const writers = condition?.ArnNotLike?.['aws:PrincipalArn'];
        return writers === undefined
          ? statement
          : { ...statement, Condition: { ArnNotLike: { 'aws:PrincipalArn': listed(writers) } } };
      }),
    ),
  }));
}

/** A member of the customer's staff, whose identity policies leave the decision to the role's trust policy. */
export const reader = roleNamed(readerArn);

export function mustHave<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const found = map.get(key);
  if (found === undefined) throw new Error(`The world has no ${String(key)}.`);
  return found;
}
