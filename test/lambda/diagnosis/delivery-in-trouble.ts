import type { Delivery } from '../../../core/delivery/delivery.ts';
import type { StepResult } from '../../../core/report.ts';
import { type Step, steps } from '../../../core/vocabulary.ts';
import type { DiagnosisCase } from '../../../lambda/customer_configuration_check/diagnosis/findings.ts';

export const customerKey = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';
export const serviceKey = 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001';
export const deliveryRole = 'arn:aws:iam::111111111111:role/service/secure-inbox-delivery';
export const session = 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme';
export const checkSession = 'arn:aws:sts::111111111111:assumed-role/customer_configuration_check/check';
export const inbox = 'secure-inbox-222222222222-us-east-1';
export const internalBucket = 'secure-inbox-internal-111111111111-us-east-1';
export const inboxObject = `arn:aws:s3:::${inbox}/reports/configuration-check/test-object.json`;
export const internalObject = `arn:aws:s3:::${internalBucket}/configuration-check/acme/run-1.json`;

export const delivery: Delivery = {
  customer: 'acme',
  inbox: { accountId: '222222222222', region: 'us-east-1', bucket: inbox, kmsKeyArn: customerKey, prefix: 'reports/' },
  internal: {
    accountId: '111111111111',
    region: 'us-east-1',
    bucket: internalBucket,
    kmsKeyArn: customerKey,
    serviceKmsKeyArn: serviceKey,
  },
  deliveryRoleArn: deliveryRole,
  kind: 'copy',
  steps: ['put-internal', 'copy-to-inbox'],
  diagnosis: 'service-account',
};

/** The default delivery, but with the internal object encrypted with the service's own key. */
export const underServiceKey: Delivery = { ...delivery, internal: { ...delivery.internal, kmsKeyArn: serviceKey } };

export interface Answer {
  readonly message: string;
  readonly code?: string;
  readonly httpStatus?: number;
}

/** A check in which these steps got these answers, and all others passed. */
export function checked(answers: Partial<Record<Step, Answer>>, of: Delivery = delivery): DiagnosisCase {
  return {
    delivery: of,
    runId: 'run-1',
    principal: session,
    steps: Object.keys(steps).map((step) => result(step as Step, answers)),
  };
}

function result(step: Step, answers: Partial<Record<Step, Answer>>): StepResult {
  const answer = answers[step];
  if (!answer) return { step, status: 'passed', durationMs: 1 };
  const { message, code = 'AccessDenied', httpStatus = 403 } = answer;
  const status = code.startsWith('AccessDenied') ? 'denied' : 'failed';
  return { step, status, durationMs: 1, error: { code, message, httpStatus } };
}

/** AWS's sentence with a tail. S3 quotes resources; KMS and STS don't. */
export function refusal(action: string, resource: string, tail = '', principal = session): string {
  const named = action.startsWith('s3:') ? `"${resource}"` : resource;
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${named}${tail && ` ${tail}`}`;
}

/** KMS's single message for all problems of a key in another account. */
export function lumped(action: string): string {
  const what = action === 'kms:Decrypt' ? 'the resource associated with this ciphertext' : 'this resource';
  return (
    `User: ${session} is not authorized to perform: ${action} on ${what} because the resource does not exist in this ` +
    'Region, no resource-based policies allow access, or a resource-based policy explicitly denies access'
  );
}

export function allow(kind: string, action = 's3:PutObject'): string {
  return `because no ${kind} allows the ${action} action`;
}

export function deny(kind: string): string {
  return `with an explicit deny in ${kind}`;
}
