import type { Diagnosis, Report, StepResult } from '../../core/report.ts';

/** Complete and consistent reports for tests. Each test changes only what it is about. */

const request = { operation: 'CopyObject', region: 'us-east-1', bucket: 'inbox', expectedBucketOwner: '222222222222' };

const passedSteps: readonly StepResult[] = [
  { step: 'assume-delivery-role', status: 'passed', durationMs: 20.4 },
  { step: 'put-internal', status: 'passed', durationMs: 61 },
  { step: 'copy-to-inbox', status: 'passed', durationMs: 58, request },
  { step: 'verify-delivery', status: 'passed', durationMs: 0 },
  { step: 'clean-up', status: 'passed', durationMs: 12 },
];

export const passedReport: Report = {
  schemaVersion: 1,
  customer: 'acme',
  verdict: 'passed',
  principal: 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 151,
  steps: [...passedSteps],
  diagnoses: [],
};

export const bucketPolicyDiagnosis: Diagnosis = {
  step: 'copy-to-inbox',
  summary: 'Most likely the bucket policy does not allow secure-inbox-delivery to s3:PutObject.',
  denial: {
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::inbox/reports/configuration-check/test-object.json',
    layer: 'bucket-policy',
    effect: 'implicit',
    side: 'customer',
    accountId: '222222222222',
  },
  confidence: 'inferred',
  evidence: [{ source: 'service-message', detail: 'A bare Access Denied' }],
  candidates: [{ layer: 'resource-control-policy', side: 'customer', action: 's3:PutObject', why: 'S3 says the same' }],
  remedy: {
    side: 'customer',
    accountId: '222222222222',
    document: 'bucket-policy',
    target: 'inbox',
    instruction: 'Add this statement to the bucket policy of inbox:',
    statement: { Sid: 'AllowDelivery', Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::inbox/*' },
    verified: true,
  },
};

export const deniedReport: Report = {
  ...passedReport,
  verdict: 'denied',
  deniedStep: 'copy-to-inbox',
  steps: passedSteps.map((result): StepResult => {
    if (result.step === 'verify-delivery') {
      return { step: 'verify-delivery', status: 'skipped', durationMs: 0, reason: 'nothing was delivered' };
    }
    if (result.step !== 'copy-to-inbox') return result;
    const error = { code: 'AccessDenied', httpStatus: 403, message: 'Access Denied', requestId: '4442587FB7D0A2F9' };
    return { ...result, status: 'denied', error };
  }),
  diagnoses: [bucketPolicyDiagnosis],
};
