import type { Verdict } from './vocabulary.ts';

/** Where the metrics are found, unless the function's environment says otherwise. */
export const metricsNamespace = 'SecureInbox/ConfigurationCheck';

/** The counter of each verdict: 1 for the verdict of a report, 0 for the others. */
export const metricOf = {
  passed: 'Passed',
  denied: 'Denied',
  misconfigured: 'Misconfigured',
  inconclusive: 'Inconclusive',
} as const satisfies Readonly<Record<Verdict, string>>;

/** One for each report. */
export const checkedMetric = 'Checked';

export const durationMetric = 'DurationMs';

/** The customer is not a dimension: each would be a metric to pay for every month. */
export const metricDimensions = {
  /** For `Denied` and `Misconfigured`: how the customer came to be checked. */
  origin: 'Origin',
  /** For the same, where it is not 0: the first step that did not pass. */
  deniedStep: 'DeniedStep',
  /** The layer in the first diagnosis of that step. */
  layer: 'Layer',
} as const;

/** `registry` is the health check of onboarded customers; `event` someone's own request, such as while onboarding. */
export type CheckOrigin = 'registry' | 'event';

/** The layer of a denial that no diagnosis names one for. */
export const unknownLayer = 'unknown';
