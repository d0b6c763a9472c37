import { arnOf, bucketArn, partitionIn, partitionOf } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { callersOf } from './callers.ts';
import { inboxKeyOf, inboxOf, inRegion, replicasOf } from './customer-part.ts';
import { type AccountNames, defaults } from './default-names.ts';
import type { Stack } from './from-templates.ts';
import { mainResources } from './main-resources.ts';
import { type Placeholders, PolicyParts } from './policy-parts.ts';
import { ScenarioError } from './scenario-error.ts';
import type { PolicyPart, ScenarioFile, ServicePart } from './scenario-schema.ts';
import { deliveryRoleOf, internalBucketOf, networkOf, serviceKeyOf, withPermissions } from './service-part.ts';
import type { Account, DeployedStack, PolicyDocument, World } from './world.ts';

interface WorldInput {
  readonly file?: string;
  readonly scenario: Pick<ScenarioFile, 'service' | 'customer'>;
  readonly service: AccountNames;
  readonly customer: AccountNames;
  readonly serviceStack: Stack;
  readonly customerStack: Stack;
  /** The inbox's name, if a test event has one. */
  readonly inboxBucket?: string | undefined;
  /** The session policy that the check will request, which a scenario may edit. */
  readonly requestedSessionPolicy: (world: World) => PolicyDocument;
}

/** Both accounts as their templates create them, with the scenario's changes. */
export function buildWorld(input: WorldInput): World {
  const { service, customer, serviceStack, customerStack, file } = input;
  const servicePart = input.scenario.service ?? {};
  const customerPart = input.scenario.customer ?? {};
  const inboxNames = { serviceAccountId: service.accountId, inboxBucket: input.inboxBucket };
  const main = mainResources(serviceStack, customerStack, customer, inboxNames, file);
  const keyInRegion = inRegion(main.inboxKey, customerPart);

  const named = {
    serviceAccountId: service.accountId,
    customerAccountId: customer.accountId,
    checkRoleArn: main.checkRole.arn,
    deliveryRoleArn: main.deliveryRole.arn,
    internalBucket: main.internalBucket.name,
    serviceKeyArn: main.serviceKey.arn,
    inboxBucket: main.inbox.name,
    inboxKeyArn: keyInRegion.arn,
  };
  const parts = new PolicyParts(file, placeholdersOf(named), input.scenario);

  const roles = [
    ...serviceStack.roles,
    ...customerStack.roles,
    withPermissions('checkRoleArn', main.checkRole, parts),
    deliveryRoleOf(main.deliveryRole, servicePart, parts),
  ];
  const inbox = inboxOf(main.inbox, customerPart, parts);
  const buckets = [
    ...serviceStack.buckets,
    ...customerStack.buckets,
    internalBucketOf(main.internalBucket, servicePart, parts),
    inbox,
  ].filter(({ name }) => name !== inbox.name || customerPart.inbox?.exists !== false);
  const inboxKey = inboxKeyOf(keyInRegion, customerPart, parts);
  const keys = [
    ...[...serviceStack.keys, ...customerStack.keys].filter(({ arn }) => arn !== main.inboxKey.arn),
    serviceKeyOf(main.serviceKey, servicePart, parts),
    inboxKey,
    ...replicasOf(inboxKey, customerPart, parts),
  ];

  const world: World = {
    ...named,
    accounts: new Map([
      [service.accountId, accountOf('service', service, servicePart, parts)],
      [customer.accountId, accountOf('customer', customer, customerPart, parts)],
    ]),
    roles: new Map(roles.map((role) => [role.arn, role])),
    // Stacks are shared between worlds, but objects in buckets are not.
    buckets: new Map(buckets.map((bucket) => [bucket.name, { ...bucket, objects: new Map() }])),
    keys: new Map(keys.map((key) => [key.arn, key])),
    callers: callersOf([service.accountId, customer.accountId], main.checkRole),
    network: networkOf(servicePart, parts, service.region),
    trail: [],
    stacks: [
      deployed(defaults.serviceStackName, service, serviceStack),
      deployed(defaults.customerStackName, customer, customerStack),
    ],
    functionEnvironment: main.functionEnvironment,
    // As in the template, even if the scenario moves the bucket or key.
    defaultEvent: printedEvent(customerStack, file) ?? eventFor(customer, main.inbox.name, main.inboxKey.arn),
    now: () => new Date(),
  };
  const sessionPolicy = servicePart.deliveryRole?.sessionPolicy;
  if (!sessionPolicy) return world;
  const path = 'service.deliveryRole.sessionPolicy';
  return {
    ...world,
    sessionPolicyOverride: parts.document(
      path,
      'session-policy',
      sessionPolicy as PolicyPart,
      input.requestedSessionPolicy(world),
    ),
  };
}

function deployed(name: string, { accountId, region }: AccountNames, { outputs }: Stack): DeployedStack {
  return { name, accountId, region, outputs };
}

type NamedResources = Pick<
  World,
  | 'serviceAccountId'
  | 'customerAccountId'
  | 'checkRoleArn'
  | 'deliveryRoleArn'
  | 'internalBucket'
  | 'serviceKeyArn'
  | 'inboxBucket'
  | 'inboxKeyArn'
>;

export function placeholdersOf({ internalBucket, inboxBucket, ...same }: NamedResources): Placeholders {
  return {
    ...same,
    internalBucketArn: bucketArn(partitionIn(same.deliveryRoleArn), internalBucket),
    inboxBucketArn: bucketArn(partitionIn(same.inboxKeyArn), inboxBucket),
  };
}

/** The ready-made test event among the outputs of the customer's stack. */
export function printedEvent({ outputs }: Stack, file: string | undefined): TestEvent | undefined {
  const { TestEvent: printed } = outputs;
  if (printed === undefined) return undefined;
  try {
    return JSON.parse(printed);
  } catch {
    throw new ScenarioError(file, 'customer.template', `its output TestEvent is not JSON: ${printed}`);
  }
}

/** The same for a customer's own template, which has no such output. */
function eventFor(customer: AccountNames, bucket: string, kmsKeyArn: string): TestEvent {
  return {
    customer: defaults.customer,
    inbox: { accountId: customer.accountId, region: customer.region, bucket, kmsKeyArn, prefix: defaults.prefix },
  };
}

type OrganizationPart = Pick<ServicePart, 'organizationPath' | 'scpReplacesFullAccess'>;

function accountOf(
  side: 'service' | 'customer',
  { accountId, region, organizationId }: AccountNames,
  part: OrganizationPart,
  parts: PolicyParts,
): Account {
  const account: Account = {
    id: accountId,
    organizationId,
    ...(part.organizationPath && { organizationPath: part.organizationPath }),
    ...(part.scpReplacesFullAccess && { fullAwsAccess: false }),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  return parts.applied(`${side}AccountId`, account, (kind, index) =>
    // Organization policies belong to the management account, which is neither of the two accounts.
    arnOf({
      partition: partitionOf(region),
      service: 'organizations',
      accountId: '999999999999',
      resource: `policy/${organizationId}/${kind.replaceAll('-', '_')}/p-${String(index + 1).padStart(8, '0')}`,
    }),
  );
}
