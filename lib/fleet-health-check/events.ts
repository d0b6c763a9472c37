import { statusChangeDetailType } from '../names.ts';
import type { State } from './states.ts';

/** The version of both details. A field may be added under the same version; none changes its meaning or goes. */
const schemaVersion = 1;

/** Of a customer that has not passed or been denied yet. */
export const newCustomer = 'new';

/** From this many inconclusive checks in a row on, somebody has to look. */
export const inconclusiveLimit = 3;

export { statusChangeDetailType };
export const inconclusiveDetailType = 'Customer Configuration Check Inconclusive';

/** Counted by the state machine itself. */
export const metrics = {
  /** A check of every customer was completed. */
  finished: 'HealthCheckFinished',
  /** A customer whose checks were inconclusive three times in a row. */
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
