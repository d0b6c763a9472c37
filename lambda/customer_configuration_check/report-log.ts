import type { Means } from './means.ts';
import type { Report } from './report.ts';
import type { Verdict } from './vocabulary.ts';

/** The namespace of the metrics; alarms and dashboards name it. */
export const metricsNamespace = 'SecureInbox/ConfigurationCheck';

const metricOf: Readonly<Record<Verdict, string>> = {
  passed: 'Passed',
  denied: 'Denied',
  misconfigured: 'Misconfigured',
  inconclusive: 'Inconclusive',
};

/**
 * Two lines a report: one to read, with no more of the event than who was checked, and one that CloudWatch takes its
 * metrics from. The metrics have no dimension, so that their number does not grow with the customers.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function logReport(report: Report, { log, now, requestId }: Pick<Means, 'log' | 'now' | 'requestId'>): void {
  const { customer, verdict, deniedStep, durationMs, diagnoses, steps } = report;
  const [diagnosis] = diagnoses;
  const cleanUp = steps.find(({ step }) => step === 'clean-up')?.status;
  const line = {
    timestamp: now().toISOString(),
    level: verdict === 'passed' ? 'INFO' : 'WARN',
    requestId,
    message: `Configuration check of ${customer}: ${verdict}`,
    customer,
    verdict,
    deniedStep,
    layer: diagnosis?.denial.layer,
    side: diagnosis?.denial.side,
    cleanUp,
    durationMs,
  };
  log(JSON.stringify(line));
  log(JSON.stringify(metricsOf(verdict, durationMs, now())));
}

function metricsOf(verdict: Verdict, durationMs: number, now: Date): object {
  const counts = Object.entries(metricOf).map(([name, metric]) => [metric, name === verdict ? 1 : 0]);
  return {
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: metricsNamespace,
          Dimensions: [[]],
          Metrics: [
            ...['Checked', ...Object.values(metricOf)].map((Name) => ({ Name, Unit: 'Count' })),
            { Name: 'DurationMs', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    Checked: 1,
    ...Object.fromEntries(counts),
    DurationMs: durationMs,
  };
}
