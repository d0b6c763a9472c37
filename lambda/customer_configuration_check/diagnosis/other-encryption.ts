import { resourceArn } from '../../../core/delivery.ts';
import type { Diagnosis, StepResult } from '../../../core/report.ts';
import type { DiagnosisCase } from './case.ts';

/** S3 took the object and encrypted it otherwise than it was told to: the answer says with what, and nobody's policy. */
export function otherEncryption(
  { delivery, runId, principal }: DiagnosisCase,
  { step, reason }: StepResult,
): Diagnosis {
  const resource = resourceArn(delivery, 'inbox-object', runId);
  return {
    step,
    summary: `The test object was delivered, but not encrypted as it must be${reason ? `: ${reason}` : '.'}`,
    denial: {
      ...(principal && { principal }),
      ...(resource && { resource }),
      side: 'customer',
      accountId: delivery.inbox.accountId,
    },
    confidence: 'unknown',
    evidence: [{ source: 'service-message', detail: reason ?? "The copy's answer names another encryption." }],
    candidates: [],
    remedy: {
      side: 'customer',
      accountId: delivery.inbox.accountId,
      target: delivery.inbox.bucket,
      instruction:
        `Confirm which KMS key reports in ${delivery.inbox.bucket} must be encrypted with. The test event names ` +
        `${delivery.inbox.kmsKeyArn}: if the key has been replaced, send the service a new test event.`,
    },
  };
}
