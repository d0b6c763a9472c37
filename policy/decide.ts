import { combine, type Decision, type Layers } from './combine.ts';
import type { PolicyDocument } from './document.ts';
import { grantTo } from './grants.ts';
import { Layer, type LayerResult } from './layer.ts';
import type { LayerRules } from './match.ts';
import { applicable, attached, ownAccountOnly, type Policies } from './policies.ts';
import { type OtherKind, otherKinds, policiesGiven, policyKinds, type ResourceKind } from './policy-kinds.ts';
import { isPublic } from './public.ts';
import { type Request, Scope } from './request.ts';
import { and, type Truth } from './truth.ts';

export interface Settings {
  /** The setting of S3 Block Public Access for the bucket or its account. @default false */
  readonly restrictPublicBuckets?: Truth;
  /** False if FullAWSAccess is not attached in addition to the service control policies. @default true */
  readonly fullAwsAccess?: Truth;
  /**
   * At a gateway endpoint, an account as Principal means only its root user.
   *
   * Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
   * @default false
   */
  readonly gatewayEndpoint?: boolean;
}

/** Beyond this number, conditions with unknown keys are not tried in combination. */
const mostAssumptions = 10;

/**
 * Decides one request: each layer separately, then all together. Pure and total: malformed parts of a policy match
 * nothing.
 */
export function decide(request: Request, policies: Policies, settings: Settings = {}): Decision {
  const scope = new Scope(request);
  const decision = combine(layersIn(scope, policies, settings));
  const { hangsOn } = scope;
  if (decision.outcome !== 'unknown' || hangsOn.size > mostAssumptions) return decision;
  return sameEitherWay(request, policies, settings, [...hangsOn]) ?? decision;
}

/** The result of each layer by itself, except for the resource's own. */
export function decideLayers(request: Request, policies: Policies): Readonly<Partial<Record<OtherKind, LayerResult>>> {
  return Object.fromEntries(layersIn(new Scope(request), policies, {}).others);
}

/** The decision, if it is the same whatever is unknown. */
function sameEitherWay(
  request: Request,
  policies: Policies,
  settings: Settings,
  hangsOn: readonly string[],
): Decision | undefined {
  let first: Decision | undefined;
  for (let bits = 0; bits < 2 ** hangsOn.length; bits++) {
    const assumed = new Map(hangsOn.map((id, at) => [id, (bits & (1 << at)) !== 0]));
    const scope = new Scope(request, assumed);
    const decision = combine(layersIn(scope, policies, settings));
    first ??= decision;
    if (decision.outcome !== first.outcome) return undefined;
  }
  return first;
}

function layersIn(scope: Scope, given: Policies, settings: Settings): Layers {
  const policies = applicable(given, scope);
  const { permissionsBoundary, grants = [] } = policies;
  const { fullAwsAccess = true, restrictPublicBuckets = false, gatewayEndpoint = false } = settings;
  const hasBoundary = permissionsBoundary !== undefined;
  const rulesFor = (namesPrincipals: boolean, accountIsRootUser = false): LayerRules => ({
    namesPrincipals,
    accountIsRootUser,
    hasBoundary,
  });
  const ofCaller = rulesFor(false);
  const ofResource = rulesFor(true);
  const ofEndpoint = rulesFor(true, gatewayEndpoint);
  const others: [OtherKind, Layer][] = [];
  for (const kind of otherKinds) {
    const [name, form] = policyKinds[kind].given;
    const policy = policies[name];
    if (form !== 'list' && !policy) continue;
    const own = attached[kind];
    const isScp = kind === 'service-control-policy';
    const isAttached = own && !(isScp && policy && fullAwsAccess !== true);
    const named = policiesGiven(form, policy);
    const rules =
      policyKinds[kind].principal === 'forbidden' ? ofCaller : kind === 'vpc-endpoint-policy' ? ofEndpoint : ofResource;
    // If it is unknown whether FullAWSAccess is attached, everything that the others don't allow is unknown.
    const granted = isScp && fullAwsAccess === 'unknown' ? [{ holds: fullAwsAccess, hangsOn: [] }] : [];
    others.push([kind, new Layer(isAttached ? [...own, ...named] : named, scope, rules, granted)]);
  }
  const sameAccount = scope.account === scope.request.resourceAccount;
  const isPossible = sameAccount || !ownAccountOnly.test(scope.action);
  const document = isPossible ? (policies.resource ?? implied(scope)) : undefined;
  const resource =
    document &&
    new Layer(
      [{ name: '', document }],
      scope,
      ofResource,
      grants.flatMap((grant) => grantTo(grant, scope)),
    );
  const isPublicToOthers = restrictPublicBuckets !== false && !sameAccount && document && isPublic(document);
  return {
    sameAccount,
    others,
    resourceKind: resourceKindOf(scope),
    resource,
    restrictedAsPublic: isPublicToOthers ? and(restrictPublicBuckets, resource?.allows ?? false) : false,
  };
}

function resourceKindOf({ action }: Scope): ResourceKind {
  if (action.startsWith('kms:')) return 'key-policy';
  return action.startsWith('sts:') ? 'role-trust-policy' : 'bucket-policy';
}

const emptyPolicy: PolicyDocument = { Statement: [] };

/** Keys and roles always have a policy. Actions without a key, such as `kms:ListKeys`, have none. */
function implied({ request }: Scope): PolicyDocument | undefined {
  return /^arn:[^:]+:(?:kms:.*:key|iam:.*:role)\//.test(request.resource) ? emptyPolicy : undefined;
}
