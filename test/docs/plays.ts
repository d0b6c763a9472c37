import type { TestEvent } from '../../core/event.ts';
import type { SecureInboxConfigurationCheckProps } from '../../lib/secure-inbox-configuration-check.ts';
import { parseTemplate } from '../../model/template/read-template.ts';
import { buildWorld } from '../../model/world/build-world.ts';
import { customerNames, defaults, serviceNames } from '../../model/world/default-names.ts';
import { loadServiceStack } from '../../model/world/default-stacks.ts';
import { requestedSessionPolicy } from '../../model/world/delivery-in.ts';
import { deployedStack, type Stack } from '../../model/world/from-templates.ts';
import type { Key, PolicyDocument, World } from '../../model/world/world.ts';
import { readTemplateFile } from '../../sandbox/scenario-files.ts';
import {
  existingBucket,
  existingKeyArn,
  given,
  newKeyArn,
  senderKeyArn,
  templateFile,
} from '../cloudformation/deployed.ts';
import { once } from '../least-privilege/check.ts';
import { deployment, document, mustHave, type Parameters, withInbox } from '../least-privilege/worlds.ts';
import { synthesized } from '../lib/synthesized.ts';

/** The checked deliveries by their column in the runbook, after some of the steps. */
export type Checks = Readonly<Record<string, Delivery>>;
export interface Delivery {
  readonly world: World;
  readonly event: TestEvent;
}

/** A procedure of the runbook: the two accounts after each step, for the rows of its table in order. */
export interface Play {
  readonly heading: string;
  readonly title: string;
  rows(): Promise<readonly Checks[]>;
}

const nextKeyArn = existingKeyArn.replace(/\d$/, '9');
const usualRoleName = 'secure-inbox-delivery';
const nextRoleName = 'reports-delivery';
const [firstRoleArn, nextRoleArn] = [defaultRoleArn(), defaultRoleArn(nextRoleName)];

export const plays: readonly Play[] = [
  { heading: "Replace a customer's key", title: 'made by the stack', rows: () => replacedKey({}, newKeyArn) },
  {
    heading: "Replace a customer's key",
    title: 'that was there before the stack',
    rows: () => replacedKey({ ExistingKeyArn: existingKeyArn }, existingKeyArn),
  },
  {
    heading: "Replace a customer's key",
    title: 'of a bucket that was there before the stack',
    rows: () => replacedKey({ ...existingBucket, ExistingKeyArn: existingKeyArn }, existingKeyArn),
  },
  { heading: "Replace the service's own key", title: 'that encrypts what waits', rows: replacedServiceKey },
  { heading: 'Rename the delivery role', title: 'as the stack deploys it', rows: once(async () => renamedRole()) },
  { heading: 'The delivery role was deleted', title: 'and re-created', rows: roleMadeAgain },
  { heading: 'Another prefix in the same bucket', title: 'of the shipped template', rows: movedPrefix },
];

async function replacedKey(before: Parameters, oldKeyArn: string): Promise<readonly Checks[]> {
  const { world, event } = await deployment(before, 'all');
  const updated = await deployment({ ...before, ExistingKeyArn: nextKeyArn }, 'all');
  const oldKey = theOnlyKeyOf(world);
  const unshared = document([oldKey.policy.Statement].flat().filter(({ Sid = '' }) => !/^Encrypt/.test(Sid)));
  const withKeys = (bucketOf: World, old: PolicyDocument, next: PolicyDocument): World => ({
    ...bucketOf,
    keys: new Map([
      [bucketOf.serviceKeyArn, mustHave(bucketOf.keys, bucketOf.serviceKeyArn)],
      [oldKeyArn, { ...asKey(oldKey, oldKeyArn), policy: old }],
      [nextKeyArn, { ...asKey(oldKey, nextKeyArn), policy: next }],
    ]),
  });
  const both = withInbox(world, ({ policy, ...bucket }) => ({ ...bucket, policy: alsoAllowing(nextKeyArn, policy) }));
  const shared = oldKey.policy;
  return [
    withKeys(world, shared, unshared),
    withKeys(world, shared, shared),
    withKeys(both, shared, shared),
    withKeys(both, shared, shared),
    withKeys(updated.world, shared, shared),
    withKeys(updated.world, unshared, shared),
  ].map((stage) => ({
    'under the old key': { world: stage, event: under(event, oldKeyArn, oldKeyArn) },
    'waiting under the old, delivered under the new': { world: stage, event: under(event, oldKeyArn, nextKeyArn) },
    'under the new key': { world: stage, event: under(event, nextKeyArn, nextKeyArn) },
  }));
}

function under(event: TestEvent, internalKeyArn: string, inboxKeyArn: string): TestEvent {
  return { ...event, internal: { kmsKeyArn: internalKeyArn }, inbox: { ...event.inbox, kmsKeyArn: inboxKeyArn } };
}

/** The edit of step 2: the condition of DenyOtherKeys becomes a list. */
function alsoAllowing(keyArn: string, policy: PolicyDocument | undefined): PolicyDocument {
  const name = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  return document(
    [policy?.Statement ?? []].flat().map((statement) => {
      if (statement.Sid !== 'DenyOtherKeys') return statement;
      const { StringNotEquals } = statement['Condition'] as { readonly StringNotEquals: Record<string, string> };
      return { ...statement, Condition: { StringNotEquals: { [name]: [StringNotEquals[name], keyArn] } } };
    }),
  );
}

function asKey(key: Key, arn: string): Key {
  return { ...key, arn, keyId: arn.split('/')[1] ?? '' };
}

function theOnlyKeyOf({ keys, customerAccountId }: World): Key {
  const [key, ...others] = [...keys.values()].filter(({ accountId }) => accountId === customerAccountId);
  if (key === undefined || others.length > 0) throw new Error('The customer has not one key.');
  return key;
}

async function replacedServiceKey(): Promise<readonly Checks[]> {
  const { world, event } = await deployment({ SenderKeyArn: senderKeyArn });
  const first = mustHave(world.keys, senderKeyArn);
  const nextArn = senderKeyArn.replace(/\d$/, '9');
  const withKeys = (...keys: readonly Key[]): World => ({
    ...world,
    keys: new Map([...world.keys, ...keys.map((key): [string, Key] => [key.arn, key])]),
  });
  const next = asKey(first, nextArn);
  return [withKeys(), withKeys(next), withKeys(next), withKeys(next, { ...first, state: 'Disabled' })].map((stage) => ({
    'waiting under the old key': { world: stage, event: { ...event, internal: { kmsKeyArn: senderKeyArn } } },
    'under the new key': { world: stage, event: { ...event, internal: { kmsKeyArn: nextArn } } },
  }));
}

function renamedRole(): readonly Checks[] {
  const one: Parameters = { DeliveryRoleArn: firstRoleArn };
  const both: Parameters = { ...one, MoreDeliveryRoleArns: nextRoleArn };
  const other: Parameters = { DeliveryRoleArn: nextRoleArn };
  const beside = deployedService({ furtherDeliveryRoleNames: [nextRoleName] });
  const switched = deployedService({ deliveryRoleName: nextRoleName, furtherDeliveryRoleNames: [usualRoleName] });
  const stages = [
    [deployedService({}), one],
    [beside, one],
    [beside, both],
    [switched, both],
    [switched, other],
    [deployedService({ deliveryRoleName: nextRoleName }), other],
  ] as const;
  return stages.map(([service, parameters]) => {
    const world = accounts(service, parameters);
    return {
      'as the old role': { world, event: { ...world.defaultEvent, deliveryRoleArn: firstRoleArn } },
      'as the new role': { world, event: { ...world.defaultEvent, deliveryRoleArn: nextRoleArn } },
      'as the health check does': { world, event: world.defaultEvent },
    };
  });
}

function defaultRoleArn(name: string = usualRoleName): string {
  return given.DeliveryRoleArn.replace(/[^/]*$/, name);
}

/** Account A with the given props of its stack. */
function deployedService(props: SecureInboxConfigurationCheckProps): Stack {
  const text = JSON.stringify(synthesized(props).toJSON());
  return loadServiceStack(parseTemplate({ file: 'template.json', text }), serviceNames({}));
}

/** Both accounts, the customer's with its stack's parameters. */
function accounts(serviceStack: Stack, parameters: Parameters): World {
  const customer = customerNames({});
  return buildWorld({
    scenario: {},
    service: serviceNames({}),
    customer,
    serviceStack,
    customerStack: deployedStack(readTemplateFile(templateFile), {
      ...customer,
      stackName: defaults.customerStackName,
      names: { keyId: () => defaults.customerKeyId },
      parameters: { ...given, Prefix: defaults.prefix, ...parameters },
    }),
    requestedSessionPolicy: (world) => requestedSessionPolicy(world, world.defaultEvent),
  });
}

async function roleMadeAgain(): Promise<readonly Checks[]> {
  const { world, event } = await deployment();
  const fixed = await deployment({ MoreDeliveryRoleArns: nextRoleArn });
  const forget = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll(world.deliveryRoleArn, 'AROATHEROLETHATISGONE'));
  const key = theOnlyKeyOf(world);
  const inbox = withInbox(world, (bucket) => ({ ...bucket, policy: forget(bucket.policy ?? document([])) }));
  const broken = { ...inbox, keys: new Map([...world.keys, [key.arn, { ...key, policy: forget(key.policy) }]]) };
  return [broken, fixed.world].map((stage) => ({ 'a check': { world: stage, event } }));
}

async function movedPrefix(): Promise<readonly Checks[]> {
  const [before, after] = [await deployment({ Prefix: 'reports/' }), await deployment({ Prefix: 'statements/' })];
  return [before.world, after.world].map((world) => ({
    'below the old prefix': { world, event: before.event },
    'below the new prefix': { world, event: after.event },
  }));
}
