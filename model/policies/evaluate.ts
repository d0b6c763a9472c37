import {
  validateEndpointPolicy,
  validateIdentityPolicy,
  validateResourceControlPolicy,
  validateResourcePolicy,
  validateServiceControlPolicy,
  validateSessionPolicy,
  validateTrustPolicy,
} from '@cloud-copilot/iam-policy';
import type { PolicyDocument } from '../world/world.ts';

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
  const asSaved = kind === 'vpc-endpoint-policy' ? withAnyPrincipal(document as PolicyDocument) : document;
  return validators[kind](asSaved).map(({ path, message }) => ({ path, message }));
}

/** In an endpoint policy `{"AWS": "*"}` says the same as `"*"`, which is the only form that the validator takes. */
function withAnyPrincipal(document: PolicyDocument): PolicyDocument {
  const anybody = JSON.stringify({ AWS: '*' });
  return {
    ...document,
    Statement: [document.Statement]
      .flat()
      .map((statement) =>
        JSON.stringify(statement['Principal']) === anybody ? { ...statement, Principal: '*' } : statement,
      ),
  };
}
