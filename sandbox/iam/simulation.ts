import { EvaluationError, evaluateLayers, type LayerOutcome, type LayerResult } from '../../model/policies/evaluate.ts';
import type { Policy } from '../../model/world/world.ts';
import { notImplemented } from '../wire/protocol.ts';
import { contextKeysFor, contextKeysOf } from './context-keys.ts';
import { concreteResource, ownerOf } from './simulated-resource.ts';

/** What is simulated: a principal with its policies, in a context that holds nothing but what the request gives. */
export interface SimulatedPrincipal {
  readonly arn: string;
  readonly accountId: string;
  readonly identityPolicies: readonly SourcedPolicy[];
  readonly permissionsBoundary?: Policy;
  /** Absent where the account is in no organization. */
  readonly serviceControlPolicies?: readonly Policy[];
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A policy under the id that the simulator's answer calls it by. */
export interface SourcedPolicy extends Policy {
  readonly sourceId: string;
}

export type EvalDecision = 'allowed' | 'explicitDeny' | 'implicitDeny';

export interface SimulatedDecision {
  readonly resource: string;
  readonly decision: EvalDecision;
  /** The statements of identity policies that led to the decision; organizations' statements are never shown. */
  readonly matched: readonly { readonly policy: SourcedPolicy; readonly index: number }[];
  readonly allowedByBoundary?: boolean;
  readonly allowedByOrganization?: boolean;
}

/**
 * Decides an action on a resource as the policy simulator does: identity policies, permissions boundary and service
 * control policies. A condition on a key that the request does not give fails, as one on an absent key does.
 *
 * @throws AwsError NotImplemented for what the evaluator does not know
 */
export async function simulate(
  principal: SimulatedPrincipal,
  action: string,
  resource: string,
  resourceOwner: string,
): Promise<SimulatedDecision> {
  const { arn, identityPolicies, permissionsBoundary, serviceControlPolicies } = principal;
  const concrete = concreteResource(action, resource, arn);
  const layers = await evaluateLayers({
    principal: arn,
    action,
    resource: concrete,
    resourceAccountId: ownerOf(concrete, resourceOwner),
    context: relevantContext(principal, action),
    // By unique names, so that a matched statement leads back to its policy.
    identityPolicies: identityPolicies.map(({ sourceId, document }) => ({ name: sourceId, document })),
    serviceControlPolicies: serviceControlPolicies ?? [],
    resourceControlPolicies: [],
    ...(permissionsBoundary && { permissionsBoundary }),
  }).catch((error: unknown) => {
    if (error instanceof EvaluationError) throw notImplemented(`this simulation: ${error.message}`);
    throw error;
  });
  const { identity, boundary, scp } = layers;
  const decision = combined([identity, boundary, serviceControlPolicies && scp]);
  return {
    resource,
    decision,
    matched: decision === decisions[identity.result] ? matchedStatements(identity, identityPolicies) : [],
    ...(boundary && { allowedByBoundary: boundary.result === 'Allowed' }),
    ...(serviceControlPolicies && { allowedByOrganization: scp.result === 'Allowed' }),
  };
}

const decisions: Readonly<Record<LayerOutcome, EvalDecision>> = {
  Allowed: 'allowed',
  ExplicitlyDenied: 'explicitDeny',
  ImplicitlyDenied: 'implicitDeny',
};

function combined(layers: readonly (LayerResult | undefined)[]): EvalDecision {
  return mostRestrictive(layers.flatMap((layer) => (layer ? [decisions[layer.result]] : [])));
}

/** One explicit deny outweighs everything, and whatever is not allowed outweighs what is. */
export function mostRestrictive(all: readonly EvalDecision[]): EvalDecision {
  return (['explicitDeny', 'implicitDeny'] as const).find((decision) => all.includes(decision)) ?? 'allowed';
}

function matchedStatements(identity: LayerResult, policies: readonly SourcedPolicy[]): SimulatedDecision['matched'] {
  return identity.matched.flatMap(({ policy: name, index }) => {
    const policy = policies.find(({ sourceId }) => sourceId === name);
    return policy ? [{ policy, index }] : [];
  });
}

/** The keys that identity policies look at and the request does not give. */
export function missingContextKeys({ identityPolicies, context }: SimulatedPrincipal): readonly string[] {
  const given = lowerCaseKeys(context);
  const needed = new Set(identityPolicies.flatMap(({ document }) => [...contextKeysOf(document)]));
  return [...needed].filter((key) => !given.has(key.toLowerCase())).sort();
}

/**
 * One list of context entries serves every action of a request, but the evaluator takes only keys that an action has. A
 * key that no statement about the action looks at makes no difference.
 */
function relevantContext(principal: SimulatedPrincipal, action: string): SimulatedPrincipal['context'] {
  const { identityPolicies, permissionsBoundary, serviceControlPolicies = [], context } = principal;
  const policies = [
    ...identityPolicies,
    ...serviceControlPolicies,
    ...(permissionsBoundary ? [permissionsBoundary] : []),
  ];
  const lookedAt = new Set(
    policies.flatMap(({ document }) => [...contextKeysFor(document, action)].map((key) => key.toLowerCase())),
  );
  return Object.fromEntries(Object.entries(context).filter(([key]) => lookedAt.has(key.toLowerCase())));
}

function lowerCaseKeys(context: SimulatedPrincipal['context']): ReadonlySet<string> {
  return new Set(Object.keys(context).map((key) => key.toLowerCase()));
}
