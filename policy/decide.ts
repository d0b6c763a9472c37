import { combine, type Decision, type Layers } from './combine.ts';
import type { NamedPolicy, PolicyDocument } from './document.ts';
import { covers, type Grant } from './grants.ts';
import { Layer, type LayerResult } from './layer.ts';
import type { LayerRules } from './match.ts';
import { isPublic } from './public.ts';
import { type Request, Scope } from './request.ts';
import { and, type Truth } from './truth.ts';

/** Every policy that has a say in a request. What is absent does not exist, unless it says otherwise here. */
export interface Policies {
  readonly identity?: readonly NamedPolicy[];
  readonly permissionsBoundary?: NamedPolicy;
  readonly session?: PolicyDocument;
  /** Beside FullAWSAccess, unless the settings say that it is not attached. Absent: the account is in no organization. */
  readonly serviceControl?: readonly NamedPolicy[];
  /** Beside RCPFullAWSAccess, which can't be detached. */
  readonly resourceControl?: readonly NamedPolicy[];
  readonly vpcEndpoint?: PolicyDocument;
  /** Bucket, key or trust policy. An absent one of a key or a role is an empty one: they can't be without. */
  readonly resource?: PolicyDocument;
  readonly grants?: readonly Grant[];
}

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
const mostAssumptions = 8;

/**
 * Decides one request: every layer by itself, then all together. Pure and total: whatever is not of a policy's shape
 * matches nothing.
 */
export function decide(request: Request, policies: Policies, settings: Settings = {}): Decision {
  const scope = new Scope(request);
  const decision = combine(request, layersIn(scope, policies, settings));
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
    const decision = combine(request, layersIn(new Scope(request, assumed), policies, settings));
    first ??= decision;
    if (decision.outcome !== first.outcome) return undefined;
  }
  return first;
}

function layersIn(scope: Scope, policies: Policies, settings: Settings): Layers {
  const { request } = scope;
  const { permissionsBoundary, session, vpcEndpoint, identity = [], grants = [] } = policies;
  const sameAccount = scope.account === request.resourceAccount;
  const hasBoundary = permissionsBoundary !== undefined;
  const ofIdentity: LayerRules = { namesPrincipals: false, accountIsRootUser: false, hasBoundary };
  const ofResource: LayerRules = { namesPrincipals: true, accountIsRootUser: false, hasBoundary };
  const { fullAwsAccess = true, restrictPublicBuckets = false, gatewayEndpoint = false } = settings;
  const document = policies.resource ?? implied(request);
  const one = (of: PolicyDocument, rules: LayerRules) => new Layer([{ name: '', document: of }], scope, rules);
  const resource = document && one(document, ofResource);
  const isPublicToOthers = restrictPublicBuckets !== false && !sameAccount && document && isPublic(document);
  return {
    sameAccount,
    identity: new Layer(identity, scope, ofIdentity),
    serviceControl: serviceControlIn(policies.serviceControl, fullAwsAccess, scope, ofIdentity),
    resourceControl: new Layer([fullResourceAccess, ...(policies.resourceControl ?? [])], scope, ofResource),
    permissionsBoundary: permissionsBoundary && new Layer([permissionsBoundary], scope, ofIdentity),
    session: session && one(session, ofIdentity),
    vpcEndpoint: vpcEndpoint && one(vpcEndpoint, { ...ofResource, accountIsRootUser: gatewayEndpoint }),
    resource,
    grantedByGrant: grants.some((grant) => covers(grant, request)),
    restrictedAsPublic: isPublicToOthers ? and(restrictPublicBuckets, resource?.allows ?? false) : false,
  };
}

/** Where nobody knows whether FullAWSAccess is attached, what the others don't allow is unknown. */
function serviceControlIn(
  policies: readonly NamedPolicy[] | undefined,
  fullAwsAccess: Truth,
  scope: Scope,
  rules: LayerRules,
): LayerResult {
  if (!policies?.length && fullAwsAccess === true) return new Layer([fullAccess], scope, rules);
  const isFull = fullAwsAccess === true || policies === undefined;
  const all = [...(isFull ? [fullAccess] : []), ...(policies ?? [])];
  return new Layer(all, scope, rules, fullAwsAccess === 'unknown' ? 'unknown' : false);
}

const emptyPolicy: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** Keys and roles have a policy of their own, always. */
function implied({ action, resource }: Request): PolicyDocument | undefined {
  const isAboutRole = action.startsWith('sts:') && /^arn:[^:]+:iam::\d*:role\//.test(resource);
  return action.startsWith('kms:') || isAboutRole ? emptyPolicy : undefined;
}

const fullAccess: NamedPolicy = {
  name: 'FullAWSAccess',
  document: {
    Version: '2012-10-17',
    Statement: [{ Sid: 'FullAWSAccess', Effect: 'Allow', Action: '*', Resource: '*' }],
  },
};

const fullResourceAccess: NamedPolicy = {
  name: 'RCPFullAWSAccess',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  },
};
