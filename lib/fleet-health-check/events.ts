import { statusChangeDetailType } from '../names.ts';
import type { State } from './states.ts';

/** The version of both details. Fields may be added under the same version; existing ones stay as they are. */
const schemaVersion = 1;

/** The status of a customer that has neither passed nor been denied yet. */
export const newCustomer = 'new';

/** This many inconclusive checks in a row raise an alarm. */
export const inconclusiveLimit = 3;

export { statusChangeDetailType };
export const inconclusiveDetailType = 'Customer Configuration Check Inconclusive';

/** Metrics of the state machine. */
export const metrics = {
  /** A check of every customer was completed. */
  finished: 'HealthCheckFinished',
  /** A customer had three inconclusive checks in a row. */
  inconclusive: 'InconclusiveInARow',
} as const;

/** `Customer Configuration Status Change`. */
export const statusChangeDetail: State = {
  schemaVersion,
  'changeId.$': '$.changeId',
  'registryKey.$': '$.item.Key',
  'customer.$': '$.confirmed.report.customer',
  'status.$': '$.confirmed.report.verdict',
  'previousStatus.$': '$.before.status',
  'firstSeenAt.$': '$.report.startedAt',
  'confirmedAt.$': '$.confirmed.report.startedAt',
  'summary.$': '$.change.summary',
  'diagnoses.$': '$.confirmed.report.diagnoses',
};

/** `Customer Configuration Check Inconclusive`. */
export const inconclusiveDetail: State = {
  schemaVersion,
  'registryKey.$': '$.item.Key',
  'customer.$': '$.report.customer',
  'inARow.$': '$.count.inARow',
  'checkedAt.$': '$.report.startedAt',
  'steps.$': '$.report.steps',
};
