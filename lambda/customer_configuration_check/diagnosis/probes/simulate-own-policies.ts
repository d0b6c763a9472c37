import type { SimulatePolicyResponse } from '@aws-sdk/client-iam';
import type { Effect, Layer } from '../../../../core/vocabulary.ts';
import { bearingOn } from '../bearing.ts';
import { edgeOf } from '../delivery-edges.ts';
import {
  type Control,
  type DeliveryEdge,
  evidenceAlone,
  type Findings,
  type FoundRefusal,
  findings,
} from '../findings.ts';
import { type AnswerRow, isNoSuchEntity, type Probe } from '../probe.ts';
import type { Situation } from '../situation.ts';
import { contextOf, isOwnerConfirmed, simulatedRequest } from './simulated-context.ts';
import { boundaryEffectIn, identityIn, type Simulated, simulatedIn } from './simulation.ts';

// Longer than 250 lines: one question, and the meaning of each answer.

/** Permissions simulated together: on one resource, in one context. */
export interface Simulation {
  readonly roleArn: string;
  readonly edges: readonly [DeliveryEdge, ...DeliveryEdge[]];
  readonly situation: Situation;
  /** The ARNs that S3 may send to KMS. Only the bucket's owner knows if it has a Bucket Key. */
  readonly encryptionContexts: readonly [string | undefined, ...string[]];
  /** True to leave out the role's permissions boundary, which hides the identity policies' decision. */
  readonly withoutBoundary?: boolean;
  /** True to give only the context keys of a bucket whose owner is unknown. */
  readonly isControl?: boolean;
}

interface SimulatedEdge {
  readonly edge: DeliveryEdge;
  readonly roleArn: string;
  /** True if the resource is certainly another account's. The name of a bucket does not say whose it is. */
  readonly isForeign: boolean;
  /** One for each encryption context; empty if IAM finds no such role. */
  readonly said: readonly Simulated[];
  /** The permission that AssumeRole needs, if IAM does not find the delivery role itself. */
  readonly assumed?: DeliveryEdge | undefined;
}

type SimulationProbe = Probe<Simulation, readonly SimulatePolicyResponse[], SimulatedEdge>;

/** Values that do not depend on the role in question. */
export const simulation: Pick<SimulationProbe, 'asks' | 'as' | 'source' | 'round' | 'send' | 'items' | 'rows'> = {
  asks: 'iam:SimulatePrincipalPolicy, with the condition keys that the request would have',
  as: "the check's role",
  source: 'policy-simulator',
  round: 1,
  async send({ roleArn, edges, situation, encryptionContexts, withoutBoundary, isControl }, clients, signal) {
    const [first] = edges;
    const knowsOwner = isControl ? false : isOwnerConfirmed(situation, first);
    const simulate = (encryptionContext: string | undefined) =>
      clients.iam.simulate(
        {
          PolicySourceArn: roleArn,
          ActionNames: edges.map(({ action }) => action),
          ResourceArns: [first.resource],
          ...(withoutBoundary && { PermissionsBoundaryPolicyInputList: [everything] }),
          ContextEntries: [...contextOf(first, simulatedRequest(situation, roleArn, knowsOwner, encryptionContext))],
        },
        signal,
      );
    return Promise.all(encryptionContexts.map(simulate));
  },
  items({ edges, roleArn, situation }, reply) {
    if (!reply.ok) return isNoSuchEntity(reply) ? [absent(roleArn, edges[0], situation)] : [];
    return edges.flatMap((edge) => {
      const said = reply.answer.flatMap(
        (one) => simulatedIn(one, edge.action, edge.resource, situation.isFunction) ?? [],
      );
      return said.length > 0 ? [{ edge, roleArn, isForeign: isCertainlyForeign(edge, situation), said }] : [];
    });
  },
  rows: [...rowsOfIdentity(), ...rowsOfLimits(), ...rowsOfAbsence()],
};

function isCertainlyForeign(edge: DeliveryEdge, situation: Situation): boolean {
  return edge.isForeign && (edge.action.startsWith('kms:') || isOwnerConfirmed(situation, edge));
}

function absent(roleArn: string, edge: DeliveryEdge, situation: Situation): SimulatedEdge {
  const { open, case: input } = situation;
  const assumed =
    roleArn === input.delivery.deliveryRoleArn ? edgeOf(open, 'assume-delivery-role', 'sts:AssumeRole') : undefined;
  return { edge, roleArn, isForeign: isCertainlyForeign(edge, situation), said: [], assumed };
}

/** A boundary passed to the simulator replaces the role's own. */
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

export function rowsOfIdentity(): readonly AnswerRow<SimulatedEdge>[] {
  return [
    {
      answer: 'Allowed.',
      means: 'The identity policies allow it: excluded where every condition key that they look at is known.',
      fits: ({ said }) => all(said, ({ decision }) => decision === 'allowed'),
      tells: (item) => speaksAgainst(item, ['identity-policy'], isConclusive(item) ? 'excludes' : 'weakens'),
    },
    {
      answer: 'Denied, by a Deny statement of an identity policy.',
      means: 'The identity policy refuses: proven where every condition key that it looks at is known.',
      fits: (item) => isDenied(item) && !isBounded(item),
      tells: (item) => refusal(item, 'identity-policy', 'explicit', isConclusive(item)),
    },
    {
      answer: 'Denied, by a statement in an identity policy or in the permissions boundary, which also denies it.',
      means: 'The identity policy refuses: likely, until it is asked without the boundary.',
      fits: (item) => isDenied(item) && isBounded(item),
      tells: (item) => {
        const detail = detailOf(item, 'identity policies or permissions boundary deny', 'identity-policy');
        const facts = bearingOn(item.edge, ['identity-policy'], 'supports', 'policy-simulator', detail, {
          effect: 'explicit',
        });
        return findings({ pending: [{ control: controlOf(item), facts, refusals: [] }] });
      },
    },
    {
      answer: 'Not allowed, and neither boundary nor service control policy refuses.',
      means:
        "No identity policy allows it. Proven for a resource that is certainly another account's if every condition key is known; within one account the resource's policy may allow it instead.",
      fits: ({ said }) => all(said, (one) => identityIn(one) === 'implicit'),
      tells: (item) => refusal(item, 'identity-policy', 'implicit', isConclusive(item) && item.isForeign),
    },
  ];
}

function rowsOfLimits(): readonly AnswerRow<SimulatedEdge>[] {
  return [
    {
      answer: 'Allowed, so also by permissions boundary and organization.',
      means:
        'They are unlikely to be the cause, but not excluded: the simulator evaluates their conditions without some keys, and does not say which.',
      fits: ({ said }) => all(said, ({ decision }) => decision === 'allowed'),
      tells: (item) => speaksAgainst(item, ['permissions-boundary', 'service-control-policy'], 'weakens'),
    },
    {
      answer: 'Not within the permissions boundary.',
      means:
        'The boundary denies it: likely if the simulator allows a permission that AWS has just granted, but not proven, because it does not say which conditions the boundary has.',
      fits: ({ said }) => all(said, ({ refusedByBoundary }) => refusedByBoundary),
      tells: (item) => refusal(item, 'permissions-boundary', item.said[0] && boundaryEffectIn(item.said[0]), false),
    },
    {
      answer: 'Not allowed by the organization.',
      means: 'A service control policy refuses: likely, not proven, for the same reason.',
      fits: ({ said }) => all(said, ({ refusedByOrganization }) => refusedByOrganization),
      tells: (item) => refusal(item, 'service-control-policy', undefined, false),
    },
    {
      answer: 'Allowed under one encryption context and not under the other, or undecided.',
      means:
        'It depends on the bucket’s Bucket Key, or on keys that the simulator was not given. Nothing is concluded.',
      fits: ({ said: [first, ...others] }) =>
        first !== undefined &&
        (first.decision === 'unclear' || others.some(({ decision }) => decision !== first.decision)),
      tells: ({ edge }) => evidenceAlone('policy-simulator', `The simulator does not decide on ${inWords(edge)}.`),
    },
  ];
}

/** A role that has a session exists, so a missing role is the delivery role, after AssumeRole was denied. */
function rowsOfAbsence(): readonly AnswerRow<SimulatedEdge>[] {
  return [
    {
      answer: 'No such role (NoSuchEntity), and AssumeRole was denied for it.',
      means: 'Most likely the delivery role does not exist. iam:GetRole would prove it.',
      fits: ({ said, assumed }) => said.length === 0 && assumed !== undefined,
      tells: ({ roleArn, assumed }) => {
        const detail = `The policy simulator finds no role ${roleArn}.`;
        const told = { missing: {} };
        return findings({
          facts: assumed ? bearingOn(assumed, ['role-trust-policy'], 'supports', 'policy-simulator', detail, told) : [],
        });
      },
    },
    {
      answer: 'No such role (NoSuchEntity), of a role that has a session.',
      means: 'Nothing: the ARN of a session does not tell the path of its role.',
      fits: ({ said, assumed }) => said.length === 0 && assumed === undefined,
      tells: ({ roleArn }) => {
        const detail = `The policy simulator finds no role ${roleArn}: the role may have a path, which its session does not show.`;
        return evidenceAlone('policy-simulator', detail);
      },
    },
  ];
}

function all(said: readonly Simulated[], is: (one: Simulated) => boolean): boolean {
  return said.length > 0 && said.every(is);
}

function isDenied({ said }: SimulatedEdge): boolean {
  return all(said, (one) => identityIn(one) === 'explicit');
}

function isBounded({ said }: SimulatedEdge): boolean {
  return said.some(({ refusedByBoundary }) => refusedByBoundary);
}

function isConclusive({ said }: SimulatedEdge): boolean {
  return all(said, ({ unknownKeys }) => unknownKeys.length === 0);
}

function speaksAgainst(item: SimulatedEdge, layers: readonly Layer[], verdict: 'excludes' | 'weakens'): Findings {
  return findings({ facts: bearingOn(item.edge, layers, verdict, 'policy-simulator', detailOf(item, 'allows')) });
}

/** The simulator names missing context keys of identity policies, but not those of boundaries and SCPs. */
function refusal(item: SimulatedEdge, layer: Layer, effect: Effect | undefined, isProven: boolean): Findings {
  const { edge } = item;
  const words = `${nouns[layer] ?? layer} ${effect === 'explicit' ? 'deny' : 'do not allow'}`;
  const detail = detailOf(item, words, layer);
  const isCertain = layer === 'identity-policy' && isConclusive(item);
  const facts = bearingOn(edge, [layer], isProven ? 'proves' : 'supports', 'policy-simulator', detail, { effect });
  const one: FoundRefusal = {
    edge,
    layer,
    effect,
    confidence: isProven ? 'proven' : 'inferred',
    isAlone: isCertain,
    evidence: { source: 'policy-simulator', detail },
  };
  if (isCertain) return findings({ facts, refusals: [one] });
  return findings({ pending: [{ control: controlOf(item), facts, refusals: [one] }] });
}

function controlOf({ roleArn, edge }: SimulatedEdge): Control {
  return { roleArn, service: edge.action.split(':')[0] ?? '' };
}

const nouns: Partial<Record<Layer, string>> = {
  'identity-policy': 'the identity policies',
  'permissions-boundary': "the permissions boundary's statements",
  'service-control-policy': 'the service control policies',
};

/** @param layer the layer that denies; the simulator shows statements of identity policies only */
function detailOf({ edge, said }: SimulatedEdge, words: string, layer?: Layer): string {
  const statement = said[0]?.statement;
  const unknown = [...new Set(said.flatMap(({ unknownKeys }) => unknownKeys))];
  const where = statement && layer === 'identity-policy' ? ` (${statement})` : '';
  const but = unknown.length > 0 ? ` It was not given ${unknown.join(', ')}, which a policy of the role uses.` : '';
  const subject = words === 'allows' ? 'allows' : `says that ${words}`;
  return `The policy simulator ${subject} ${inWords(edge)}${where}.${but}`;
}

function inWords({ action, resource }: DeliveryEdge): string {
  return `${action} on ${resource}`;
}
