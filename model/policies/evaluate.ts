import {
  validateEndpointPolicy,
  validateIdentityPolicy,
  validateResourceControlPolicy,
  validateResourcePolicy,
  validateServiceControlPolicy,
  validateSessionPolicy,
  validateTrustPolicy,
} from '@cloud-copilot/iam-policy';
import { type RequestAnalysis, runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Policy, PolicyDocument } from '../world/world.ts';
import type { StatementReference } from './decision.ts';
import { remembered } from './evaluations.ts';
import { forEvaluator, fullAccess, ownName, toSimulation, withAnyPrincipal } from './evaluator-request.ts';
import {
  type AnalysedStatement,
  closestStatement,
  conditionsMet,
  type Mismatch,
  mismatchesOf,
  whyNoMatch,
} from './mismatch.ts';

/**
 * The only file that knows the policy evaluator. It asks what each policy layer says by itself; combining the layers
 * is `combine.ts`, so that every layer that refuses is known and not only the one that AWS would name.
 */

export type LayerOutcome = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

export interface LayerResult {
  readonly result: LayerOutcome;
  /** The statements that decided: the denying ones, else the allowing ones. */
  readonly matched: readonly StatementReference[];
  /** What the conditions of the first of them ask for, where it denies. */
  readonly conditions?: readonly Mismatch[];
  /** Set where a Deny is all that matched: without it, nothing would allow the request either. */
  readonly allowsNothing?: true;
  /** Where nothing allows: the statement that came closest, and what kept it from matching. */
  readonly closest?: ClosestStatement;
}

export interface ClosestStatement {
  readonly statement: StatementReference;
  readonly why: string;
  readonly mismatches: readonly Mismatch[];
}

export interface ResourceLayerResult extends LayerResult {
  /** Whether an Allow names the caller, or only the caller's whole account; told beside a Deny too. */
  readonly grantedTo?: 'principal' | 'account';
  /** An Allow that names the session itself, or everybody: boundary and session policies don't limit it (same account). */
  readonly grantsTheSession: boolean;
}

export interface Layers {
  readonly sameAccount: boolean;
  readonly identity: LayerResult;
  readonly scp: LayerResult;
  readonly rcp: LayerResult;
  readonly boundary?: LayerResult;
  readonly session?: LayerResult;
  readonly vpce?: LayerResult;
  /** Absent where the resource has no policy. */
  readonly resource?: ResourceLayerResult;
  /** True where S3's RestrictPublicBuckets takes away what a public bucket policy grants to another account. */
  readonly restrictedAsPublic: boolean;
}

export interface EvaluationInput {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly identityPolicies: readonly Policy[];
  readonly serviceControlPolicies: readonly Policy[];
  readonly resourceControlPolicies: readonly Policy[];
  readonly permissionsBoundary?: Policy;
  readonly sessionPolicy?: PolicyDocument;
  readonly vpcEndpointPolicy?: PolicyDocument;
  readonly resourcePolicy?: PolicyDocument;
  readonly restrictPublicBuckets?: boolean;
}

/** A policy that IAM would not accept, or a request that no policy could be asked about. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** The same question under the same policies has the same answer, and worlds ask many of them again. */
export function evaluateLayers(input: EvaluationInput): Promise<Layers> {
  return remembered(input, evaluate);
}

async function evaluate(input: EvaluationInput): Promise<Layers> {
  const analysis = await simulate(toSimulation(input));
  const { resourceAnalysis } = analysis;
  const resourceIsGranted = (resourceAnalysis?.allowStatements.length ?? 0) > 0;
  return {
    sameAccount: analysis.sameAccount,
    identity: fromIdentity(analysis.identityAnalysis, input.identityPolicies),
    scp: fromOrganization(analysis.scpAnalysis, input.serviceControlPolicies),
    rcp: fromOrganization(analysis.rcpAnalysis, input.resourceControlPolicies),
    ...(analysis.permissionBoundaryAnalysis && {
      boundary: fromIdentity(
        analysis.permissionBoundaryAnalysis,
        input.permissionsBoundary ? [input.permissionsBoundary] : [],
      ),
    }),
    ...(analysis.sessionAnalysis && { session: fromIdentity(analysis.sessionAnalysis, []) }),
    ...(analysis.endpointAnalysis && { vpce: fromIdentity(analysis.endpointAnalysis, []) }),
    ...(resourceAnalysis &&
      resourceAnalysis.result !== 'NotApplicable' && { resource: fromResource(resourceAnalysis) }),
    restrictedAsPublic:
      input.restrictPublicBuckets === true && resourceIsGranted && !analysis.sameAccount && (await isPublic(input)),
  };
}

const validators = {
  'identity-policy': validateIdentityPolicy,
  'permissions-boundary': validateIdentityPolicy,
  'session-policy': validateSessionPolicy,
  'service-control-policy': validateServiceControlPolicy,
  'resource-control-policy': validateResourceControlPolicy,
  'vpc-endpoint-policy': validateEndpointPolicy,
  'role-trust-policy': validateTrustPolicy,
  'bucket-policy': validateResourcePolicy,
  'key-policy': validateResourcePolicy,
} as const;
export type PolicyKind = keyof typeof validators;

/** Why IAM would not save a document as a policy of this kind; empty where it would. */
export function policyErrors(kind: PolicyKind, document: unknown): readonly string[] {
  return policyProblems(kind, document).map(({ path, message }) => (path ? `${path}: ${message}` : message));
}

export interface PolicyProblem {
  /** As `Statement[0].Action`; of a key that should not be there, `Statement[0].#Actions`. */
  readonly path: string;
  readonly message: string;
}

/** The same with the place of each. */
export function policyProblems(kind: PolicyKind, document: unknown): readonly PolicyProblem[] {
  const asSaved =
    kind === 'vpc-endpoint-policy' ? forEvaluator(withAnyPrincipal(document as PolicyDocument)) : document;
  return validators[kind](asSaved).map(({ path, message }) => ({ path, message }));
}

/** Asked with everything else allowing, so that nothing but the bucket policy's being public can refuse. */
async function isPublic({ resourcePolicy, ...input }: EvaluationInput): Promise<boolean> {
  if (!resourcePolicy) return false;
  const grants = [resourcePolicy.Statement].flat().filter(({ Effect }) => Effect === 'Allow');
  const { action, resource, resourceAccountId, principal, context } = input;
  const analysis = await simulate({
    ...toSimulation({
      principal,
      action,
      resource,
      resourceAccountId,
      context,
      identityPolicies: [{ name: 'everything', document: fullAccess }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: { ...resourcePolicy, Statement: grants },
    }),
    additionalSettings: { s3: { blockPublicAccess: true } },
  });
  return analysis.blockedBy?.includes('s3-bpa') ?? false;
}

async function simulate(simulation: Simulation): Promise<RequestAnalysis> {
  const outcome = await runSimulation(simulation, {});
  const { action, resource } = simulation.request;
  if (outcome.resultType !== 'single') {
    const reason = outcome.resultType === 'error' ? JSON.stringify(outcome.errors) : 'the resource is a pattern';
    throw new EvaluationError(`${action} on ${resource.resource} cannot be evaluated: ${reason}`);
  }
  const ignored = outcome.result.ignoredContextKeys ?? [];
  if (ignored.length > 0) {
    // A key that is dropped silently would make conditions on it fail without anybody noticing.
    throw new EvaluationError(`${action} has no condition keys ${ignored.join(', ')}, but the request carries them`);
  }
  return outcome.result.analysis;
}

type Analysis = NonNullable<RequestAnalysis['identityAnalysis']>;

function fromIdentity(analysis: Analysis | undefined, policies: readonly Policy[]): LayerResult {
  if (!analysis) return { result: 'ImplicitlyDenied', matched: [] };
  return {
    result: analysis.result,
    ...statements(analysis, policies),
  };
}

function fromOrganization(
  analysis: RequestAnalysis['scpAnalysis'] | RequestAnalysis['rcpAnalysis'],
  policies: readonly Policy[],
): LayerResult {
  if (!analysis) return { result: 'Allowed', matched: [] };
  const merged = {
    allowStatements: analysis.ouAnalysis.flatMap((level) => level.allowStatements),
    denyStatements: analysis.ouAnalysis.flatMap((level) => level.denyStatements),
    unmatchedStatements: analysis.ouAnalysis.flatMap((level) => level.unmatchedStatements),
  };
  return { result: analysis.result, ...statements(merged, policies) };
}

function fromResource(analysis: NonNullable<RequestAnalysis['resourceAnalysis']>): ResourceLayerResult {
  const refused = analysis.result === 'ExplicitlyDenied' || analysis.result === 'DeniedForAccount';
  // A Deny beside them takes nothing from what the Allows would do without it: nothing else has to be mended then.
  const granted = analysis.allowStatements.length > 0;
  const toAccountOnly = analysis.allowStatements.every(({ principalMatch }) => principalMatch === 'AccountLevelMatch');
  return {
    result: refused ? 'ExplicitlyDenied' : granted ? 'Allowed' : 'ImplicitlyDenied',
    ...statements(analysis, []),
    ...(granted && { grantedTo: toAccountOnly ? 'account' : 'principal' }),
    grantsTheSession: analysis.allowStatements.some(({ principalMatch }) => principalMatch === 'Match'),
  };
}

function statements(
  analysis: Pick<Analysis, 'allowStatements' | 'denyStatements' | 'unmatchedStatements'>,
  policies: readonly Policy[],
): Pick<LayerResult, 'matched' | 'conditions' | 'allowsNothing' | 'closest'> {
  const { denyStatements, allowStatements, unmatchedStatements } = analysis;
  const [deny] = denyStatements;
  const decisive = deny ? denyStatements : allowStatements;
  const closest = allowStatements.length === 0 ? closestStatement(unmatchedStatements) : undefined;
  return {
    matched: decisive.map((found) => reference(found, policies)),
    ...(deny && { conditions: conditionsMet(deny).map(withOwnName) }),
    ...(deny && allowStatements.length === 0 && { allowsNothing: true }),
    ...(closest && { closest: explained(closest, policies) }),
  };
}

function explained(found: AnalysedStatement, policies: readonly Policy[]): ClosestStatement {
  const mismatches = mismatchesOf(found).map(withOwnName);
  return { statement: reference(found, policies), why: whyNoMatch(mismatches), mismatches };
}

function withOwnName({ key, ...rest }: Mismatch): Mismatch {
  return { ...rest, ...(key && { key: ownName(key) }) };
}

function reference(found: AnalysedStatement, policies: readonly Policy[]): StatementReference {
  const policy = policies.find(({ name, arn }) => (arn ?? name) === found.policyId);
  const sid = found.statement.sid();
  return {
    policy: policy?.name ?? found.policyId ?? '',
    ...(policy?.arn && { policyArn: policy.arn }),
    ...(sid && { sid }),
    index: found.statement.index() - 1, // the evaluator counts from one
  };
}
