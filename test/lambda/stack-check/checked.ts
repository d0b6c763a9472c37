import type { Diagnosis } from '../../../core/report.ts';
import type { Verdict } from '../../../core/vocabulary.ts';
import type { CheckOutcome, CheckReport } from '../../../lambda/stack_check/result.ts';

const statement = {
  Sid: 'AllowInboxPutObject',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::secure-inbox-222222222222-us-east-1/reports/*',
};

export const customersFault: Diagnosis = {
  step: 'copy-to-inbox',
  summary: 'Most likely, the policy of the Secure Inbox does not let secure-inbox-delivery do s3:PutObject.',
  denial: { action: 's3:PutObject', layer: 'bucket-policy', side: 'customer' },
  confidence: 'inferred',
  evidence: [],
  candidates: [],
  remedy: { side: 'customer', instruction: 'Add this statement to the bucket policy.', statement },
};

export const servicesFault: Diagnosis = {
  step: 'copy-to-inbox',
  summary: 'No policy of secure-inbox-delivery allows it to s3:GetObject on arn:aws:s3:::the-internal-bucket/x.',
  denial: { action: 's3:GetObject', layer: 'identity-policy', side: 'service' },
  confidence: 'proven',
  evidence: [],
  candidates: [],
  remedy: { side: 'service', instruction: 'Add this statement to a policy of secure-inbox-delivery.', statement },
};

export function reportAs(verdict: Verdict, diagnoses: readonly Diagnosis[] = [customersFault]): CheckReport {
  const isFault = verdict === 'denied' || verdict === 'misconfigured';
  return {
    verdict,
    ...(isFault && { deniedStep: 'copy-to-inbox' }),
    startedAt: '2026-11-21T12:00:00.000Z',
    diagnoses: isFault ? [...diagnoses] : [],
  };
}

export function checkedAs(verdict: Verdict, diagnoses?: readonly Diagnosis[]): CheckOutcome {
  return { kind: 'report', report: reportAs(verdict, diagnoses) };
}
