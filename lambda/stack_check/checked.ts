import type { Report } from '../../core/report.ts';

/** What became of one check. */
export type Checked =
  | { readonly kind: 'report'; readonly report: CheckReport }
  /** The check itself did not work. Why is for the service's log, not for the customer. */
  | { readonly kind: 'failed'; readonly why: string };

/** The part of a report that a customer is told of. */
export type CheckReport = Pick<Report, 'verdict' | 'deniedStep' | 'startedAt' | 'diagnoses'>;
