import { identityOf } from '../../../../core/arn.ts';
import { isSameEdge } from '../delivery-edges.ts';
import type { DeliveryEdge } from '../findings.ts';
import { probe } from '../probe.ts';
import type { Situation } from '../situation.ts';
import { rowsOfIdentity, type Simulation, simulation } from './simulate-own-policies.ts';

/** The delivery role's side of every permission that is not known to be allowed. */
export const simulatesS3 = probe({
  ...simulation,
  id: 'simulate-s3',
  when: 'A permission for S3 was denied or not reached.',
  needs: 'iam:SimulatePrincipalPolicy on the delivery role',
  requests: 1,
  questions: (situation) => simulations(situation, (edge) => edge.action.startsWith('s3:') && isNotReadOrDeleted(edge)),
});

/** Two contexts each: S3 sends KMS the object's ARN, or the bucket's with a Bucket Key. */
export const simulatesKms = probe({
  ...simulation,
  id: 'simulate-kms',
  when: 'A permission for a KMS key was denied or not reached.',
  needs: 'iam:SimulatePrincipalPolicy on the delivery role',
  requests: 2,
  questions: (situation) => simulations(situation, (edge) => edge.action.startsWith('kms:')),
});

/** If a boundary denies, the simulator hides the identity policies. */
export const simulatesWithoutBoundary = probe({
  ...simulation,
  id: 'simulate-without-boundary',
  asks: 'iam:SimulatePrincipalPolicy once more, with a permissions boundary that allows everything',
  when: 'The simulator says that a role’s permissions boundary denies it.',
  needs: 'iam:SimulatePrincipalPolicy on that role',
  round: 2,
  requests: 1,
  questions: (situation) => {
    const bounded = (edge: DeliveryEdge) => refusedBy(situation, edge).join() === 'permissions-boundary';
    return simulations(situation, bounded).map((asked) => ({
      ...asked,
      withoutBoundary: true,
      encryptionContexts: [asked.encryptionContexts[0]] as const,
    }));
  },
  rows: rowsOfIdentity(),
});

function refusedBy({ known }: Situation, edge: DeliveryEdge): readonly string[] {
  const refusals = [...known.refusals, ...known.pending.flatMap((one) => one.refusals)];
  return refusals.filter((one) => isSameEdge(one.edge, edge)).map(({ layer }) => layer);
}

/** The check really reads and deletes the test object, and a real answer shows more than the simulator's. */
function isNotReadOrDeleted({ action }: DeliveryEdge): boolean {
  return action !== 's3:GetObject' && action !== 's3:DeleteObject';
}

function simulations(situation: Situation, isAsked: (edge: DeliveryEdge) => boolean): readonly Simulation[] {
  const groups = new Map<string, [DeliveryEdge, ...DeliveryEdge[]]>();
  for (const edge of situation.open.filter(isAsked)) {
    // The permission for an ACL has no encryption headers in its context, and neither does a part's.
    const key = edge.on.endsWith('-key') ? edge.on : `${edge.on} ${edge.action} ${edge.operation}`;
    groups.set(key, [...(groups.get(key) ?? []), edge] as [DeliveryEdge, ...DeliveryEdge[]]);
  }
  return [...groups.values()].flatMap((edges) => {
    const roleArn = whoNeeds(situation, edges[0]);
    return roleArn === undefined ? [] : [{ roleArn, edges, situation, encryptionContexts: contextsOf(edges[0]) }];
  });
}

/** Assuming the delivery role needs a permission of the check's own role, which that step's answer names. */
function whoNeeds({ answerAt, case: { delivery } }: Situation, { on }: DeliveryEdge): string | undefined {
  if (on !== 'delivery-role') return delivery.deliveryRoleArn;
  const caller = answerAt('assume-delivery-role')?.principal;
  return caller && identityOf(caller);
}

/** Only the owner knows whether the bucket has a Bucket Key. */
export function contextsOf({ encryptionContext }: DeliveryEdge): Simulation['encryptionContexts'] {
  return encryptionContext === undefined ? [undefined] : [encryptionContext.object, encryptionContext.bucket];
}
