import { readMessage } from '../../../core/aws-words/message.ts';
import { askedRequestsOf, isKey, isOfInbox } from '../../../core/delivery/requests.ts';
import type { Diagnosis, Permission, ServiceError, StepResult } from '../../../core/report.ts';
import { permissionsOf } from '../../../core/report-permissions.ts';
import type { Step } from '../../../core/vocabulary.ts';
import type { DiagnosisCase } from './case.ts';
import { deliveryEdges } from './delivery-edges.ts';
import { type DeliveryEdge, nothingFound } from './findings.ts';

/** What is known of each permission after a check that did not pass. */
export function permissionsFor(input: DiagnosisCase, diagnoses: readonly Diagnosis[]): readonly Permission[] {
  const { findings = nothingFound, steps } = input;
  return permissionsOf(askedRequestsOf(input.delivery, input.runId), {
    steps,
    diagnoses,
    // What another Region is asked may be refused for that.
    named: [...steps, ...findings.answers.filter(({ isElsewhere }) => isElsewhere !== true)].flatMap(
      ({ step, error }) => named(step, error),
    ),
    allowed: [
      ...steps.flatMap((result) => beforeKms(input, result)),
      ...findings.allowed.map((edge) => ({ ...edge, source: 'probe' as const })),
    ],
  });
}

/** S3 asks KMS for an object only in the name of a caller whom it lets read or write that object. */
function beforeKms(input: DiagnosisCase, { step, error }: StepResult): readonly DeliveryEdge[] {
  const edges = deliveryEdges(input).filter((edge) => edge.step === step);
  const [refused] = named(step, error);
  const asked = edges.find(({ action, on }) => isKey(on) && action === refused?.action);
  if (!asked) return [];
  return edges.filter(({ on }) => !isKey(on) && isOfInbox(on) === isOfInbox(asked.on));
}

function named(step: Step, error: ServiceError | undefined) {
  const action = error && readMessage(error.message, error.code).action;
  return action === undefined ? [] : [{ step, action }];
}
