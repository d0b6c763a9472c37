import {
  type CheckOrigin,
  checkedMetric,
  durationMetric,
  metricDimensions,
  metricOf,
  unknownLayer,
} from '../../core/metrics.ts';
import { printable } from '../../core/printable.ts';
import type { Report } from '../../core/report.ts';
import type { Verdict } from '../../core/vocabulary.ts';
import type { CheckDependencies } from './dependencies.ts';

/**
 * Two lines per report: one to read and search, which contains no more of the event than a diagnosis repeats, and one
 * from which CloudWatch extracts metrics.
 */
export function logReport(
  report: Report,
  origin: CheckOrigin,
  { log, now, requestId, configuration }: Pick<CheckDependencies, 'log' | 'now' | 'requestId' | 'configuration'>,
): void {
  const { customer, verdict, deniedStep, durationMs, steps } = report;
  const diagnosis = diagnosisOfFirstFault(report);
  const line = {
    timestamp: now().toISOString(),
    level: verdict === 'passed' ? 'INFO' : 'WARN',
    requestId,
    message: `Configuration check of ${customer}: ${verdict}`,
    customer,
    origin,
    verdict,
    deniedStep,
    layer: diagnosis?.denial.layer,
    side: diagnosis?.denial.side,
    confidence: diagnosis?.confidence,
    summary: diagnosis?.summary,
    cleanUp: steps.find(({ step }) => step === 'clean-up')?.status,
    durationMs,
  };
  log(printable(JSON.stringify(line)));
  log(printable(JSON.stringify(metricsOf(report, origin, configuration.metricsNamespace, now()))));
}

function diagnosisOfFirstFault({ deniedStep, diagnoses }: Report): Report['diagnoses'][number] | undefined {
  return diagnoses.find(({ step }) => step === deniedStep);
}

/** Verdicts that require action. */
const faulty: readonly Verdict[] = ['denied', 'misconfigured'];

/**
 * Metrics have no dimensions, except that denials and misconfigurations are also counted by origin, step and layer. The
 * number of metrics therefore doesn't grow with the number of customers.
 */
function metricsOf(report: Report, origin: CheckOrigin, Namespace: string, now: Date): object {
  const { verdict, durationMs } = report;
  const metric = metricOf[verdict];
  const counters = Object.values(metricOf);
  const faultyStep = faulty.includes(verdict) ? report.deniedStep : undefined;
  const dimensions = metricDimensions;
  return {
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace,
          Dimensions: [[]],
          Metrics: [...counted([checkedMetric, ...counters]), { Name: durationMetric, Unit: 'Milliseconds' }],
        },
        { Namespace, Dimensions: [[dimensions.origin]], Metrics: counted(faulty.map((each) => metricOf[each])) },
        ...(faultyStep
          ? [{ Namespace, Dimensions: [[dimensions.deniedStep, dimensions.layer]], Metrics: counted([metric]) }]
          : []),
      ],
    },
    [dimensions.origin]: origin,
    ...(faultyStep && {
      [dimensions.deniedStep]: faultyStep,
      [dimensions.layer]: diagnosisOfFirstFault(report)?.denial.layer ?? unknownLayer,
    }),
    [checkedMetric]: 1,
    ...Object.fromEntries(counters.map((name) => [name, name === metric ? 1 : 0])),
    [durationMetric]: durationMs,
  };
}

function counted(names: readonly string[]): readonly object[] {
  return names.map((Name) => ({ Name, Unit: 'Count' }));
}
