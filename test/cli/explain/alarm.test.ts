import { alarmIn } from '../../../cli/explain/alarm.ts';
import { explained } from './explained.ts';

const description = 'Deliveries fail. Runbook: docs/operations.md#a-customer-is-denied';
const name = 'secure-inbox-customers-denied';
const since = '2026-11-30T05:10:00.000+0000';
const alarm = { name, state: 'ALARM', description, since };

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
const message = JSON.stringify({
  AlarmName: name,
  AlarmDescription: description,
  NewStateValue: 'ALARM',
  NewStateReason: 'Threshold Crossed',
  StateChangeTime: since,
  Trigger: { MetricName: 'Denied' },
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
const event = JSON.stringify({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  detail: { alarmName: name, state: { value: 'ALARM', timestamp: since }, configuration: { description } },
});

const mail = `You are receiving this email because your Amazon CloudWatch Alarm "${name}" has entered the ALARM state.

Alarm Details:
- Name:                       ${name}
- Description:                ${description}
- State Change:               OK -> ALARM
- Timestamp:                  ${since}
`;

test.each([
  ['a message of the topic', message],
  ['the same in its envelope', JSON.stringify({ Type: 'Notification', Message: message })],
  ['an event', event],
  ['a mail', mail],
])('%s is an alarm', (_, text) => {
  expect(alarmIn(text)).toEqual(alarm);
  const explanations = explained(text);
  expect(explanations.kind).toBe('no-denial');
  if (explanations.kind !== 'no-denial') return;
  for (const part of [name, description, since]) expect(explanations.diagnosis.summary).toContain(part);
  expect(explanations.diagnosis.summary).toContain('Only an alarm?');
});

test('an alarm that is over requires nothing', () => {
  const over = explained(message.replace('"ALARM"', '"OK"'));
  expect(over).toMatchObject({ kind: 'no-denial' });
  expect(JSON.stringify(over)).not.toContain('Only an alarm?');
});

test.each([
  ['a denial', 'An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied'],
  ['a message about a customer', JSON.stringify({ customer: 'acme', status: 'denied', diagnoses: [] })],
  ['an envelope of something else', JSON.stringify({ Type: 'Notification', Message: 'hello' })],
])('%s is not an alarm', (_, text) => {
  expect(alarmIn(text)).toBeUndefined();
});
