import { readMessage } from '../../../core/aws-words/message.ts';
import { askedRequestsOf } from '../../../core/delivery/requests.ts';
import { type Operation, operations, type ResourceRole } from '../../../core/permissions.ts';
import type { RequestSummary, StepResult } from '../../../core/report.ts';
import type { Step } from '../../../core/vocabulary.ts';
import type { DiagnosisCase } from './case.ts';
import type { DeliveryEdge } from './findings.ts';

/** Every permission that the event asks about, in the order in which a delivery needs them. */
export function deliveryEdges({ delivery, runId }: DiagnosisCase): readonly DeliveryEdge[] {
  return askedRequestsOf(delivery, runId);
}

export function isSameEdge(a: DeliveryEdge, b: DeliveryEdge): boolean {
  const isSameUse = a.on === b.on && a.operation === b.operation;
  return isSameUse && a.step === b.step && a.action === b.action && a.resource === b.resource;
}

/** The permissions that the steps have shown to be there. */
export function allowedBySteps(input: DiagnosisCase): readonly DeliveryEdge[] {
  const { steps, fallbackSource, delivery } = input;
  const readsInternalKey = fallbackSource === undefined || fallbackSource.kmsKeyArn === delivery.internal.kmsKeyArn;
  return deliveryEdges(input).filter((edge) => {
    // What was decrypted was something else.
    if (edge.action === 'kms:Decrypt' && edge.on === 'internal-key' && !readsInternalKey) return false;
    if (edge.step === 'put-internal' && edge.action.startsWith('s3:') && fallbackSource) return true;
    const result = steps.find(({ step }) => step === edge.step);
    return result !== undefined && shows(result, edge);
  });
}

/** S3 asks KMS only in the name of a caller whom it lets do the rest; and one request after the other was answered. */
function shows({ step, status, error, request }: StepResult, { action, operation }: DeliveryEdge): boolean {
  if (status === 'passed') return step !== 'verify-delivery';
  if (!error || (status !== 'denied' && status !== 'failed')) return false;
  if (request && operation !== request.operation) return isSentBefore({ operation }, request);
  const { action: refused, subject } = readMessage(error.message, error.code);
  return action.startsWith('s3:') && (refused?.startsWith('kms:') === true || subject === 'key');
}

/** Whether a request of a step was sent, and so had passed, before the one that the step is reported with. */
export function isSentBefore({ operation }: Pick<DeliveryEdge, 'operation'>, request: RequestSummary | undefined) {
  return operations.indexOf(operation) < operations.indexOf(request?.operation as Operation);
}

export function edgeOf(
  edges: readonly DeliveryEdge[],
  step: Step,
  action: string,
  on?: ResourceRole,
): DeliveryEdge | undefined {
  return edges.find((edge) => edge.step === step && edge.action === action && edge.on === (on ?? edge.on));
}
