import { resourceArn } from '../../../core/delivery/delivery.ts';
import type { Diagnosis, StepResult } from '../../../core/report.ts';
import type { DiagnosisCase } from './case.ts';

/** S3 took the object and encrypted it otherwise than it was told to: the answer says with what, and nobody's policy. */
export function otherEncryption(
  { delivery: { inbox, internal }, delivery, runId, principal }: DiagnosisCase,
  { step, reason }: StepResult,
): Diagnosis {
  const isInbox = step === 'verify-delivery';
  const resource = resourceArn(delivery, isInbox ? 'inbox-object' : 'internal-object', runId);
  const { bucket, accountId, kmsKeyArn } = isInbox ? inbox : internal;
  const side = isInbox ? 'customer' : 'service';
  const correct = isInbox
    ? 'if the key has been replaced, send the service a new test event.'
    : 'if the key has been replaced, correct internal.kmsKeyArn in it.';
  return {
    step,
    summary: `The test object was ${isInbox ? 'delivered' : 'stored'}, but not encrypted as it must be${reason ? `: ${reason}` : '.'}`,
    denial: { ...(principal && { principal }), ...(resource && { resource }), side, accountId },
    confidence: 'unknown',
    evidence: [{ source: 'service-message', detail: reason ?? "S3's answer names another encryption." }],
    candidates: [],
    remedy: {
      side,
      accountId,
      target: bucket,
      instruction: `Confirm which KMS key reports in ${bucket} must be encrypted with. The test event names ${kmsKeyArn}: ${correct}`,
    },
  };
}
