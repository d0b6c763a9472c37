import type { Asked } from '../../../core/advice/asked.ts';
import { type MessageDenial, readError } from '../../../core/aws-words/message.ts';
import { askedRequestsOf } from '../../../core/delivery/requests.ts';
import { isPolicyOfCaller } from '../../../core/layers.ts';
import { type Operation, operations, type ResourceRole } from '../../../core/permissions.ts';
import type { RequestSummary, StepResult } from '../../../core/report.ts';
import type { Step } from '../../../core/vocabulary.ts';
import { type DeliveryEdge, type DiagnosisCase, nothingFound } from './findings.ts';

/** Every permission that the event tests, in the order in which a delivery needs them. */
export function deliveryEdges({ delivery, runId }: DiagnosisCase): readonly DeliveryEdge[] {
  return askedRequestsOf(delivery, runId);
}

export function isSameEdge(a: DeliveryEdge, b: DeliveryEdge): boolean {
  const isSameUse = a.on === b.on && a.operation === b.operation;
  return isSameUse && a.step === b.step && a.action === b.action && a.resource === b.resource;
}

/** The permissions that the steps have proven to be allowed. */
export function allowedBySteps(input: DiagnosisCase): readonly DeliveryEdge[] {
  const { steps, fallbackSource, delivery } = input;
  const readsInternalKey = fallbackSource === undefined || fallbackSource.kmsKeyArn === delivery.internal.kmsKeyArn;
  return deliveryEdges(input).filter((edge) => {
    // The copy decrypted an object that was not encrypted with the internal key.
    if (edge.action === 'kms:Decrypt' && edge.on === 'internal-key' && !readsInternalKey) return false;
    if (edge.step === 'put-internal' && edge.action.startsWith('s3:') && fallbackSource) return true;
    const result = steps.find(({ step }) => step === edge.step);
    return result !== undefined && shows(result, edge);
  });
}

/** S3 calls KMS only for callers that have all S3 permissions, and a step sends its requests one after another. */
function shows({ step, status, error, request }: StepResult, { action, operation }: DeliveryEdge): boolean {
  if (status === 'passed') return step !== 'verify-delivery';
  if (!error || (status !== 'denied' && status !== 'failed')) return false;
  if (request && operation !== request.operation) return isSentBefore({ operation }, request);
  const { action: refused, subject } = readError(error);
  return action.startsWith('s3:') && (refused?.startsWith('kms:') === true || subject === 'key');
}

/** True if the step sent this request, and it passed, before the one that the step reports. */
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

/** A part is decrypted with two keys, which may be the same. Reading the source shows which of them denies. */
export function withSourceKey(input: DiagnosisCase): DiagnosisCase {
  const { allowed, answers } = input.findings ?? nothingFound;
  if (allowed.some(({ action, on }) => action === 'kms:Decrypt' && on === 'internal-key')) {
    return { ...input, sourceKey: 'allows' };
  }
  const isRefused = answers.some(
    ({ request, error }) => request?.operation === 'GetObject' && readError(error).action === 'kms:Decrypt',
  );
  return isRefused ? { ...input, sourceKey: 'refuses' } : input;
}

interface Substitute {
  /** The same request for the key of real staged reports. */
  readonly asked: Asked;
  /** True if the same cause probably denies that request as well. */
  readonly isTelling: boolean;
}

/**
 * If put-internal stored nothing, the copy reads a substitute encrypted with the service's own key. A denial of that
 * key is not a fault of real deliveries, which never use it; but our own policies rarely treat the two keys
 * differently.
 *
 * @returns undefined if the request is about something else
 */
export function insteadOfSubstitute(
  { fallbackSource, delivery }: DiagnosisCase,
  asked: Asked,
  { layer }: MessageDenial,
): Substitute | undefined {
  const { kmsKeyArn } = delivery.internal;
  const isOfSubstitute = asked.role === 'internal-key' && asked.resource === fallbackSource?.kmsKeyArn;
  if (!isOfSubstitute || asked.resource === kmsKeyArn) return undefined;
  return {
    asked: { ...asked, action: 'kms:Decrypt', resource: kmsKeyArn },
    isTelling: isPolicyOfCaller(layer),
  };
}
