import type { Simulation } from '@cloud-copilot/iam-simulate';
import type { Policy, PolicyDocument } from '../world/world.ts';
import type { EvaluationInput } from './evaluate.ts';

/** How a question and its policies are put to the evaluator. */

export const fullAccess: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'FullAWSAccess', Effect: 'Allow', Action: '*', Resource: '*' }],
};

export function toSimulation(input: EvaluationInput): Simulation {
  const named = ({ name, arn, document }: Policy) => ({ name: arn ?? name, policy: forEvaluator(document) });
  return {
    request: {
      principal: input.principal,
      action: input.action,
      resource: { resource: literally(input.resource), accountId: input.resourceAccountId },
      contextVariables: contextForEvaluator(input.context),
    },
    identityPolicies: input.identityPolicies.map(named),
    // FullAWSAccess stays attached beside whatever else an organization attaches.
    serviceControlPolicies: [
      {
        orgIdentifier: 'account',
        policies: [{ name: 'FullAWSAccess', policy: fullAccess }, ...input.serviceControlPolicies.map(named)],
      },
    ],
    resourceControlPolicies: [{ orgIdentifier: 'account', policies: input.resourceControlPolicies.map(named) }],
    ...(input.permissionsBoundary && { permissionBoundaryPolicies: [named(input.permissionsBoundary)] }),
    ...(input.sessionPolicy && { sessionPolicy: forEvaluator(input.sessionPolicy) }),
    ...(input.vpcEndpointPolicy && {
      vpcEndpointPolicies: [
        { name: 'vpc-endpoint-policy', policy: forEvaluator(withAnyPrincipal(input.vpcEndpointPolicy)) },
      ],
    }),
    ...(input.resourcePolicy && { resourcePolicy: forEvaluator(input.resourcePolicy) }),
  };
}

/**
 * An object's key may have `*` and `?` in it, which the evaluator would take for a pattern. The characters that stand in
 * match every pattern that matches these.
 */
function literally(resource: string): string {
  return resource === '*' ? resource : resource.replaceAll('*', '\uE000').replaceAll('?', '\uE001');
}

/**
 * In an endpoint policy `{"AWS": "*"}` says the same as `"*"`, which is the only form that the evaluator takes.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export function withAnyPrincipal(document: PolicyDocument): PolicyDocument {
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

/**
 * The evaluator drops `kms:EncryptionContext:<key>`, a key with a free suffix. `aws:RequestTag/<suffix>` is one that it
 * keeps, and that no request to S3 or KMS of ours carries, so it stands in, in policies and context alike.
 */
const encryptionContextKey = /kms:EncryptionContext:(?=[^"$}]+)/gi;
const standIn = 'aws:RequestTag/kms-encryption-context/';

const prepared = new WeakMap<PolicyDocument, unknown>();

export function forEvaluator(document: PolicyDocument): unknown {
  let ready = prepared.get(document);
  if (ready === undefined) {
    ready = JSON.parse(JSON.stringify(document).replace(encryptionContextKey, standIn));
    prepared.set(document, ready);
  }
  return ready;
}

function contextForEvaluator(context: EvaluationInput['context']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key.replace(encryptionContextKey, standIn),
      typeof value === 'string' ? value : [...value],
    ]),
  );
}

/** Gives a key its own name back where it is shown to people. */
export function ownName(text: string): string {
  return text.replaceAll(standIn, 'kms:EncryptionContext:');
}
