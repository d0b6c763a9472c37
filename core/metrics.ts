import type { Verdict } from './vocabulary.ts';

/** The metrics' namespace, unless the function's environment sets another. */
export const metricsNamespace = 'SecureInbox/ConfigurationCheck';

/** The counter of each verdict: 1 for a report's own verdict, 0 for the others. */
export const metricOf = {
  passed: 'Passed',
  denied: 'Denied',
  misconfigured: 'Misconfigured',
  inconclusive: 'Inconclusive',
} as const satisfies Readonly<Record<Verdict, string>>;

/** One per report. */
export const checkedMetric = 'Checked';

export const durationMetric = 'DurationMs';

/** The customer is not a dimension, because each customer would add a metric to pay for every month. */
export const metricDimensions = {
  /** For `Denied` and `Misconfigured`: why the customer was checked. */
  origin: 'Origin',
  /** For the same, if it is not 0: the first step that did not pass. */
  deniedStep: 'DeniedStep',
  /** The layer in the first diagnosis of that step. */
  layer: 'Layer',
} as const;

/**
 * `registry` is the health check of onboarded customers; `event` is a request by a person, such as during onboarding.
 */
export type CheckOrigin = 'registry' | 'event';

/** The layer of a denial for which no diagnosis names one. */
export const unknownLayer = 'unknown';
