import { askedIn } from '../../../core/advice/asked.ts';
import { readError } from '../../../core/aws-words/message.ts';
import { askedRequestsOf, isAskedOfSeveral } from '../../../core/delivery/requests.ts';
import { isKey, isOfInbox } from '../../../core/permissions.ts';
import type { Diagnosis, Permission, StepResult } from '../../../core/report.ts';
import { permissionsOf, type StepAnswers } from '../../../core/report-permissions.ts';
import { deliveryEdges, isSentBefore, withSourceKey } from './delivery-edges.ts';
import { type DeliveryEdge, type DiagnosisCase, nothingFound } from './findings.ts';

type Answered = Pick<StepResult, 'step' | 'error' | 'request'>;

/** The state of each permission after a check that did not pass. */
export function permissionsFor(unread: DiagnosisCase, diagnoses: readonly Diagnosis[]): readonly Permission[] {
  const input = withSourceKey(unread);
  const { findings = nothingFound, steps } = input;
  return permissionsOf(askedRequestsOf(input.delivery, input.runId), {
    steps,
    diagnoses,
    // A request may be denied in another Region only because of the Region.
    named: [...steps, ...findings.answers.filter(({ isElsewhere }) => isElsewhere !== true)].flatMap((answered) =>
      named(input, answered),
    ),
    allowed: [
      ...steps.flatMap((result) => [...beforeFailure(input, result), ...beforeKms(input, result)]),
      ...[...findings.allowed, ...sourceSeen(input)].map((edge) => ({ ...edge, source: 'probe' as const })),
    ],
  });
}

/** A step sends a request only after the previous one has passed. */
function beforeFailure(input: DiagnosisCase, { step, error, request }: Answered): readonly DeliveryEdge[] {
  if (!error) return [];
  return deliveryEdges(input).filter((edge) => edge.step === step && isSentBefore(edge, request));
}

/** S3 calls KMS for an object only for a caller who may read or write the object. */
function beforeKms(input: DiagnosisCase, answered: Answered): readonly DeliveryEdge[] {
  const { step, request } = answered;
  const operation = request?.operation;
  const edges = deliveryEdges(input).filter(
    (edge) => edge.step === step && edge.operation === (operation ?? edge.operation),
  );
  const [refused] = named(input, answered);
  const asked = edges.find(({ action, on }) => isKey(on) && action === refused?.action && on === (refused.on ?? on));
  if (!asked) return [];
  return edges.filter(({ on }) => !isKey(on) && isOfInbox(on) === isOfInbox(asked.on));
}

/** An object that was decrypted was also read. */
function sourceSeen(input: DiagnosisCase): readonly DeliveryEdge[] {
  if (input.sourceKey !== 'allows') return [];
  return deliveryEdges(input).filter(
    ({ action, operation }) => action === 's3:GetObject' && operation !== 'CopyObject',
  );
}

function named(input: DiagnosisCase, { step, error, request }: Answered): NonNullable<StepAnswers['named']> {
  const said = error && readError(error);
  if (said?.action === undefined) return [];
  if (!isAskedOfSeveral(input.delivery, step, said.action)) return [{ step, action: said.action }];
  const { role: on, isOneOfSeveral } = askedIn(input, { step, request }, said);
  return isOneOfSeveral ? [] : [{ step, action: said.action, on }];
}
