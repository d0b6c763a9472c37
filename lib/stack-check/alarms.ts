import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type IFilterPattern, type LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmSettings, alarmPeriod, alarmsIn } from '../alarm-factory.ts';

interface StackCheckAlarmsProps extends AlarmSettings {
  readonly deadLetterQueue: Queue;
  /** The function that receives requests. */
  readonly logGroup: LogGroup;
  readonly metricsNamespace: string;
}

/** Alarms about requests from customers' stacks and the answers to them. */
export function stackCheckAlarms(scope: Construct, props: StackCheckAlarmsProps) {
  const counted = (id: string, metricName: string, filterPattern: IFilterPattern): cloudwatch.Metric => {
    const { metricsNamespace: metricNamespace } = props;
    const filter = props.logGroup.addMetricFilter(id, { filterPattern, metricNamespace, metricName });
    return filter.metric({ period: alarmPeriod, statistic: 'Sum' });
  };
  const section = 'a-customers-stack-was-not-answered';
  const abuse = 'an-account-asks-too-often-or-with-forged-requests';

  return alarmsIn(new Construct(scope, 'Alarms'), props, {
    notAnswered: {
      what: 'stack-not-answered',
      section,
      says:
        "A customer's stack got no answer and fails half an hour after its request. The message in the dead-letter queue " +
        'names the stack, and the logs of both functions have the reason. Delete each message when you are done with it.',
      metric: props.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: alarmPeriod,
        statistic: 'Maximum',
      }),
      evaluationPeriods: 1,
    },
    notTrusted: {
      what: 'stack-not-trusted',
      section: abuse,
      says:
        "A request from a customer's account was not trusted and not answered: it is forged, or CloudFormation changed its " +
        'format. The log of the function has the reason.',
      metric: counted('NotTrusted', 'StackRequestsNotTrusted', FilterPattern.booleanValue('$.trusted', false)),
      evaluationPeriods: 1,
    },
    responseRefused: {
      what: 'stack-response-refused',
      section: abuse,
      says:
        "CloudFormation's bucket refused the response to a customer's stack, because the request's response URL was forged " +
        'or had expired. The log of the function names the stack.',
      metric: counted(
        'ResponseRefused',
        'StackResponsesRefused',
        FilterPattern.booleanValue('$.responseRefused', true),
      ),
      evaluationPeriods: 1,
    },
    limited: {
      what: 'stack-checks-limited',
      section: abuse,
      says:
        'The stacks of one account requested more checks per hour than the limit; the rest were not run. The log of the ' +
        'function names the stacks.',
      metric: counted('Limited', 'StackChecksLimited', FilterPattern.stringValue('$.limited', '=', 'too-many')),
      evaluationPeriods: 1,
    },
  });
}
