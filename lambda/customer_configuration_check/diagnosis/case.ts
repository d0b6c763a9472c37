import type { Delivery } from '../delivery.ts';
import type { StepResult } from '../report.ts';
import type { Findings } from './findings.ts';

/** What is known after a check that did not pass: everything that a diagnosis is made from. */
export interface DiagnosisCase {
  readonly delivery: Delivery;
  readonly runId: string;
  /** Who delivered: the session of the delivery role, or the caller. */
  readonly principal?: string | undefined;
  readonly steps: readonly StepResult[];
  /**
   * The key that the copied object lies under, where that is not the internal key. By default the service's own
   * wherever put-internal did not pass and the copy was tried all the same.
   */
  readonly fallbackSource?: { readonly kmsKeyArn: string } | undefined;
  /** What further questions to AWS have told. */
  readonly findings?: Findings | undefined;
}
