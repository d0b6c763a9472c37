import { combine, type Decision, type Layers } from './combine.ts';
import type { PolicyDocument } from './document.ts';
import { grantTo } from './grants.ts';
import { Layer } from './layer.ts';
import type { LayerRules } from './match.ts';
import { applicable, fullAccess, fullResourceAccess, ownAccountOnly, type Policies } from './policies.ts';
import { isPublic } from './public.ts';
import { type Request, Scope } from './request.ts';
import { and, type Truth } from './truth.ts';

export interface Settings {
  /** S3 Block Public Access of the bucket or its account. @default false */
  readonly restrictPublicBuckets?: Truth;
  /** Whether FullAWSAccess is attached beside the service control policies. @default true */
  readonly fullAwsAccess?: Truth;
  /**
   * At a gateway endpoint a Principal that is an account means its root user alone.
   *
   * Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
   * @default false
   */
  readonly gatewayEndpoint?: boolean;
}

/** More conditions that hang on something unknown are not tried one against the other. */
const mostAssumptions = 10;

/**
 * Decides one request: every layer by itself, then all together. Pure and total: whatever is not of a policy's shape
 * matches nothing.
 */
export function decide(request: Request, policies: Policies, settings: Settings = {}): Decision {
  const scope = new Scope(request);
  const decision = combine(scope, layersIn(scope, policies, settings));
  const { hangsOn } = scope;
  if (decision.outcome !== 'unknown' || hangsOn.size > mostAssumptions) return decision;
  return sameEitherWay(request, policies, settings, [...hangsOn]) ?? decision;
}

/** What each layer says by itself about a request. */
export function decideLayers(request: Request, policies: Policies, settings: Settings = {}): Layers {
  return layersIn(new Scope(request), policies, settings);
}

/** The decision where it is the same whatever is unknown. */
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
    const decision = combine(scope, layersIn(scope, policies, settings));
    first ??= decision;
    if (decision.outcome !== first.outcome) return undefined;
  }
  return first;
}

function layersIn(scope: Scope, given: Policies, settings: Settings): Layers {
  const policies = applicable(given, scope);
  const { permissionsBoundary, session, vpcEndpoint, identity = [], grants = [] } = policies;
  const sameAccount = scope.account === scope.request.resourceAccount;
  const hasBoundary = permissionsBoundary !== undefined;
  const ofIdentity: LayerRules = { namesPrincipals: false, accountIsRootUser: false, hasBoundary };
  const ofResource: LayerRules = { namesPrincipals: true, accountIsRootUser: false, hasBoundary };
  const { fullAwsAccess = true, restrictPublicBuckets = false, gatewayEndpoint = false } = settings;
  // Where nobody knows whether FullAWSAccess is attached, what the others don't allow is unknown.
  const isFull = fullAwsAccess === true || policies.serviceControl === undefined;
  const serviceControl = [...(isFull ? [fullAccess] : []), ...(policies.serviceControl ?? [])];
  const isPossible = sameAccount || !ownAccountOnly.test(scope.action);
  const document = isPossible ? (policies.resource ?? implied(scope)) : undefined;
  const one = (of: PolicyDocument, rules: LayerRules) => new Layer([{ name: '', document: of }], scope, rules);
  const resource = document && one(document, ofResource);
  const isPublicToOthers = restrictPublicBuckets !== false && !sameAccount && document && isPublic(document);
  return {
    sameAccount,
    identity: new Layer(identity, scope, ofIdentity),
    serviceControl: new Layer(serviceControl, scope, ofIdentity, fullAwsAccess === 'unknown' ? 'unknown' : false),
    resourceControl: new Layer([fullResourceAccess, ...(policies.resourceControl ?? [])], scope, ofResource),
    permissionsBoundary: permissionsBoundary && new Layer([permissionsBoundary], scope, ofIdentity),
    session: session && one(session, ofIdentity),
    vpcEndpoint: vpcEndpoint && one(vpcEndpoint, { ...ofResource, accountIsRootUser: gatewayEndpoint }),
    resource,
    grantedTo: isPossible ? grants.flatMap((grant) => grantTo(grant, scope) ?? []) : [],
    restrictedAsPublic: isPublicToOthers ? and(restrictPublicBuckets, resource?.allows ?? false) : false,
  };
}

const emptyPolicy: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** Keys and roles have a policy of their own, always. What is about no key, such as `kms:ListKeys`, has none. */
function implied({ request }: Scope): PolicyDocument | undefined {
  return /^arn:[^:]+:(?:kms:.*:key|iam:.*:role)\//.test(request.resource) ? emptyPolicy : undefined;
}
