import { Duration, Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { checkedMetric, durationMetric, metricDimensions, metricOf } from '../core/metrics.ts';
import { defined } from '../core/values.ts';
import type { ConfigurationCheck } from './configuration-check.ts';

export interface CheckDashboardProps {
  readonly check: ConfigurationCheck;

  /** @default - CloudFormation generates one */
  readonly dashboardName?: string;

  /** @default - derived from the construct's path */
  readonly queryName?: string;
}

/** The status of all customers at a glance, and a saved query that names the denied ones. */
export class CheckDashboard extends Construct {
  readonly dashboard: cloudwatch.Dashboard;
  readonly deniedCustomersQuery: logs.CfnQueryDefinition;

  constructor(scope: Construct, id: string, props: CheckDashboardProps) {
    super(scope, id);
    const { check } = props;

    // The CDK's own QueryDefinition can't filter aggregated rows.
    this.deniedCustomersQuery = new logs.CfnQueryDefinition(this, 'DeniedCustomers', {
      name: props.queryName ?? Names.uniqueResourceName(this, { maxLength: 255, separator: '-' }),
      queryString: whoIsDeniedAndWhy.join('\n| '),
      logGroupNames: [check.logGroup.logGroupName],
    });

    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      ...defined({ dashboardName: props.dashboardName }),
      defaultInterval: Duration.days(1),
    });
    this.dashboard.addWidgets(new EveryAlarm(Stack.of(this)));
    this.dashboard.addWidgets(verdicts(check), faults(check));
    this.dashboard.addWidgets(
      new cloudwatch.LogQueryWidget({
        title: 'Who is denied and why',
        width: fullWidth,
        height: 8,
        view: cloudwatch.LogQueryVisualizationType.TABLE,
        logGroupNames: [check.logGroup.logGroupName],
        queryLines: [...whoIsDeniedAndWhy],
      }),
    );
    this.dashboard.addWidgets(durations(check), invocations(check));
  }
}

const fullWidth = 24;
const halfWidth = 12;

/**
 * The last conclusive report of each customer, if it did not pass. Grouped by origin, because a test event may try only
 * one step and pass.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
const whoIsDeniedAndWhy = [
  'filter ispresent(verdict) and verdict != "inconclusive"',
  'stats latest(verdict) as status, latest(deniedStep) as step, latest(layer) as deniedBy, latest(side) as fixBy, ' +
    'latest(confidence) as confidence, latest(summary) as why, max(@timestamp) as checkedAt by customer, origin',
  'filter status != "passed"',
  'sort customer asc',
] as const;

/** Shows every alarm in the stack when the template is written, so that no list is needed. */
class EveryAlarm extends cloudwatch.ConcreteWidget {
  constructor(private readonly scope: IConstruct) {
    super(fullWidth, 4);
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
  toJson(): object[] {
    const alarms = this.scope.node.findAll().filter((found) => found instanceof cloudwatch.Alarm);
    const { width, height, x, y } = this;
    const properties = { title: 'Alarms', alarms: alarms.map(({ alarmArn }) => alarmArn) };
    return [{ type: 'alarm', width, height, x, y, properties }];
  }
}

function verdicts(check: ConfigurationCheck): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Checks by verdict',
    width: halfWidth,
    left: [checkedMetric, ...Object.values(metricOf)].map((name) => check.metric(name, sum)),
  });
}

/** A search, because only steps and layers that have denied something exist as metrics. */
function faults(check: ConfigurationCheck): cloudwatch.IWidget {
  const { deniedStep, layer } = metricDimensions;
  const named = [metricOf.denied, metricOf.misconfigured].map((name) => `"${name}"`).join(' OR ');
  return new cloudwatch.GraphWidget({
    title: 'Denials by step and layer',
    width: halfWidth,
    stacked: true,
    left: [
      new cloudwatch.MathExpression({
        expression: `SEARCH('{"${check.metricsNamespace}",${deniedStep},${layer}} MetricName=(${named})', 'Sum')`,
        usingMetrics: {},
        label: '',
      }),
    ],
  });
}

function durations(check: ConfigurationCheck): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Duration of checks and invocations',
    width: halfWidth,
    left: [
      check.metric(durationMetric, { statistic: cloudwatch.Stats.percentile(50), label: 'check, median' }),
      check.metric(durationMetric, { statistic: cloudwatch.Stats.percentile(99), label: 'check, 99 of 100' }),
    ],
    right: [check.function.metricDuration({ statistic: cloudwatch.Stats.MAXIMUM, label: 'invocation, longest' })],
  });
}

function invocations(check: ConfigurationCheck): cloudwatch.IWidget {
  const { function: lambda } = check;
  return new cloudwatch.GraphWidget({
    title: 'Invocations',
    width: halfWidth,
    left: [lambda.metricInvocations(sum), lambda.metricErrors(sum), lambda.metricThrottles(sum)],
    right: [lambda.metric('ConcurrentExecutions', { statistic: cloudwatch.Stats.MAXIMUM })],
  });
}

const sum: cloudwatch.MetricOptions = { statistic: cloudwatch.Stats.SUM };
