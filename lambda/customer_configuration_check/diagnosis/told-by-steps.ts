import { readMessage } from '../../../core/aws-words/message.ts';
import type { DiagnosisCase } from './case.ts';
import type { Fact } from './explanation.ts';

/**
 * What one step's answer tells of another's. KMS names a resource control policy where S3 stays silent, and such
 * policies are written for all data of an organization.
 */
export function factsOfSteps({ steps, delivery }: DiagnosisCase): readonly Fact[] {
  const named = steps.find(({ error }) => {
    const said = error && readMessage(error.message, error.code);
    return said?.layer === 'resource-control-policy' && said.action?.startsWith('kms:');
  });
  if (!named || !delivery.inbox.kmsKeyArn.includes(`:${delivery.inbox.accountId}:`)) return [];
  const detail = `KMS names a resource control policy of the organization of account ${delivery.inbox.accountId}, which may be about its buckets too.`;
  const on = { layer: 'resource-control-policy', role: 'inbox-object' } as const;
  return [{ source: 'service-message', detail, bearing: { on, verdict: 'supports' } }];
}
