import { accountIn, bucketArn, identityOf, nameOf, parseArn } from '../../core/arn.ts';
import { isObject } from '../../core/json.ts';
import { layers } from '../../core/layers.ts';
import { parts, policyPartNames } from '../../core/parts.ts';
import { authorize } from '../../model/policies/authorize.ts';
import { policiesOfPart } from '../../model/remedies/documents.ts';
import { valuesIn } from '../../model/remedies/statement-parts.ts';
import { statementsOf } from '../../model/world/policy-parts.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import type { PolicyDocument, World } from '../../model/world/world.ts';
import { actionsOf, type OperationName } from './aws-operations.ts';
import { callerOf, type Identities, type OtherRoles } from './run-names.ts';
import { administered, kindsWritten } from './world-settings.ts';

/** A scenario that can be applied to two real accounts, or the reason why it can't. */
export type Choice =
  | { readonly kind: 'chosen'; readonly scenario: Scenario; readonly file: ScenarioFile; readonly others: OtherRoles }
  | { readonly kind: 'left-out'; readonly file: string; readonly name: string; readonly why: Obstacle };

export type Chosen = Extract<Choice, { kind: 'chosen' }>;
export type LeftOut = Extract<Choice, { kind: 'left-out' }>;

export const obstacles = {
  partition: 'is of another partition than aws',
  'one-account': 'is of one account, or of an account that it names, or has an inbox of the service itself',
  'organization-policies': 'needs policies of an organization',
  'organization-keys': 'has conditions on an organization',
  'same-organization': 'needs both accounts in one organization',
  network: 'needs a VPC endpoint or plain HTTP',
  address: 'has conditions on the address of the caller',
  'second-region': 'needs a second Region',
  'moves-objects': 'needs something that moves objects away',
  'requester-pays': 'needs a Requester Pays bucket',
  'key-state': 'needs a key in a state that no call puts it into',
  'third-account': 'names an account that is neither of the two as owner, principal or owner of a key',
  'role-id': 'needs a role with a unique id of its own, such as one that was re-created',
  service: 'has a principal that no command can act as',
  'other-policies': 'needs a kind of policy that no call of a run writes',
  'locks-out': 'would lock out the caller that has to clean up',
  'customer-template': 'comes from a template of the customer\u2019s own',
} as const;
export type Obstacle = keyof typeof obstacles;

export interface RealAccounts {
  readonly identities: Identities;
  /** True if both accounts are known to be in one organization. */
  readonly sameOrganization: boolean;
}

type Test = (scenario: Scenario, file: ScenarioFile, around: RealAccounts) => boolean;

const tests: Readonly<Record<Obstacle, Test>> = {
  partition: ({ world }) => parseArn(world.deliveryRoleArn)?.partition !== 'aws',
  'customer-template': (_, { customer }) => customer?.template !== undefined,
  'one-account': ({ world }, { service, customer }) =>
    world.accounts.size < 2 ||
    mainOf(world).inbox?.accountId === world.serviceAccountId ||
    [service?.accountId, customer?.accountId].some((accountId) => accountId !== undefined),
  'organization-policies': ({ world }) =>
    policiesIn(world).some(({ part }) => layers[parts[part].kind].document[2] === 'accounts') ||
    [...world.accounts.values()].some(
      ({ fullAwsAccess, organizationPath }) => fullAwsAccess === false || organizationPath !== undefined,
    ),
  'organization-keys': ({ world, event }) => /:(Principal|Resource|Source)Org/i.test(textOf(world, event)),
  'same-organization': ({ world }, { service, customer }, { sameOrganization }) => {
    const [one, other] = [...world.accounts.values()].map(({ organizationId }) => organizationId);
    const isStated = service?.organizationId !== undefined || customer?.organizationId !== undefined;
    return isStated && (one !== other || !sameOrganization);
  },
  network: ({ world }) => world.network.vpcEndpoint !== undefined || !world.network.secureTransport,
  address: ({ world, event }, { service }) =>
    service?.sourceIp !== undefined || /aws:SourceIp/i.test(textOf(world, event)),
  'second-region': ({ world, event }) => {
    const { internal, inbox, keys } = mainOf(world);
    const regions = [internal?.region, inbox?.region, event.inbox.region, ...keys.map((key) => key?.region)];
    return new Set(regions.filter((region) => region !== undefined)).size > 1 || keys.some((key) => key?.multiRegion);
  },
  'key-state': ({ world }) =>
    mainOf(world).keys.some(
      (key) => key && !['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport'].includes(key.state),
    ),
  'moves-objects': ({ world }) => mainOf(world).internal?.movesObjects === true,
  'requester-pays': ({ world }) => mainOf(world).inbox?.requesterPays === true,
  'third-account': ({ world, event }) =>
    foreign(world, mainOf(world).inbox?.accountId) ||
    [event.inbox.kmsKeyArn, event.internal?.kmsKeyArn].some((arn) => foreign(world, accountIn(arn))) ||
    principalsOf(world).some((principal) =>
      foreign(world, /^\d{12}$/.test(principal) ? principal : accountIn(principal)),
    ),
  'role-id': ({ world }, { service }) =>
    service?.deliveryRole?.roleId !== undefined ||
    principalsOf(world).some((principal) => principal.startsWith('AROA')),
  service: ({ world }) => principalsOf(world).some((principal) => !/^(\*|\d{12}|arn:.*|AROA.*)$/.test(principal)),
  'other-policies': ({ world }) => policiesIn(world).some(({ part }) => !kindsWritten.includes(parts[part].kind)),
  'locks-out': ({ world }, _, { identities }) => locksOut(world, identities),
};

export function choiceOf(scenario: Scenario, file: ScenarioFile, around: RealAccounts): Choice {
  const why = (Object.keys(tests) as Obstacle[]).find((obstacle) => tests[obstacle](scenario, file, around));
  if (why) return { kind: 'left-out', file: scenario.file ?? '', name: scenario.name, why };
  return { kind: 'chosen', scenario, file, others: otherRolesOf(scenario) };
}

function mainOf(world: World) {
  const [internal, inbox] = [world.internalBucket, world.inboxBucket].map((name) => world.buckets.get(name));
  return { internal, inbox, keys: [world.serviceKeyArn, world.inboxKeyArn].map((arn) => world.keys.get(arn)) };
}

/** Every policy in the two accounts that can affect a delivery. */
function policiesIn(world: World) {
  return policyPartNames.flatMap((part) => policiesOfPart(world, part).map(({ document }) => ({ part, document })));
}

function textOf(world: World, event: unknown): string {
  return JSON.stringify([event, policiesIn(world), mainOf(world).keys]);
}

function foreign(world: World, accountId: string | undefined): boolean {
  return accountId !== undefined && !world.accounts.has(accountId);
}

function principalsOf(world: World): readonly string[] {
  const statements = policiesIn(world).flatMap(({ document }) => statementsOf(document));
  const named = statements.flatMap(({ Principal, NotPrincipal }) => [Principal, NotPrincipal]);
  return [
    ...named.flatMap((principal) => (isObject(principal) ? Object.values(principal) : [principal])).flatMap(valuesIn),
    ...mainOf(world).keys.flatMap((key) => (key?.grants ?? []).map(({ granteePrincipal }) => granteePrincipal)),
  ];
}

/** AWS rejects policies that name nonexistent roles, so the run creates roles that have no permissions. */
function otherRolesOf({ world, event }: Scenario): OtherRoles {
  const named = principalsOf(world).flatMap((principal) => {
    const [accountId, name] = [accountIn(principal), nameOf(principal)];
    return accountId && name && identityOf(principal).includes(':role/') ? [{ accountId, name }] : [];
  });
  const own = [world.deliveryRoleArn, world.checkRoleArn].map((arn) => world.roles.get(arn)?.name);
  const principals = named.filter(
    ({ name, accountId }, at) =>
      !own.includes(name) && named.findIndex((other) => other.name === name && other.accountId === accountId) === at,
  );
  const missing = event.deliveryRoleArn?.split('/').at(-1);
  return { principals, ...(missing !== undefined && !own.includes(missing) && { missing }) };
}

/** The requests that prepare the next world and clean up. */
const toGoOn = {
  bucket: [
    'PutBucketPolicy',
    'DeleteBucketPolicy',
    'GetBucketTagging',
    'PutPublicAccessBlock',
    'PutBucketOwnershipControls',
    'PutBucketEncryption',
  ],
  key: [
    'PutKeyPolicy',
    'EnableKey',
    'DisableKey',
    'CreateGrant',
    'RevokeGrant',
    'ListResourceTags',
    'ScheduleKeyDeletion',
    'CancelKeyDeletion',
  ],
} as const satisfies Readonly<Record<string, readonly OperationName[]>>;

/** True if the creator of the resources might lose access to them, according to the simulation. */
function locksOut(world: World, identities: Identities): boolean {
  const { internal, inbox, keys } = mainOf(world);
  const asks = (
    accountId: string,
    resource: string,
    policy: PolicyDocument | undefined,
    operations: readonly OperationName[],
  ) => {
    const isService = accountId === world.serviceAccountId;
    const identity = identities[isService ? 'service' : 'customer'];
    // The world and the caller use the default accounts.
    const caller = callerOf({ ...identity, accountId, arn: identity.arn.replace(identity.accountId, accountId) });
    const own = policy && resource.includes(':kms:') ? administered(policy, { ...identity, accountId }) : policy;
    return operations.flatMap(actionsOf).some((action) => {
      const question = {
        caller,
        action,
        resource,
        resourceAccountId: accountId,
        ...(own && { resourcePolicy: own }),
        context: {},
      };
      return authorize(world, question).outcome !== 'allowed';
    });
  };
  return (
    [internal, inbox].some(
      (bucket) => bucket && asks(bucket.accountId, bucketArn('aws', bucket.name), bucket.policy, toGoOn.bucket),
    ) || keys.some((key) => key && asks(key.accountId, key.arn, key.policy, toGoOn.key))
  );
}
