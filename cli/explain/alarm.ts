/** An alarm of CloudWatch, as it arrives: through the topic, as an event, or by mail. */
interface Alarm {
  readonly name: string;
  /** `ALARM`, `OK` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  /** Ours end with the address of their section in the runbook. */
  readonly description?: string;
  readonly since?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * @param text a message of the topic, also in its envelope, an event of EventBridge, or a mail
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function alarmIn(text: string): Alarm | undefined {
  const fields = objectIn(text);
  return fields ? alarmOf(fields) : alarmInMail(text);
}

export function alarmSummary({ name, state, description, since }: Alarm): string {
  const when = since === undefined ? '' : ` since ${since}`;
  const says = description ?? 'It has no description; docs/operations.md lists the alarms of this service.';
  const what = `This is the CloudWatch alarm ${name}, in state ${state}${when}. ${says}`;
  if (state === 'OK') return `${what} The alarm is over: nothing needs to be done now.`;
  return `${what} An alarm does not name customers or denials. To find them, see "Only an alarm?" in docs/operations.md.`;
}

function alarmOf(fields: Fields): Alarm | undefined {
  if (typeof fields['Message'] === 'string') return alarmIn(fields['Message']);
  const { AlarmName: name, NewStateValue: state, AlarmDescription: description, StateChangeTime: since } = fields;
  if (typeof name === 'string' && typeof state === 'string') return { name, state, ...texts({ description, since }) };
  if (fields['detail-type'] !== 'CloudWatch Alarm State Change') return undefined;
  const { alarmName, state: current, configuration } = asFields(fields['detail']);
  const { value, timestamp } = asFields(current);
  if (typeof alarmName !== 'string' || typeof value !== 'string') return undefined;
  const more = { description: asFields(configuration)['description'], since: timestamp };
  return { name: alarmName, state: value, ...texts(more) };
}

/** The lines that CloudWatch writes into a mail: `- Name:   NAME`. */
function alarmInMail(text: string): Alarm | undefined {
  const line = (label: string) => new RegExp(`^- ${label}: +(\\S.*?)\\s*$`, 'm').exec(text)?.[1];
  const name = line('Name');
  const state = /-> *(\w+)/.exec(line('State Change') ?? '')?.[1];
  if (name === undefined || state === undefined) return undefined;
  return { name, state, ...texts({ description: line('Description'), since: line('Timestamp') }) };
}

function texts(values: Readonly<Record<'description' | 'since', unknown>>): Pick<Alarm, 'description' | 'since'> {
  const { description, since } = values;
  return {
    ...(typeof description === 'string' && description !== '' && { description }),
    ...(typeof since === 'string' && { since }),
  };
}

function objectIn(text: string): Fields | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return asFields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
