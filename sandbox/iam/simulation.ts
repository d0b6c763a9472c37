import { arnOf, parseArn } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import type { Policy, PolicyDocument, PolicyStatement } from '../../model/world/world.ts';
import { decideLayers, type LayerResult } from '../../policy/index.ts';

/** A principal with its policies, and a context that contains only the request's values. */
export interface SimulatedPrincipal {
  readonly arn: string;
  readonly accountId: string;
  readonly identityPolicies: readonly SourcedPolicy[];
  readonly permissionsBoundary?: Policy;
  /** Absent if the account is in no organization. */
  readonly serviceControlPolicies?: readonly Policy[];
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A policy with the ID that the simulator's answer uses for it. */
export interface SourcedPolicy extends Policy {
  readonly sourceId: string;
}

type EvalDecision = 'allowed' | 'explicitDeny' | 'implicitDeny';

export interface SimulatedDecision {
  readonly resource: string;
  readonly decision: EvalDecision;
  /** The statements of identity policies that led to the decision; organizations' statements are never shown. */
  readonly matched: readonly { readonly policy: SourcedPolicy; readonly index: number }[];
  readonly allowedByBoundary?: boolean;
  readonly allowedByOrganization?: boolean;
}

/**
 * Evaluates an action on a resource as the policy simulator does: identity policies, permissions boundary and service
 * control policies. A condition on a key that the request doesn't set fails, like one on an absent key.
 */
export function simulateAction(
  principal: SimulatedPrincipal,
  action: string,
  resource: string,
  resourceOwner: string,
): SimulatedDecision {
  const { arn, identityPolicies, permissionsBoundary, serviceControlPolicies, context } = principal;
  const concrete = concreteResource(action, resource, arn);
  const layers = decideLayers(
    {
      principal: arn,
      role: arn,
      action,
      resource: concrete,
      resourceAccount: accountOwning(concrete, resourceOwner),
      context,
    },
    {
      // Unique names, so that a matched statement can be traced to its policy.
      identity: identityPolicies.map(({ sourceId, document }) => ({ name: sourceId, document })),
      ...defined({ serviceControl: serviceControlPolicies, permissionsBoundary }),
    },
  );
  const { 'identity-policy': identity, 'permissions-boundary': boundary } = layers;
  const scp = serviceControlPolicies && layers['service-control-policy'];
  const decision = mostRestrictive([identity, boundary, scp].flatMap((layer) => (layer ? [decisionOf(layer)] : [])));
  return {
    resource,
    decision,
    matched: identity && decision === decisionOf(identity) ? matchedStatements(identity, identityPolicies) : [],
    ...(boundary && { allowedByBoundary: decisionOf(boundary) === 'allowed' }),
    ...(scp && { allowedByOrganization: decisionOf(scp) === 'allowed' }),
  };
}

function decisionOf({ denies, allows }: LayerResult): EvalDecision {
  if (denies === true) return 'explicitDeny';
  return allows === true ? 'allowed' : 'implicitDeny';
}

/** An explicit deny outweighs everything; otherwise one implicit deny outweighs all allows. */
export function mostRestrictive(all: readonly EvalDecision[]): EvalDecision {
  return (['explicitDeny', 'implicitDeny'] as const).find((decision) => all.includes(decision)) ?? 'allowed';
}

function matchedStatements(identity: LayerResult, policies: readonly SourcedPolicy[]): SimulatedDecision['matched'] {
  return identity.matched.flatMap(({ policy: name, index }) => {
    const policy = policies.find(({ sourceId }) => sourceId === name);
    return policy ? [{ policy, index }] : [];
  });
}

export function missingContextKeys({ identityPolicies, context }: SimulatedPrincipal): readonly string[] {
  const given = lowerCaseKeys(context);
  const needed = new Set(identityPolicies.flatMap(({ document }) => [...contextKeysOf(document)]));
  return [...needed].filter((key) => !given.has(key.toLowerCase())).sort();
}

function lowerCaseKeys(context: SimulatedPrincipal['context']): ReadonlySet<string> {
  return new Set(Object.keys(context).map((key) => key.toLowerCase()));
}

/** The condition keys that a policy uses in its conditions and policy variables. */
function contextKeysOf(document: PolicyDocument): ReadonlySet<string> {
  return new Set(statementsOf(document).flatMap(keysOf));
}

function statementsOf({ Statement: statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(statement) ? statement : [statement as PolicyStatement];
}

function keysOf(statement: PolicyStatement): string[] {
  const conditions = Object.values((statement['Condition'] ?? {}) as Readonly<Record<string, object>>);
  const variables = [...JSON.stringify(statement).matchAll(/\$\{([^}?*$][^},]*)/g)].map(([, name = '']) => name.trim());
  return [...conditions.flatMap((operands) => Object.keys(operands)), ...variables];
}

/**
 * The simulator takes a resource literally: a policy's `bucket/*` covers `arn:…:s3:::bucket/*`, and its
 * `bucket/reports/*` doesn't. Wildcards in the requested pattern are therefore replaced with a name that no policy has.
 */
const anyName = 'whatever-the-asked-pattern-leaves-open';

type ArnFormat = Omit<Parameters<typeof arnOf>[0], 'partition'>;

/** ARN formats from https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const formats: readonly { readonly action: RegExp; readonly format: ArnFormat | undefined }[] = [
  {
    action: /^s3:(?!\w*Bucket)\w*(?:Object|Multipart)/i,
    format: { service: 's3', resource: '${BucketName}/${KeyName}' },
  },
  { action: /^s3:(ListAllMyBuckets|ListAccessPoints)$/i, format: undefined },
  { action: /^s3:/i, format: { service: 's3', resource: '${BucketName}' } },
  { action: /^kms:(CreateKey|ListKeys|ListAliases|GenerateRandom)$/i, format: undefined },
  {
    action: /^kms:/i,
    format: { service: 'kms', region: '${Region}', accountId: '${Account}', resource: 'key/${KeyId}' },
  },
  {
    action: /^sts:AssumeRole/i,
    format: { service: 'iam', accountId: '${Account}', resource: 'role/${RoleNameWithPath}' },
  },
];

/** The ARN format of an action's resources; `*` if the sandbox knows none. */
export function resourceFormat(partition: string, action: string): string {
  const format = formats.find((entry) => entry.action.test(action))?.format;
  return format === undefined ? '*' : arnOf({ partition, ...format });
}

/**
 * A concrete resource to evaluate instead of the pattern in the request.
 *
 * @param principal the ARN of the role whose policies are simulated
 */
export function concreteResource(action: string, asked: string, principal: string): string {
  const { partition = '', accountId = '' } = parseArn(principal) ?? {};
  const arn = asked === '*' ? resourceFormat(partition, action) : asked;
  if (arn === '*') return arn;
  return arn
    .replaceAll('${Account}', accountId)
    .replaceAll('${Region}', 'us-east-1')
    .replace(/\$\{[A-Za-z]+\}/g, anyName)
    .replace(/[*?]+/g, anyName);
}

/** The account that owns a simulated resource: the one in its ARN, else the one in the request. */
function accountOwning(resource: string, otherwise: string): string {
  return parseArn(resource)?.accountId || otherwise;
}
