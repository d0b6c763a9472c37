import { viaS3 } from '../../../core/arn.ts';
import { type SessionStatement, sessionPolicyFor } from '../../../core/session-policy.ts';
import { bearingOn } from './bearing.ts';
import { deliveryEdges } from './delivery-edges.ts';
import { type DeliveryEdge, type DiagnosisCase, type Findings, findings } from './findings.ts';

/**
 * Compares each permission with the session policy that the check requested. It excludes nothing, because the session
 * may have another policy if someone else creates it.
 */
export function sessionPolicyFindings(input: DiagnosisCase): Findings {
  const { delivery, runId } = input;
  if (delivery.deliveryRoleArn === undefined) return findings({});
  const { Statement: statements } = sessionPolicyFor(delivery);
  const edges = deliveryEdges({ ...input, runId }).filter(({ on }) => on !== 'delivery-role');
  return findings({
    facts: edges.flatMap((edge) => {
      const isCovered = statements.some((statement) => covers(statement, edge));
      const words = isCovered ? 'covers' : 'leaves out';
      return bearingOn(
        edge,
        ['session-policy'],
        isCovered ? 'weakens' : 'supports',
        'policy-analysis',
        `The session policy that the check requested ${words} ${edge.action} on ${edge.resource}.`,
      );
    }),
  });
}

/** Supports only the format that sessionPolicyFor writes. */
function covers(
  { Action: actions, Resource: resources, Condition: condition }: SessionStatement,
  { action, resource, region }: DeliveryEdge,
): boolean {
  const isThroughS3 = condition?.StringEquals['kms:ViaService']?.includes(viaS3(region)) ?? true;
  return actions.includes(action) && resources.some((pattern) => matches(pattern, resource)) && isThroughS3;
}

function matches(pattern: string, resource: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  const end = rest.at(-1);
  if (end === undefined) return pattern === resource;
  return resource.length >= start.length + end.length && resource.startsWith(start) && resource.endsWith(end);
}
