import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { defined } from '../core/values.ts';
import { DeploymentError } from './deployment-error.ts';

/** Settings of all alarms of a deployment. */
export interface AlarmSettings {
  /**
   * Receives a message when an alarm goes off, and another when it returns to OK.
   *
   * @default - alarms show only in CloudWatch
   */
  readonly alarmTopic?: ITopic;

  /**
   * @param what in kebab-case, such as `customers-denied`
   * @default - CloudFormation generates names
   */
  readonly alarmName?: (what: string) => string;

  /**
   * The runbook's address, without a fragment. Each alarm's description ends with the address of its section.
   *
   * @default 'docs/operations.md', the path in this repository
   */
  readonly runbook?: string;
}

/** One alarm. */
interface Watched
  extends Pick<cloudwatch.AlarmProps, 'metric' | 'evaluationPeriods' | 'datapointsToAlarm' | 'comparisonOperator'> {
  /** In kebab-case; becomes part of the alarm's name. */
  readonly what: string;

  /** The event and its meaning, as shown to people. */
  readonly says: string;

  /** The section of the runbook, as its heading's fragment: `a-customer-is-denied`. */
  readonly section: string;

  /** @default 1 */
  readonly threshold?: number;

  /** @default NOT_BREACHING, because there is no data if nothing happens */
  readonly treatMissingData?: cloudwatch.TreatMissingData;
}

const usualRunbook = 'docs/operations.md';

/** The period of alarms about events that must never happen. */
export const alarmPeriod = Duration.minutes(5);

/**
 * Creates every alarm of Account A. Each sends a message when it goes off and when it returns to OK, and links to its
 * section of the runbook. The dashboard finds alarms by itself. A test requires `docs/operations.md` to list each.
 *
 * @param table by construct ID, in camel case
 * @throws DeploymentError for a runbook that alarms can't link
 */
export function alarmsIn<Id extends string>(
  scope: Construct,
  { alarmTopic, alarmName, runbook = usualRunbook }: AlarmSettings,
  table: Readonly<Record<Id, Watched>>,
): Readonly<Record<Id, cloudwatch.Alarm>> {
  if (!/^[^#\s]+$/.test(runbook)) {
    throw new DeploymentError(
      `runbook is ${JSON.stringify(runbook)}. Allowed: an address or path without spaces and without a fragment, because each ` +
        'alarm adds its own. Give the address of the page.',
    );
  }
  const action = alarmTopic && new SnsAction(alarmTopic);
  const alarms = Object.entries<Watched>(table).map(([id, { what, says, section, ...watched }]) => {
    const alarm = new cloudwatch.Alarm(scope, `${id.charAt(0).toUpperCase()}${id.slice(1)}`, {
      ...defined({ alarmName: alarmName?.(what) }),
      alarmDescription: `${says} Runbook: ${runbook}#${section}`,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...watched,
    });
    if (action) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    return [id, alarm];
  });
  return Object.fromEntries(alarms) as Record<Id, cloudwatch.Alarm>;
}
