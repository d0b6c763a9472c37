import { type CheckOrigin, metricsNamespace } from '../../core/metrics.ts';
import type { Report } from '../../core/report.ts';
import { readConfiguration } from '../../lambda/customer_configuration_check/configuration.ts';
import { logReport } from '../../lambda/customer_configuration_check/report-log.ts';

const now = new Date('2026-11-21T12:00:00.000Z');

const passed: Report = {
  schemaVersion: 1,
  customer: 'acme',
  verdict: 'passed',
  startedAt: now.toISOString(),
  durationMs: 231,
  steps: [{ step: 'clean-up', status: 'passed', durationMs: 5 }],
  diagnoses: [],
};

const denied: Report = {
  ...passed,
  verdict: 'denied',
  deniedStep: 'copy-to-inbox',
  diagnoses: [
    {
      step: 'copy-to-inbox',
      summary: 'The bucket policy does not let the role do s3:PutObject.',
      denial: { layer: 'bucket-policy', side: 'customer' },
      confidence: 'inferred',
      evidence: [],
      candidates: [],
    },
  ],
};

type Line = Readonly<Record<string, unknown>>;
interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

function logged(report: Report, origin: CheckOrigin = 'registry', namespace = metricsNamespace): [Line, Line] {
  const lines: string[] = [];
  const configuration = {
    region: 'us-east-1',
    concurrency: 1,
    customEndpoint: false,
    isFunction: true,
    metricsNamespace: namespace,
  };
  logReport(report, origin, { log: (line) => lines.push(line), now: () => now, requestId: 'r-1', configuration });
  const [line = {}, metrics = {}, ...more] = lines.map((text) => JSON.parse(text) as Line);
  expect(more).toEqual([]);
  return [line, metrics];
}

/** `{METRIC or METRIC by DIMENSION=VALUE, …: value}`: the metrics that CloudWatch extracts from a line. */
function counted([, line]: [Line, Line]): Readonly<Record<string, unknown>> {
  const { CloudWatchMetrics } = line['_aws'] as { readonly CloudWatchMetrics: readonly Directive[] };
  return Object.fromEntries(
    CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
      Dimensions.flatMap((names) => {
        const by = names.map((name) => `${name}=${line[name]}`).join(' and ');
        return Metrics.map(({ Name }) => [by ? `${Name} by ${by}` : Name, line[Name]]);
      }),
    ),
  );
}

describe('the metrics of a report', () => {
  test('count a check that passed', () => {
    expect(counted(logged(passed))).toEqual({
      Checked: 1,
      Passed: 1,
      Denied: 0,
      Misconfigured: 0,
      Inconclusive: 0,
      DurationMs: 231,
      'Denied by Origin=registry': 0,
      'Misconfigured by Origin=registry': 0,
    });
  });

  test('count a denial also by step and layer', () => {
    expect(counted(logged(denied, 'event'))).toEqual({
      Checked: 1,
      Passed: 0,
      Denied: 1,
      Misconfigured: 0,
      Inconclusive: 0,
      DurationMs: 231,
      'Denied by Origin=event': 1,
      'Misconfigured by Origin=event': 0,
      'Denied by DeniedStep=copy-to-inbox and Layer=bucket-policy': 1,
    });
  });

  test('count misconfigurations as such, and an unknown layer as unknown', () => {
    const metrics = counted(logged({ ...denied, verdict: 'misconfigured', diagnoses: [] }));
    expect(metrics).toMatchObject({ Denied: 0, Misconfigured: 1 });
    expect(metrics).toHaveProperty('Misconfigured by DeniedStep=copy-to-inbox and Layer=unknown', 1);
  });

  test("do not use another step's diagnosis for the denied step", () => {
    const metrics = counted(logged({ ...denied, deniedStep: 'put-internal' }));
    expect(metrics).toHaveProperty('Denied by DeniedStep=put-internal and Layer=unknown', 1);
  });

  test('have no step for an inconclusive check, which says nothing about a customer', () => {
    const metrics = counted(logged({ ...denied, verdict: 'inconclusive' }));
    expect(Object.keys(metrics).filter((name) => name.includes('DeniedStep'))).toEqual([]);
    expect(metrics).toMatchObject({ Inconclusive: 1, Denied: 0, 'Denied by Origin=registry': 0 });
  });

  test('never have the customer as a dimension', () => {
    for (const report of [passed, denied]) expect(Object.keys(counted(logged(report))).join()).not.toContain('acme');
  });

  test('are in the namespace of the deployment', () => {
    const [, line] = logged(denied, 'registry', 'SecureInbox/ConfigurationCheck/staging');
    const { CloudWatchMetrics } = line['_aws'] as { readonly CloudWatchMetrics: readonly Directive[] };
    const namespaces = new Set(CloudWatchMetrics.map(({ Namespace }) => Namespace));
    expect([...namespaces]).toEqual(['SecureInbox/ConfigurationCheck/staging']);
  });
});

describe('the namespace of the metrics', () => {
  const environment = { AWS_REGION: 'us-east-1' };

  test('is the default unless the environment names another', () => {
    const other = { ...environment, METRICS_NAMESPACE: 'SecureInbox/ConfigurationCheck/staging' };
    expect(readConfiguration(environment).metricsNamespace).toBe('SecureInbox/ConfigurationCheck');
    expect(readConfiguration(other).metricsNamespace).toBe('SecureInbox/ConfigurationCheck/staging');
  });

  test.each(['AWS/Lambda', 'with space'])('cannot be %s', (METRICS_NAMESPACE) => {
    expect(() => readConfiguration({ ...environment, METRICS_NAMESPACE })).toThrow(
      `METRICS_NAMESPACE is "${METRICS_NAMESPACE}". Set it to the namespace of CloudWatch metrics`,
    );
  });
});

test('the readable line says who is denied and why', () => {
  const [line] = logged(denied);
  expect(line).toEqual({
    timestamp: now.toISOString(),
    level: 'WARN',
    requestId: 'r-1',
    message: 'Configuration check of acme: denied',
    customer: 'acme',
    origin: 'registry',
    verdict: 'denied',
    deniedStep: 'copy-to-inbox',
    layer: 'bucket-policy',
    side: 'customer',
    confidence: 'inferred',
    summary: 'The bucket policy does not let the role do s3:PutObject.',
    cleanUp: 'passed',
    durationMs: 231,
  });
});
