import type { EvaluationResult, SimulatePolicyResponse } from '@aws-sdk/client-iam';
import type { Effect } from '../../../../core/vocabulary.ts';
import { unknownKeys } from './simulated-context.ts';

export interface Simulated {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny' | 'unclear';
  /** The statement of an identity policy that decided. */
  readonly statement?: string;
  readonly refusedByOrganization: boolean;
  readonly refusedByBoundary: boolean;
  /** Condition keys in the policies whose values can't be known in advance. */
  readonly unknownKeys: readonly string[];
}

/** @returns undefined if the answer is about something else */
export function simulatedIn(
  { EvaluationResults = [] }: SimulatePolicyResponse,
  action: string,
  resource: string,
  isFunction: boolean,
): Simulated | undefined {
  const result = EvaluationResults.find(({ EvalActionName }) => EvalActionName?.toLowerCase() === action.toLowerCase());
  if (!result) return undefined;
  const { ResourceSpecificResults: specific = [], OrganizationsDecisionDetail: organization } = result;
  // If there is only one resource, its result is also the overall result.
  const on = specific.find(({ EvalResourceName }) => EvalResourceName === resource);
  const { MatchedStatements: matched = [], PermissionsBoundaryDecisionDetail: boundary } = on ?? result;
  const [statement] = matched;
  return {
    decision: decisionOf(result, on?.EvalResourceDecision),
    ...(statement?.SourcePolicyId && { statement: statementOf(statement) }),
    refusedByOrganization: organization?.AllowedByOrganizations === false,
    refusedByBoundary: boundary?.AllowedByPermissionsBoundary === false,
    unknownKeys: unknownKeys(on?.MissingContextValues ?? result.MissingContextValues ?? [], action, isFunction),
  };
}

/**
 * If the simulator treats the request as cross-account, it misses the other account's policy, which it is not given:
 * not given: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
 */
function decisionOf(result: EvaluationResult, onResource: string | undefined): Simulated['decision'] {
  const decision = onResource ?? result.EvalDecision;
  if (decision === 'allowed' || decision === 'explicitDeny') return decision;
  const acrossAccounts = Object.keys(result.EvalDecisionDetails ?? {}).length > 0;
  return decision === 'implicitDeny' && !acrossAccounts ? decision : 'unclear';
}

function statementOf({ SourcePolicyId, StartPosition }: NonNullable<EvaluationResult['MatchedStatements']>[number]) {
  return `${SourcePolicyId}${StartPosition?.Line === undefined ? '' : `, line ${StartPosition.Line}`}`;
}

/** The decision of the identity policies; undefined if another layer's denial hides it. */
export function identityIn({
  decision,
  statement,
  refusedByBoundary,
  refusedByOrganization,
}: Simulated): 'allowed' | Effect | undefined {
  if (decision === 'allowed') return 'allowed';
  if (decision === 'explicitDeny') return statement === undefined ? undefined : 'explicit';
  return decision === 'implicitDeny' && !refusedByBoundary && !refusedByOrganization ? 'implicit' : undefined;
}

/** Undefined if the boundary doesn't deny, or another layer's denial hides its effect. */
export function boundaryEffectIn({ decision, statement, refusedByOrganization }: Simulated): Effect | undefined {
  if (refusedByOrganization) return undefined;
  if (decision === 'implicitDeny') return 'implicit';
  return decision === 'explicitDeny' && statement === undefined ? 'explicit' : undefined;
}
