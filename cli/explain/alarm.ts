import { objectAt, textAt } from '../../core/json.ts';
import { defined } from '../../core/values.ts';
import { parsedJson } from './fields.ts';

/** A CloudWatch alarm, as sent to the topic, as an event, or by email. */
interface Alarm {
  readonly name: string;
  /** `ALARM`, `OK` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  /** Our alarms' descriptions end with the URL of their section in the runbook. */
  readonly description?: string;
  readonly since?: string;
}

/**
 * @param text a message from the topic, with or without its envelope, an EventBridge event, or an email
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function alarmIn(text: string): Alarm | undefined {
  const fields = parsedJson(text);
  return fields ? alarmOf(fields) : alarmInMail(text);
}

export function alarmSummary({ name, state, description, since }: Alarm): string {
  const when = since === undefined ? '' : ` since ${since}`;
  const says = description ?? 'It has no description; docs/operations.md lists the alarms of this service.';
  const what = `This is the CloudWatch alarm ${name}, in state ${state}${when}. ${says}`;
  if (state === 'OK') return `${what} The alarm is over: nothing needs to be done now.`;
  return `${what} An alarm does not name customers or denials. To find them, see "Only an alarm?" in docs/operations.md.`;
}

function alarmOf(fields: object): Alarm | undefined {
  const message = textAt(fields, 'Message');
  if (message !== undefined) return alarmIn(message);
  if (textAt(fields, 'detail-type') !== 'CloudWatch Alarm State Change') {
    const [name, state, description, since] = columns.map((column) => textAt(fields, column));
    return alarm(name, state, description, since);
  }
  const detail = objectAt(fields, 'detail');
  const state = objectAt(detail, 'state');
  const description = textAt(objectAt(detail, 'configuration'), 'description');
  return alarm(textAt(detail, 'alarmName'), textAt(state, 'value'), description, textAt(state, 'timestamp'));
}

/** The fields of a message from the topic. */
const columns = ['AlarmName', 'NewStateValue', 'AlarmDescription', 'StateChangeTime'] as const;

/** The lines in CloudWatch's emails: `- Name:   NAME`. */
function alarmInMail(text: string): Alarm | undefined {
  const line = (label: string) => new RegExp(`^- ${label}: +(\\S.*?)\\s*$`, 'm').exec(text)?.[1];
  const name = line('Name');
  const state = /-> *(\w+)/.exec(line('State Change') ?? '')?.[1];
  return alarm(name, state, line('Description'), line('Timestamp'));
}

/** A record without a name or state is not an alarm. */
function alarm(name?: string, state?: string, description?: string, since?: string): Alarm | undefined {
  if (name === undefined || state === undefined) return undefined;
  return { name, state, ...defined({ description, since }) };
}
