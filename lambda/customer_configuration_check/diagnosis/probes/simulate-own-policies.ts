import type { SimulatePolicyResponse } from '@aws-sdk/client-iam';
import type { Effect, Layer } from '../../../../core/vocabulary.ts';
import { bearingOn } from '../bearing.ts';
import { type DeliveryEdge, type Findings, findings } from '../findings.ts';
import type { Probe, Row } from '../probe.ts';
import type { Situation } from '../situation.ts';
import { contextOf } from './simulated-context.ts';
import { boundaryEffectIn, identityIn, type Simulated, simulatedIn } from './simulation.ts';

/** Permissions that are asked about together: on one resource, in one context. */
export interface Simulation {
  readonly roleArn: string;
  readonly edges: readonly [DeliveryEdge, ...DeliveryEdge[]];
  readonly situation: Situation;
  /** What S3 may name to KMS: whether a bucket has a Bucket Key, only its owner knows. */
  readonly encryptionContexts: readonly [string | undefined, ...string[]];
  /** True to leave the role's permissions boundary out, which hides what the identity policies say. */
  readonly withoutBoundary?: boolean;
}

export interface Item {
  readonly edge: DeliveryEdge;
  /** One for each encryption context. */
  readonly said: readonly [Simulated, ...Simulated[]];
}

type SimulationProbe = Probe<Simulation, readonly SimulatePolicyResponse[], Item>;

/** What is the same whichever role is asked about. */
export const simulation: Pick<SimulationProbe, 'asks' | 'as' | 'source' | 'round' | 'send' | 'items' | 'rows'> = {
  asks: 'iam:SimulatePrincipalPolicy, with the condition keys that the request would have',
  as: "the check's role",
  source: 'policy-simulator',
  round: 1,
  async send({ roleArn, edges, situation, encryptionContexts, withoutBoundary }, clients, signal) {
    const { iam } = clients;
    const { delivery, runId } = situation.case;
    const simulate = (encryptionContext: string | undefined) =>
      iam.simulate(
        {
          PolicySourceArn: roleArn,
          ActionNames: edges.map(({ action }) => action),
          ResourceArns: [edges[0].resource],
          ...(withoutBoundary && { PermissionsBoundaryPolicyInputList: [everything] }),
          ContextEntries: [...contextOf(edges[0], { delivery, runId, roleArn, now: situation.now, encryptionContext })],
        },
        signal,
      );
    return Promise.all(encryptionContexts.map(simulate));
  },
  items({ edges }, reply) {
    if (!reply.ok) return [];
    return edges.flatMap((edge) => {
      const [first, ...others] = reply.answer.flatMap((one) => simulatedIn(one, edge.action, edge.resource) ?? []);
      return first ? [{ edge, said: [first, ...others] }] : [];
    });
  },
  rows: [...rowsOfIdentity(), ...rowsOfLimits()],
};

/** A boundary given to the simulator stands in for the role's own. */
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

export function rowsOfIdentity(): readonly Row<Item>[] {
  return [
    {
      answer: 'Allowed.',
      means: 'The identity policies allow it: excluded where every condition key that they look at is known.',
      fits: ({ said }) => said.every(({ decision }) => decision === 'allowed'),
      tells: (item) => speaksAgainst(item, ['identity-policy'], isConclusive(item) ? 'excludes' : 'weakens'),
    },
    {
      answer: 'Denied, by a Deny statement of an identity policy.',
      means: 'The identity policy refuses: proven where every condition key that it looks at is known.',
      fits: (item) => isDenied(item) && !isBounded(item),
      tells: (item) => refusal(item, 'identity-policy', 'explicit', isConclusive(item)),
    },
    {
      answer:
        'Denied, by a statement that may be of an identity policy or of the permissions boundary, which refuses too.',
      means: 'The identity policy refuses: likely, until it is asked without the boundary.',
      fits: (item) => isDenied(item) && isBounded(item),
      tells: (item) => {
        const detail = detailOf(item, 'identity policies or permissions boundary deny', 'identity-policy');
        return findings({
          facts: bearingOn(item.edge, ['identity-policy'], 'supports', 'policy-simulator', detail, 'explicit'),
        });
      },
    },
    {
      answer: 'Not allowed, and neither boundary nor service control policy refuses.',
      means:
        "No identity policy allows it. Proven on a resource of another account, where every condition key is known; in the own account the resource's policy may allow it instead.",
      fits: ({ said }) => said.every((one) => identityIn(one) === 'implicit'),
      tells: (item) => refusal(item, 'identity-policy', 'implicit', isConclusive(item) && item.edge.isForeign),
    },
  ];
}

function rowsOfLimits(): readonly Row<Item>[] {
  return [
    {
      answer: 'Allowed, so also by permissions boundary and organization.',
      means:
        'They are hardly the cause. They are not excluded: of their conditions the simulator tells nothing, and those of service control policies it leaves out.',
      fits: ({ said }) => said.every(({ decision }) => decision === 'allowed'),
      tells: (item) => speaksAgainst(item, ['permissions-boundary', 'service-control-policy'], 'weakens'),
    },
    {
      answer: 'Not within the permissions boundary.',
      means: 'The boundary refuses: likely, not proven, as the simulator does not say which conditions it has.',
      fits: ({ said }) => said.every(({ refusedByBoundary }) => refusedByBoundary),
      tells: (item) => refusal(item, 'permissions-boundary', boundaryEffectIn(item.said[0]), false),
    },
    {
      answer: 'Not allowed by the organization.',
      means: 'A service control policy refuses: likely, not proven, for the same reason.',
      fits: ({ said }) => said.every(({ refusedByOrganization }) => refusedByOrganization),
      tells: (item) => refusal(item, 'service-control-policy', undefined, false),
    },
    {
      answer: 'Allowed under one encryption context and not under the other, or undecided.',
      means:
        'It depends on the Bucket Key of the bucket, or on what the simulator was not given: nothing is concluded.',
      fits: ({ said: [first, ...others] }) =>
        first.decision === 'unclear' || others.some(({ decision }) => decision !== first.decision),
      tells: ({ edge }) =>
        findings({
          facts: [{ source: 'policy-simulator', detail: `The simulator does not decide on ${inWords(edge)}.` }],
        }),
    },
  ];
}

function isDenied({ said }: Item): boolean {
  return said.every((one) => identityIn(one) === 'explicit');
}

function isBounded({ said }: Item): boolean {
  return said.some(({ refusedByBoundary }) => refusedByBoundary);
}

/** Whether nothing that policies look at is unknown. */
function isConclusive({ said }: Item): boolean {
  return said.every(({ unknownKeys }) => unknownKeys.length === 0);
}

function speaksAgainst(item: Item, layers: readonly Layer[], verdict: 'excludes' | 'weakens'): Findings {
  return findings({ facts: bearingOn(item.edge, layers, verdict, 'policy-simulator', detailOf(item, 'allows')) });
}

function refusal(item: Item, layer: Layer, effect: Effect | undefined, isProven: boolean): Findings {
  const { edge } = item;
  const words = `${nouns[layer] ?? layer} ${effect === 'explicit' ? 'deny' : 'do not allow'}`;
  const detail = detailOf(item, words, layer);
  return findings({
    facts: bearingOn(edge, [layer], isProven ? 'proves' : 'supports', 'policy-simulator', detail, effect),
    refusals: [
      {
        edge,
        layer,
        effect,
        confidence: isProven ? 'proven' : 'inferred',
        isAlone: layer === 'identity-policy' && isConclusive(item),
        evidence: { source: 'policy-simulator', detail },
      },
    ],
  });
}

const nouns: Partial<Record<Layer, string>> = {
  'identity-policy': 'the identity policies',
  'permissions-boundary': "the permissions boundary's statements",
  'service-control-policy': 'the service control policies',
};

/** @param layer that refuses; the simulator shows statements of identity policies only */
function detailOf({ edge, said }: Item, words: string, layer?: Layer): string {
  const { statement } = said[0];
  const unknown = [...new Set(said.flatMap(({ unknownKeys }) => unknownKeys))];
  const where = statement && layer === 'identity-policy' ? ` (${statement})` : '';
  const but = unknown.length > 0 ? ` It was not given ${unknown.join(', ')}, which a policy of the role looks at.` : '';
  const subject = words === 'allows' ? 'allows' : `says that ${words}`;
  return `The policy simulator ${subject} ${inWords(edge)}${where}.${but}`;
}

function inWords({ action, resource }: DeliveryEdge): string {
  return `${action} on ${resource}`;
}
