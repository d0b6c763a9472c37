import type { Effect, Layer } from '../../core/vocabulary.ts';
import type { Behind, Decision, Refusal, StatementReference } from './decision.ts';
import type { LayerResult, Layers } from './evaluate.ts';

/**
 * From what each layer says to whether the request is allowed, to every layer that refuses it, and to the one that AWS
 * names.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html and, for KMS
 * keys, https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */

/** How a service's resources regard identity policies of their own account. */
export interface ResourceRules {
  readonly resourceLayer: Extract<Layer, 'bucket-policy' | 'key-policy' | 'role-trust-policy'>;
  /**
   * True for S3: an identity policy of the owning account suffices. False for KMS keys and role trust policies: they
   * grant nothing that their own policy does not give to the caller or hand to the caller's account.
   */
  readonly identitySufficesInOwnAccount: boolean;
  /** True where a grant on the key allows the request. */
  readonly grantedByGrant: boolean;
}

export function combine(layers: Layers, rules: ResourceRules): Decision {
  const { identity, resource, boundary, session, scp, rcp, vpce, sameAccount } = layers;
  const grantsPrincipal = rules.grantedByGrant || resource?.grantedTo === 'principal';
  const trustsAccount = resource?.grantedTo === 'account';
  const identityAllows = identity.result === 'Allowed';
  const identityIsNeeded = !sameAccount || !grantsPrincipal;
  const resourceIsNeeded = !sameAccount || !rules.identitySufficesInOwnAccount;
  // A same-account grant to the session itself is not limited by what merely fails to allow it.
  const limitsApply = !(sameAccount && resource?.grantsTheSession === true);

  const implicit: Partial<Record<Layer, boolean>> = {
    'service-control-policy': scp.result === 'ImplicitlyDenied',
    [rules.resourceLayer]: resourceIsNeeded && !grantsPrincipal && !trustsAccount,
    'identity-policy': identityIsNeeded && !identityAllows,
    'permissions-boundary': limitsApply && boundary?.result === 'ImplicitlyDenied',
    'session-policy': limitsApply && session?.result === 'ImplicitlyDenied',
    'vpc-endpoint-policy': vpce?.result === 'ImplicitlyDenied',
  };
  const allowIsNeeded = new Set<Layer>([
    'vpc-endpoint-policy',
    ...(identityIsNeeded ? (['identity-policy'] as const) : []),
    ...(limitsApply ? (['permissions-boundary', 'session-policy'] as const) : []),
    ...(resourceIsNeeded && !rules.grantedByGrant ? [rules.resourceLayer] : []),
  ]);
  const results: readonly (readonly [Layer, LayerResult | undefined])[] = [
    ['service-control-policy', scp],
    ['resource-control-policy', rcp],
    ['identity-policy', identity],
    ['permissions-boundary', boundary],
    ['session-policy', session],
    ['vpc-endpoint-policy', vpce],
    [rules.resourceLayer, resource],
  ];

  const refusals = results.flatMap(([layer, result]) => {
    if (result?.result === 'ExplicitlyDenied') {
      const isSilentToo = result.allowsNothing === true && allowIsNeeded.has(layer);
      return [{ ...refusal(layer, 'explicit', result), ...(isSilentToo && { behind: behind(result) }) }];
    }
    return implicit[layer] ? [refusal(layer, 'implicit', result)] : [];
  });
  if (layers.restrictedAsPublic) {
    refusals.push({
      layer: 'block-public-access',
      effect: 'explicit',
      why: "the bucket's policy is public, and RestrictPublicBuckets limits it to the owning account and AWS services",
    });
  }

  const blamed = blame(refusals, {
    resourceLayer: rules.resourceLayer,
    // Where the policy grants the principal itself, AWS finds the identity side at fault; where it grants only the
    // account, it names the resource's policy although that is in order. Not documented: seen across accounts in a
    // public experiment with Secrets Manager (Classmethod, 2021).
    hidesIdentity: !sameAccount && !grantsPrincipal,
  });
  return {
    allowed: refusals.length === 0,
    refusals,
    ...(blamed && { blamed }),
    trustsAccount,
  };
}

function refusal(layer: Layer, effect: Effect, result: LayerResult | undefined): Refusal {
  const decisive = effect === 'explicit' ? result?.matched[0] : undefined;
  const closest = effect === 'implicit' ? result?.closest : undefined;
  const statement: StatementReference | undefined = decisive ?? closest?.statement;
  return {
    layer,
    effect,
    ...(statement && { statement }),
    ...(closest && { mismatches: closest.mismatches }),
    ...(effect === 'explicit' && result?.conditions && { conditions: result.conditions }),
    why:
      effect === 'explicit'
        ? 'a Deny statement matches the request'
        : closest
          ? `the closest statement does not match: ${closest.why}`
          : 'no statement allows the action',
  };
}

function behind({ closest }: LayerResult): Behind {
  return { mismatches: closest?.mismatches ?? [], ...(closest && { statement: closest.statement }) };
}

/**
 * AWS names one layer. Explicit denials come before what is merely not allowed, and organization and identity policies
 * before the resource's (both denying: the identity policy is named).
 */
const blameOrder: readonly Layer[] = [
  'service-control-policy',
  'resource-control-policy',
  'identity-policy',
  'permissions-boundary',
  'session-policy',
  'vpc-endpoint-policy',
];

function blame(
  refusals: readonly Refusal[],
  { resourceLayer, hidesIdentity }: { resourceLayer: Layer; hidesIdentity: boolean },
): Refusal | undefined {
  const rank = ({ layer, effect }: Refusal) => {
    const position = blameOrder.indexOf(layer);
    return (effect === 'explicit' ? 0 : 100) + (position === -1 ? blameOrder.length : position);
  };
  const [first] = [...refusals].sort((a, b) => rank(a) - rank(b));
  if (!first || first.effect === 'explicit' || !refusals.some(({ layer }) => isEitherSide(layer, resourceLayer))) {
    return first;
  }
  if (first.layer === 'service-control-policy') return first;
  const resourceRefuses = refusals.find(({ layer }) => layer === resourceLayer);
  if (resourceRefuses) return resourceRefuses;
  const identityRefuses = refusals.find(({ layer }) => layer === 'identity-policy');
  if (identityRefuses && hidesIdentity) return { ...identityRefuses, layer: resourceLayer };
  return first;
}

function isEitherSide(layer: Layer, resourceLayer: Layer): boolean {
  return layer === 'identity-policy' || layer === resourceLayer;
}
