import { arnOf, bucketArn, identityOf, keyArn, objectArn, partitionOf, roleArn } from '../../core/arn.ts';
import { namesOf, type Side, sides } from '../../core/vocabulary.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { PublicAccessBlock } from '../../model/world/world.ts';
import type { AccountClients } from '../collect/account-clients.ts';
import { type AskedAccount, answeredByAws, askAws } from '../collect/ask-aws.ts';
import { gatherMembership } from '../collect/gather-organization.ts';
import { answerIn, mapped, type ReadResult } from '../collect/read-results.ts';
import { endOfCredentials } from './account-calls.ts';
import { actionsOf, type OperationName } from './aws-operations.ts';
import { type Identities, type Identity, onBothSides } from './run-names.ts';

interface Stated {
  readonly clients: Readonly<Record<Side, AccountClients>>;
  readonly region: string;
  /** The account IDs that the user typed. */
  readonly accountIds: Readonly<Record<Side, string>>;
}

export interface Confirmed {
  readonly identities: Identities;
  /** The organizations of the accounts; undefined if there is none. */
  readonly organizations: Readonly<Record<Side, ReadResult<string | undefined>>>;
  readonly publicAccessBlocks: Readonly<Record<Side, ReadResult<PublicAccessBlock | undefined>>>;
}

/**
 * @throws InputError unless the profiles are for the two different accounts that were named, and neither manages an
 * organization
 */
export async function confirmed({ clients, region, accountIds }: Stated): Promise<Confirmed> {
  if (partitionOf(region) !== 'aws') {
    throw new InputError(
      `--region ${region}: is of the partition ${partitionOf(region)}. The scenarios are written for the partition aws.`,
    );
  }
  const identities = await onBothSides((side) => identified(side, clients[side], region));
  const { service, customer } = identities;
  if (service.accountId === customer.accountId) {
    throw new InputError(
      `Both profiles are for account ${service.accountId}. A delivery crosses from one account to another: give profiles of two accounts.`,
    );
  }
  for (const side of namesOf(sides)) {
    const { accountId, arn } = identities[side];
    if (accountId !== accountIds[side]) {
      throw new InputError(
        `--${side}-account says ${accountIds[side]}, and --${side}-profile is for account ${accountId} (${arn}). Nothing was done. Give the account that you mean in both.`,
      );
    }
    if (arn.endsWith(':root')) {
      throw new InputError(
        `--${side}-profile is the root user of account ${accountId}. Do not work as the root user, which can't assume roles. Use the profile of a role or an IAM user.`,
      );
    }
  }
  const account = (side: Side) => ({ accountId: identities[side].accountId, clients: clients[side] });
  const organizations = await onBothSides((side) => organizationOf(side, account(side), region));
  const publicAccessBlocks = await onBothSides((side) => accountBlockOf(account(side), region));
  return { identities, organizations, publicAccessBlocks };
}

const alwaysEnabled = 'us-east-1';

async function identified(side: Side, clients: AccountClients, region: string): Promise<Identity> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const ask = (where: string) => clients.sts(where).send(new GetCallerIdentityCommand({}));
  try {
    const { Account: accountId = '', Arn: arn = '', UserId: userId = '' } = await ask(region);
    return { accountId, arn, userId };
  } catch (error) {
    const { name, message } = answeredByAws(error);
    const elsewhere = region === alwaysEnabled ? undefined : await ask(alwaysEnabled).catch(() => undefined);
    if (elsewhere) {
      throw new InputError(
        `--region ${region}: is not enabled in the ${side}'s account ${elsewhere.Account} (${name}: ${message}). Enable it, or choose a Region that is enabled in both accounts.`,
      );
    }
    const fix = endOfCredentials.test(name)
      ? `Sign in (aws sso login --profile …), or give another profile with --${side}-profile.`
      : `Is ${region} a Region, and is there a network?`;
    throw new InputError(
      `--${side}-profile: AWS does not say whose credentials these are: ${name}: ${message}. ${fix}`,
    );
  }
}

async function organizationOf(
  side: Side,
  account: AskedAccount,
  region: string,
): Promise<ReadResult<string | undefined>> {
  const membership = await gatherMembership(account, region);
  const { MasterAccountId, Id } = answerIn(membership) ?? {};
  if (MasterAccountId === account.accountId) {
    throw new InputError(
      `--${side}-profile: account ${MasterAccountId} is the management account of the organization ${Id}. Nothing is created there. Give a profile of a member account, or of an account of its own.`,
    );
  }
  return mapped(membership, () => Id);
}

function accountBlockOf(account: AskedAccount, region: string): Promise<ReadResult<PublicAccessBlock | undefined>> {
  return askAws<PublicAccessBlock | undefined>(
    account,
    's3:GetAccountPublicAccessBlock',
    (clients) => clients.accountPublicAccessBlock(region, account.accountId),
    { NoSuchPublicAccessBlockConfiguration: undefined },
  );
}

/** The principal for IAM's simulation. A session's ARN doesn't contain the role's path. */
async function principalOf(clients: AccountClients, region: string, { arn }: Identity): Promise<string> {
  const role = identityOf(arn);
  if (role === arn) return arn;
  const { GetRoleCommand } = await import('@aws-sdk/client-iam');
  const RoleName = role.slice(role.lastIndexOf('/') + 1);
  return clients
    .iam(region)
    .send(new GetRoleCommand({ RoleName }))
    .then(
      ({ Role }) => Role?.Arn ?? role,
      () => role,
    );
}

type Permitted =
  | { readonly kind: 'asked'; readonly missing: readonly string[] }
  /** IAM denied the simulation, or doesn't support it for such an identity. */
  | { readonly kind: 'unknown'; readonly why: string };

interface Wanted {
  readonly side: Side;
  readonly operations: readonly OperationName[];
}

/** Has IAM simulate the identity's policies and those of the organization, before anything is changed. */
export async function permitted(
  { side, operations }: Wanted,
  clients: AccountClients,
  { prefix, region, identity }: { readonly prefix: string; readonly region: string; readonly identity: Identity },
): Promise<Permitted> {
  const { SimulatePrincipalPolicyCommand } = await import('@aws-sdk/client-iam');
  const principal = await principalOf(clients, region, identity);
  const missing: string[] = [];
  for (const [resource, actions] of actionsByResource(operations, { prefix, region, accountId: identity.accountId })) {
    try {
      const { EvaluationResults = [] } = await clients.iam(region).send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: principal,
          ActionNames: [...actions],
          ResourceArns: [resource],
        }),
      );
      for (const { EvalActionName, EvalDecision, MissingContextValues = [] } of EvaluationResults) {
        // If a permission depends on a condition key that IAM was not given, it is only known during the run.
        if (EvalDecision !== 'allowed' && MissingContextValues.length === 0)
          missing.push(`${EvalActionName} on ${resource}`);
      }
    } catch (error) {
      const { name, message } = answeredByAws(error);
      return { kind: 'unknown', why: `the ${side}'s profile may not ask IAM (${name}: ${message})` };
    }
  }
  return { kind: 'asked', missing };
}

interface Place {
  readonly prefix: string;
  readonly region: string;
  readonly accountId: string;
}

/** Keyed by the type of resource that an action is for. */
const resources: readonly (readonly [RegExp, (place: Place) => string])[] = [
  [
    /^iam:(Create|Get|Tag|List|Delete)Policy/,
    ({ prefix, accountId }) =>
      arnOf({ partition: 'aws', service: 'iam', accountId, resource: `policy/${prefix}-boundary-delivery` }),
  ],
  [/^(iam|sts):/, ({ prefix, accountId }) => roleArn('aws', accountId, `${prefix}-delivery`)],
  [/^s3:DeleteObject/, ({ prefix }) => objectArn('aws', `${prefix}-internal`, 'object')],
  [/^s3:/, ({ prefix }) => bucketArn('aws', `${prefix}-internal`)],
  [/^kms:(CreateKey|ListKeys)$/, () => '*'],
  [/^kms:/, ({ region, accountId }) => keyArn(region, accountId, '1234abcd-12ab-34cd-56ef-1234567890ab')],
];

function actionsByResource(
  operations: readonly OperationName[],
  place: Place,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const action of operations.flatMap(actionsOf)) {
    const [, resourceOf] = resources.find(([pattern]) => pattern.test(action)) ?? [];
    const resource = resourceOf?.(place) ?? '*';
    found.set(resource, (found.get(resource) ?? new Set()).add(action));
  }
  return found;
}
