import { type MessageDenial, readError } from '../../../core/aws-words/message.ts';
import type { Step } from '../../../core/vocabulary.ts';
import { allowedBySteps, deliveryEdges, isSameEdge } from './delivery-edges.ts';
import type { DeliveryEdge, DiagnosisCase, Findings } from './findings.ts';

/** A check that did not pass, as the probes need it. */
export interface Situation {
  readonly case: DiagnosisCase;
  /** The permissions that the event tests, except for those known to be allowed. */
  readonly open: readonly DeliveryEdge[];
  /** AWS's answer at a step; undefined if it passed or was not tried. */
  readonly answerAt: (step: Step) => MessageDenial | undefined;
  /** True while the object to copy exists. */
  readonly hasSource: boolean;
  /** True if clean-up will run anyway. */
  readonly cleansUp: boolean;
  /** The check's identity before it assumes the delivery role, if AWS has shown it. */
  readonly now: Date;
  /** False if someone runs the check with their own credentials, which may have MFA or a source identity. */
  readonly isFunction: boolean;
  /** The findings of earlier rounds. */
  readonly known: Findings;
  /** Set if the check should look into CloudTrail. */
  readonly lookup?: LookupTerms | undefined;
}

/** How to distinguish this check's events from others, and how long to wait for them. */
export interface LookupTerms {
  /** The session that delivered, which no other check has used; absent if the caller's own credentials did. */
  readonly accessKeyId?: string | undefined;
  readonly startedAt: Date;
  readonly patienceMs: number;
  /** Pauses between two lookups. @default increasing */
  readonly pausesMs?: readonly number[];
}

export interface Surroundings extends Pick<Situation, 'hasSource' | 'cleansUp' | 'now' | 'isFunction' | 'lookup'> {}

export function situationOf(input: DiagnosisCase, around: Surroundings, known: Findings): Situation {
  const allowed = [...allowedBySteps(input), ...known.allowed];
  return {
    ...around,
    case: input,
    known,
    open: deliveryEdges(input).filter((edge) => !allowed.some((one) => isSameEdge(one, edge))),
    answerAt: (step) => {
      const result = input.steps.find((one) => one.step === step);
      if (!result?.error || (result.status !== 'denied' && result.status !== 'failed')) return undefined;
      return readError(result.error);
    },
  };
}
