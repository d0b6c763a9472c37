import { arnOf, bucketArn, keyArn, objectArn, roleArn } from '../../core/arn.ts';
import type { Side } from '../../core/vocabulary.ts';
import type { AccountClients } from '../collect/clients.ts';
import type { Identity } from './identities.ts';
import { actionsOf, type OperationName } from './operations.ts';
import { principalOf } from './preconditions.ts';

/** Whether an identity may do what a run will do with it. */
type Permitted =
  | { readonly kind: 'asked'; readonly missing: readonly string[] }
  /** IAM may not be asked, or does not answer for such an identity. */
  | { readonly kind: 'unknown'; readonly why: string };

interface Wanted {
  readonly side: Side;
  readonly operations: readonly OperationName[];
}

/** Asks IAM, which looks at the identity's policies and those of the organization, before anything is done. */
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
        // One that hangs on something that IAM was not told is seen when it is tried.
        if (EvalDecision !== 'allowed' && MissingContextValues.length === 0)
          missing.push(`${EvalActionName} on ${resource}`);
      }
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
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

/** By the kind of resource that an action is for. */
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

/** What a clean-up may need, whatever was planned. */
export const cleanUpOperations: readonly OperationName[] = [
  'GetRole',
  'ListRolePolicies',
  'DeleteRolePolicy',
  'DeleteRolePermissionsBoundary',
  'DeleteRole',
  'GetPolicy',
  'ListPolicyVersions',
  'DeletePolicyVersion',
  'DeletePolicy',
  'GetBucketTagging',
  'DeleteBucketPolicy',
  'ListObjectVersions',
  'DeleteObjects',
  'DeleteBucket',
  'ListKeys',
  'ListResourceTags',
  'ScheduleKeyDeletion',
];
