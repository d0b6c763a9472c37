import { type MessageDenial, readError } from '../../../core/aws-words/message.ts';
import type { Step } from '../../../core/vocabulary.ts';
import { allowedBySteps, deliveryEdges, isSameEdge } from './delivery-edges.ts';
import type { DeliveryEdge, DiagnosisCase, Findings } from './findings.ts';

/** A check that did not pass, as the questions about it need to see it. */
export interface Situation {
  readonly case: DiagnosisCase;
  /** What the event asks about, but what is known to be allowed. */
  readonly open: readonly DeliveryEdge[];
  /** What AWS answered at a step; undefined where it passed or was not tried. */
  readonly answerAt: (step: Step) => MessageDenial | undefined;
  /** True while the object to be copied is there. */
  readonly hasSource: boolean;
  /** True where clean-up will be tried anyway. */
  readonly cleansUp: boolean;
  /** Who the check is before it takes on the delivery role, as far as AWS has told. */
  readonly now: Date;
  /** False where somebody runs the check with credentials of their own, which may carry MFA or a source identity. */
  readonly isFunction: boolean;
  /** What the rounds before have told. */
  readonly known: Findings;
  /** Set where CloudTrail is to be looked into. */
  readonly lookup?: LookupTerms | undefined;
}

/** How the events of this check are told from those of others, and how long they are waited for. */
export interface LookupTerms {
  /** Of the session that delivered, which no other check has used; absent where the caller's own credentials did. */
  readonly accessKeyId?: string | undefined;
  readonly startedAt: Date;
  readonly patienceMs: number;
  /** Between two looks. @default ever longer ones */
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
