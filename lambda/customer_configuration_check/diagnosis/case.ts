import type { DeniedDelivery } from '../../../core/advice/asked.ts';
import type { Findings } from './findings.ts';

/** What is known after a check that did not pass: everything that a diagnosis is made from. */
export interface DiagnosisCase extends DeniedDelivery {
  /** What further questions to AWS have told. */
  readonly findings?: Findings | undefined;
}
