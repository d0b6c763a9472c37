import type { Mismatch } from './explain.ts';
import type { LayerResult } from './layer.ts';
import type { StatementReference } from './match.ts';
import { type OtherKind, type PolicyKind, policyKinds, type ResourceKind } from './policy-kinds.ts';
import { and, any, not, or, type Truth } from './truth.ts';

/**
 * Combines the results of the layers: whether the request is allowed, every layer that denies it, and the one that AWS
 * names.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html and, for KMS
 * keys, https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */

export type Layer = PolicyKind | 'block-public-access';

/** One layer that denies a request. */
export interface Refusal {
  readonly layer: Layer;
  readonly effect: 'implicit' | 'explicit';
  readonly statement?: StatementReference;
  /** A sentence for the user. */
  readonly why: string;
  /** The elements that keep the closest statement from matching; absent if there is none. */
  readonly mismatches?: readonly Mismatch[];
  /** The conditions of the denying statement, all of which the request meets. */
  readonly conditions?: readonly Mismatch[];
  /** Set if nothing allows the request either, so that removing the Deny does not help. */
  readonly behind?: Behind;
  /** Set if it is unknown whether it denies: the condition keys that decide. */
  readonly hangsOn?: readonly string[];
}

/** The denial that remains without the Deny, with the statement that is closest to allowing the request, if any. */
export interface Behind {
  readonly statement?: StatementReference;
  readonly mismatches: readonly Mismatch[];
}

export type Decision = Pick<Combined, keyof Combined>;

interface Allowing {
  readonly layer: Layer;
  readonly statement: StatementReference;
}

/** The result of each layer. */
export interface Layers {
  readonly sameAccount: boolean;
  /** The layers that exist, in order, except for the resource's own policy. */
  readonly others: readonly (readonly [kind: OtherKind, result: LayerResult])[];
  readonly resourceKind: ResourceKind;
  /** Absent if the resource has no policy, or none that could allow the request. */
  readonly resource: LayerResult | undefined;
  /** True if S3's RestrictPublicBuckets removes what a public bucket policy grants to another account. */
  readonly restrictedAsPublic: Truth;
}

/** A layer, its result, and whether the request is denied unless it allows. */
type Row = readonly [layer: PolicyKind, result: LayerResult | undefined, isNeeded: () => Truth];

/** Decides immediately; the denying layer and the reason are computed on demand. */
export function combine(layers: Layers): Decision {
  return new Combined(layers);
}

class Combined {
  readonly outcome: 'allowed' | 'denied' | 'unknown';
  private readonly rows: readonly Row[];
  private told: readonly Refusal[] | undefined;

  constructor(private readonly layers: Layers) {
    this.rows = rowsOf(layers);
    this.outcome = outcomeOf(this.rows, layers);
  }

  /** Every layer that would have to change, whatever the others say, and every one that may have to. */
  get refusals(): readonly Refusal[] {
    this.told ??= [...this.rows.flatMap(refusalsOf), ...restrictedIn(this.layers)];
    return this.told;
  }

  /** The layer that AWS's message names, among those that certainly deny. */
  get blamed(): Refusal | undefined {
    const certain = this.refusals.filter(({ hangsOn }) => hangsOn === undefined);
    // If the policy grants the principal itself, AWS blames the identity side. If it only grants the account, AWS names
    // the resource's policy although it is in order. Not documented: seen across accounts in a public experiment with
    // Secrets Manager (Classmethod, 2021).
    const hidesIdentity = !this.layers.sameAccount && this.layers.resource?.allowsPrincipal !== true;
    return blame(certain, this.layers.resourceKind, hidesIdentity);
  }

  /** For an allowed request: the statements in the caller's and the resource's policies that allow it. */
  get allowing(): readonly Allowing[] {
    if (this.outcome !== 'allowed') return [];
    const canAllow = this.rows.filter(([kind]) => kind === 'identity-policy' || kind === this.layers.resourceKind);
    return canAllow.flatMap(([layer, result]) => {
      const [statement] = result?.allows === true ? result.matched : [];
      return statement ? [{ layer, statement }] : [];
    });
  }

  /** True if the resource's policy trusts the caller's whole account rather than the caller. */
  get trustsAccount(): boolean {
    const { allows = false, allowsPrincipal = false } = this.layers.resource ?? {};
    return allows === true && allowsPrincipal === false;
  }

  /** The condition keys that an unknown outcome depends on. */
  get unknown(): readonly string[] {
    return this.outcome === 'unknown' ? distinct(this.refusals.flatMap(({ hangsOn = [] }) => hangsOn)) : [];
  }
}

const always = () => true;
const never = () => false;

function rowsOf(layers: Layers): readonly Row[] {
  const { others, resource, resourceKind, sameAccount } = layers;
  const isNeeded = {
    always,
    // If a policy in the same account grants to the session itself, a missing allow elsewhere doesn't limit it.
    limit: sameAccount ? () => not(resource?.allowsCaller ?? false) : always,
    caller: sameAccount ? () => not(resource?.allowsPrincipal ?? false) : always,
  };
  // For S3, an identity policy of the owning account is enough. A key or a role grants only what its own policy grants
  // to the caller, or delegates to the caller's account.
  const resourceIsNeeded = !sameAccount || (resource !== undefined && resourceKind !== 'bucket-policy');
  return [
    ...others.map(([kind, result]): Row => [kind, result, isNeeded[policyKinds[kind].given[2]]]),
    [resourceKind, resource, resourceIsNeeded ? always : never],
  ];
}

/** One layer that denies is enough. */
function outcomeOf(rows: readonly Row[], { restrictedAsPublic }: Layers): Decision['outcome'] {
  const refused = or(
    restrictedAsPublic,
    any(rows, ([, result, isNeeded]) => or(result?.denies ?? false, silenceOf(result, isNeeded))),
  );
  return refused === true ? 'denied' : refused === 'unknown' ? refused : 'allowed';
}

/** True if a layer denies because nothing in it allows. */
function silenceOf(result: LayerResult | undefined, isNeeded: () => Truth): Truth {
  const allows = result?.allows ?? false;
  return allows === true ? false : and(isNeeded(), not(allows));
}

function refusalsOf([layer, result, isNeeded]: Row): readonly Refusal[] {
  const denies = result?.denies ?? false;
  const implicit = silenceOf(result, isNeeded);
  if (result && denies === true) {
    const isSilentToo = implicit === true && layer !== 'service-control-policy';
    return [{ ...explicitOf(layer, result), ...(isSilentToo && { behind: { mismatches: [], ...result.closest() } }) }];
  }
  return [
    ...(result && denies === 'unknown' ? [{ ...explicitOf(layer, result), hangsOn: result.unknown }] : []),
    ...(implicit === false ? [] : [implicitOf(layer, result, implicit)]),
  ];
}

function restrictedIn({ restrictedAsPublic, resource }: Layers): readonly Refusal[] {
  if (restrictedAsPublic === false) return [];
  return [
    {
      layer: 'block-public-access',
      effect: 'explicit',
      why: 'the bucket policy is public; RestrictPublicBuckets limits it to the owner and AWS services',
      ...(restrictedAsPublic === 'unknown' && { hangsOn: resource?.unknown ?? [] }),
    },
  ];
}

/** Keys that differ only in case are the same. */
function distinct(keys: readonly string[]): readonly string[] {
  return [...new Map(keys.map((key) => [key.toLowerCase(), key])).values()];
}

function explicitOf(layer: Layer, result: LayerResult): Refusal {
  const [statement] = result.matched;
  const conditions = result.conditions();
  return {
    layer,
    effect: 'explicit',
    ...(statement && { statement }),
    ...(conditions && { conditions }),
    why: 'a Deny statement matches the request',
  };
}

function implicitOf(layer: Layer, result: LayerResult | undefined, implicit: Truth): Refusal {
  const closest = result?.closest();
  return {
    layer,
    effect: 'implicit',
    ...closest,
    ...(implicit === 'unknown' && { hangsOn: result?.unknown ?? [] }),
    why: nothingIn(layer, result),
  };
}

function nothingIn(layer: Layer, result: LayerResult | undefined): string {
  if (result) return 'no statement allows the action';
  return layer === 'key-policy' ? 'AWS KMS allows this only from the account that owns the key' : 'there is no policy';
}

/**
 * AWS names one layer. Explicit denials come before implicit ones, and organization and identity policies before the
 * resource's (if both deny, the identity policy is named).
 */
function blame(refusals: readonly Refusal[], resourceKind: Layer, hidesIdentity: boolean): Refusal | undefined {
  // Refusals are in the order of their layers.
  const first = refusals.find(({ effect }) => effect === 'explicit') ?? refusals[0];
  const isEitherSide = ({ layer }: Refusal) => layer === 'identity-policy' || layer === resourceKind;
  if (!first || first.effect === 'explicit' || !refusals.some(isEitherSide)) return first;
  if (first.layer === 'service-control-policy') return first;
  const resourceRefuses = refusals.find(({ layer }) => layer === resourceKind);
  if (resourceRefuses) return resourceRefuses;
  const identityRefuses = refusals.find(({ layer }) => layer === 'identity-policy');
  return identityRefuses && hidesIdentity ? { ...identityRefuses, layer: resourceKind } : first;
}
