import { accountIn, identityOf, nameOf } from '../../../../core/arn.ts';
import { jsonOrNothing } from '../../../../core/json.ts';
import type { Effect } from '../../../../core/vocabulary.ts';
import { bearingOn } from '../bearing.ts';
import type { RoleByName } from '../clients/iam.ts';
import { edgeOf } from '../delivery-edges.ts';
import { type DeliveryEdge, evidenceAlone, findings } from '../findings.ts';
import { type AnswerRow, isNoSuchEntity, probe, type Reply } from '../probe.ts';
import { readings, readTrustPolicy, type TrustReading } from '../trust-policy.ts';
import { simulation } from './simulate-own-policies.ts';

/** Simulates the caller's side of assuming the delivery role. */
export const simulatesAssumeRole = probe({
  ...simulation,
  id: 'simulate-assume-role',
  when: 'AssumeRole was denied.',
  needs: "iam:SimulatePrincipalPolicy on the check's own role",
  requests: 1,
  questions: (situation) => {
    const caller = situation.answerAt('assume-delivery-role')?.principal;
    const edge = edgeOf(situation.open, 'assume-delivery-role', 'sts:AssumeRole');
    const isRole = caller?.includes(':assumed-role/');
    return edge && caller !== undefined && isRole
      ? [{ roleArn: identityOf(caller), edges: [edge] as const, situation, encryptionContexts: [undefined] as const }]
      : [];
  },
});

interface Question {
  readonly edge: DeliveryEdge;
  readonly caller: string;
}

interface Item {
  readonly edge: DeliveryEdge;
  readonly found: TrustReading | 'no-role' | 'another-role' | undefined;
  readonly arn?: string | undefined;
}

/** Reads the actual trust policy, because AssumeRole gives no reasons. */
export const readsTrustPolicy = probe<Question, RoleByName, Item>({
  id: 'read-trust-policy',
  asks: 'iam:GetRole of the delivery role',
  when: 'AssumeRole was denied.',
  as: "the check's role",
  needs: 'iam:GetRole on the delivery role',
  source: 'policy-analysis',
  round: 1,
  requests: 1,
  questions: ({ open, answerAt }) => {
    const caller = answerAt('assume-delivery-role')?.principal;
    const edge = edgeOf(open, 'assume-delivery-role', 'sts:AssumeRole');
    // GetRole takes a name and only looks in the caller's own account.
    const isOwn = accountIn(caller) === accountIn(edge?.resource);
    return edge && caller !== undefined && isOwn ? [{ edge, caller }] : [];
  },
  send: async ({ edge }, clients, signal) => clients.iam.role(nameOf(edge.resource) ?? '', signal),
  items: (question, reply) => [itemOf(question, reply)],
  rows: [
    {
      answer: 'No such role (NoSuchEntity).',
      means: 'The role does not exist: proven. Role names are unique within an account, whatever their paths.',
      fits: ({ found }) => found === 'no-role',
      tells: ({ edge }) => {
        const detail = `IAM finds no role ${nameOf(edge.resource)} in account ${accountIn(edge.resource)}.`;
        return findings({
          facts: bearingOn(edge, ['role-trust-policy'], 'proves', 'policy-analysis', detail, { missing: {} }),
        });
      },
    },
    {
      answer: 'A role of that name with another path, so another ARN.',
      means: 'Most likely the ARN is mistyped. Nothing is concluded from the trust policy of the role that was found.',
      fits: ({ found }) => found === 'another-role',
      tells: ({ edge, arn = '' }) => {
        const detail = `IAM finds no ${edge.resource}: the role with that name is ${arn}.`;
        const missing = { instead: arn };
        return findings({
          facts: bearingOn(edge, ['role-trust-policy'], 'supports', 'policy-analysis', detail, { missing }),
        });
      },
    },
    row('names-caller', 'The trust policy is not the cause.', 'excludes'),
    row('trusts-account', 'The trust policy is not the cause; the check’s own policies must allow it.', 'excludes'),
    row('silent', 'The trust policy denies it: proven.', 'proves', 'implicit'),
    row('denies', 'The trust policy denies it: proven.', 'proves', 'explicit'),
    row('denies-on-condition', 'If the trust policy denies it, that Deny statement does.', 'accompanies', 'explicit'),
    row(
      'allows-on-condition',
      'If the trust policy denies it, the request meets no condition of an Allow.',
      'accompanies',
      'implicit',
    ),
    {
      answer: readings.unclear,
      means: 'Nothing is concluded.',
      fits: ({ found }) => found === 'unclear',
      tells: () => {
        const detail = 'Whether the trust policy allows the caller depends on its conditions.';
        return evidenceAlone('policy-analysis', detail, 'assume-delivery-role');
      },
    },
  ],
});

function itemOf({ edge, caller }: Question, reply: Reply<RoleByName>): Item {
  if (!reply.ok) return { edge, found: isNoSuchEntity(reply) ? 'no-role' : undefined };
  const { arn, trustPolicy } = reply.answer;
  // IAM's answers always have an ARN.
  if (arn === undefined) return { edge, found: undefined };
  if (arn !== edge.resource) return { edge, found: 'another-role', arn };
  return { edge, found: readTrustPolicy(jsonOrNothing(trustPolicy), { caller, sessionName: edge.sessionName }), arn };
}

function row(
  reading: TrustReading,
  means: string,
  verdict: 'excludes' | 'proves' | 'accompanies',
  effect?: Effect,
): AnswerRow<Item> {
  return {
    answer: readings[reading],
    means,
    fits: ({ found }) => found === reading,
    tells: ({ edge }) =>
      findings({
        facts: bearingOn(
          edge,
          ['role-trust-policy'],
          verdict,
          'policy-analysis',
          `The trust policy of ${edge.resource} was read. ${readings[reading]}`,
          { effect, namesNoDeletedRole: true },
        ),
      }),
  };
}
