import { accountIn, identityOf, nameOf } from '../../../../core/arn.ts';
import { bearingOn } from '../bearing.ts';
import { edgeOf } from '../delivery-edges.ts';
import { type DeliveryEdge, findings } from '../findings.ts';
import { probe, type Row } from '../probe.ts';
import { readings, readTrustPolicy, type TrustReading } from '../trust-policy.ts';
import { simulation } from './simulate-own-policies.ts';

/** The check's own side of taking on the delivery role. */
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

interface Item {
  readonly edge: DeliveryEdge;
  readonly reading: TrustReading | undefined;
}

/** The trust policy as it is: AssumeRole itself gives no reasons. */
export const readsTrustPolicy = probe<{ edge: DeliveryEdge; caller: string }, string, Item>({
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
    // GetRole takes a name and looks in the caller's own account only.
    const isOwn = accountIn(caller) === accountIn(edge?.resource);
    return edge && caller !== undefined && isOwn ? [{ edge, caller }] : [];
  },
  send: async ({ edge }, clients, signal) => clients.iam.trustPolicy(nameOf(edge.resource) ?? '', signal),
  items: ({ edge, caller }, reply) =>
    reply.ok ? [{ edge, reading: readTrustPolicy(parsed(reply.answer), caller) }] : [],
  rows: [
    row('names-caller', 'The trust policy is not the cause.', 'excludes'),
    row('trusts-account', 'The trust policy is not the cause; the check’s own policies have to allow it.', 'excludes'),
    row('silent', 'The trust policy refuses: proven.', 'proves'),
    row('denies', 'The trust policy refuses: proven.', 'proves'),
    {
      answer: readings.unclear,
      means: 'Nothing is concluded.',
      fits: ({ reading }) => reading === 'unclear',
      tells: () =>
        findings({
          facts: [
            {
              source: 'policy-analysis',
              step: 'assume-delivery-role',
              detail: 'Whether the trust policy allows the caller depends on its conditions.',
            },
          ],
        }),
    },
  ],
});

function row(reading: TrustReading, means: string, verdict: 'excludes' | 'proves'): Row<Item> {
  return {
    answer: readings[reading],
    means,
    fits: (item) => item.reading === reading,
    tells: ({ edge }) =>
      findings({
        facts: bearingOn(
          edge,
          ['role-trust-policy'],
          verdict,
          'policy-analysis',
          `The trust policy of ${edge.resource} was read. ${readings[reading]}`,
        ),
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
