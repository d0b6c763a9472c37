import type { Fleet } from '../fleet-health-check/fleet.ts';
import { fleetOf } from '../fleet-health-check/fleets.ts';
import { integrationsWith } from '../fleet-health-check/integrations.ts';
import { inboxOf } from '../fleet-health-check/stand-in-check.ts';
import { type Run, run } from '../fleet-health-check/step-functions.ts';
import { synthesizedDefinition } from '../fleet-health-check/synthesized-definition.ts';
import { denialsTemplate, healthCheckArn } from './stack.ts';
import { asEvent, type CloudTrailEvent, type CloudTrailRecord } from './trail.ts';

const definition = synthesizedDefinition(denialsTemplate());

/** Customers who were checked and passed, so that they can be found by their inboxes. */
async function checkedFleetOf(customers: number) {
  const checked = fleetOf(customers);
  await checked.fleet.check();
  checked.fleet.account.metrics.length = 0;
  return checked;
}

/** EventBridge's invocations for each denial, 50 at a time. */
async function follow({ account }: Fleet, events: readonly CloudTrailEvent[]): Promise<readonly Run[]> {
  const integrations = integrationsWith(account, () => Promise.reject(new Error('It invokes no function.')));
  const waiting = events.entries();
  const runs: Run[] = [];
  const worker = async () => {
    for (const [index, event] of waiting) {
      runs.push(await run(definition, event, { name: `denial-${index}`, integrations }));
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return runs;
}

const role = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
const userIdentity = {
  type: 'AssumedRole',
  arn: 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/report-4711',
  sessionContext: { sessionIssuer: { type: 'Role', arn: role } },
};
const unnamed = 'The ciphertext refers to a customer master key that does not exist, or you are not allowed to access.';

function denial(more: CloudTrailRecord, eventTime = '2026-11-21T12:34:56Z'): CloudTrailEvent {
  return asEvent({
    eventTime,
    eventSource: 'kms.amazonaws.com',
    eventName: 'GenerateDataKey',
    errorCode: 'AccessDenied',
    errorMessage: unnamed,
    requestParameters: null,
    userIdentity,
    ...more,
  });
}
const ofKey = (keyArn: string) => ({ resources: [{ accountId: '1', type: 'AWS::KMS::Key', ARN: keyArn }] });
const inContext = (arn: string) => ({ requestParameters: { encryptionContext: { 'aws:s3:arn': arn } } });

/** Registry keys for which a check was started. */
const started = ({ account }: Fleet) =>
  account.executions.map(({ input }) => (JSON.parse(input) as { readonly prefix: string }).prefix).toSorted();
const counted = ({ account }: Fleet) => account.metrics.map((metric) => metric.split('/').at(-1)).toSorted();

describe('a denial', () => {
  const { bucket, kmsKeyArn } = inboxOf(1);
  const message = `User: ${userIdentity.arn} is not authorized to perform: kms:GenerateDataKey on resource: ${kmsKeyArn}`;

  test.each<[string, CloudTrailRecord]>([
    ['the key that CloudTrail adds', ofKey(kmsKeyArn)],
    ['the key of the request', { requestParameters: { keyId: kmsKeyArn } }],
    ['the key in the message', { errorMessage: message }],
    ['the key in a message with a reason', { errorMessage: `${message} because no resource-based policy allows it` }],
    ['the bucket of the object that it was for', inContext(`arn:aws:s3:::${bucket}/reports/2026/1.json`)],
    ['the bucket, where that has a Bucket Key', inContext(`arn:aws:s3:::${bucket}`)],
    [
      'the bucket, where nobody is known by the key',
      { ...ofKey(kmsKeyArn.replace(/.$/, '9')), ...inContext(`arn:aws:s3:::${bucket}/1.json`) },
    ],
  ])('is followed by a check of the customer who is identified by %s', async (_, record) => {
    const { fleet } = await checkedFleetOf(3);
    expect(await follow(fleet, [denial(record)])).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(fleet.account.executions).toMatchObject([{ stateMachineArn: healthCheckArn }]);
    expect(started(fleet)).toEqual([fleet.keys[1]]);
    expect(counted(fleet)).toEqual(['DeliveryDenials']);
  });

  test.each<[string, CloudTrailRecord]>([
    ['says neither key nor bucket', {}],
    ['names a key of nobody', ofKey(kmsKeyArn.replace(/.$/, '9'))],
    ['is for the internal bucket', inContext('arn:aws:s3:::secure-inbox-internal-111111111111-us-east-1/acme/1.json')],
    ['names the key by its alias', { requestParameters: { keyId: 'alias/inbox' } }],
  ])('that %s is counted as one for an unknown customer', async (_, record) => {
    const { fleet } = await checkedFleetOf(3);
    expect(await follow(fleet, [denial(record)])).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(fleet.account.executions).toEqual([]);
    expect(counted(fleet)).toEqual(['DeliveryDenials', 'DeliveryDenialsOfUnknown']);
  });

  test('of a key that two customers have is followed by a check of both', async () => {
    const { fleet } = await checkedFleetOf(4);
    const { inboxKeyArn } = fleet.item(1);
    if (!inboxKeyArn) throw new Error('The customer was not checked.');
    fleet.account.items.set(fleet.keys[2] ?? '', { ...fleet.item(2), inboxKeyArn });
    await follow(fleet, [denial(ofKey(kmsKeyArn))]);
    expect(started(fleet)).toEqual([fleet.keys[1], fleet.keys[2]]);
  });

  test('of the delivery role is counted, and belongs to no customer', async () => {
    const { fleet } = await checkedFleetOf(1);
    const record = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', requestParameters: { roleArn: role } };
    expect(await follow(fleet, [denial(record)])).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(fleet.account.executions).toEqual([]);
    expect(counted(fleet)).toEqual(['DeliveryRoleDenials']);
  });

  test('is followed up even if it cannot be counted', async () => {
    const { fleet } = await checkedFleetOf(2);
    fleet.account.failures.set('PutMetricData', refusedAlways());
    expect(await follow(fleet, [denial(ofKey(kmsKeyArn))])).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(started(fleet)).toEqual([fleet.keys[1]]);
  });

  test.each(['Query', 'StartExecution'])(
    'for which %s keeps failing fails, so that an alarm goes off',
    async (operation) => {
      const { fleet } = await checkedFleetOf(2);
      fleet.account.failures.set(operation, [{ error: 'ThrottlingException' }]);
      await follow(fleet, [denial(ofKey(kmsKeyArn))]);
      expect(started(fleet)).toEqual([fleet.keys[1]]);
      fleet.account.failures.set(operation, refusedAlways());
      expect(await follow(fleet, [denial(ofKey(kmsKeyArn))])).toMatchObject([{ status: 'FAILED' }]);
    },
  );
});

const refusedAlways = () => Array.from({ length: 7 }, () => ({ error: 'ThrottlingException' }));

describe('a burst of denials', () => {
  test('of 100 for two customers is followed by one check of each, and their change of status is announced once', async () => {
    const { fleet, check } = await checkedFleetOf(20);
    for (const customer of [7, 13]) check.finds.set(customer, 'denied');
    const burst = Array.from({ length: 100 }, (_, index) => {
      const { bucket, kmsKeyArn } = inboxOf(index % 2 ? 7 : 13);
      const second = String(index % 60).padStart(2, '0');
      const record = { ...ofKey(kmsKeyArn), ...inContext(`arn:aws:s3:::${bucket}/reports/${index}.json`) };
      return denial(record, `2026-11-21T12:3${index % 10}:${second}Z`);
    });
    const runs = await follow(fleet, burst);
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
    expect(started(fleet)).toEqual([fleet.keys[7], fleet.keys[13]]);
    expect(counted(fleet)).toHaveLength(100);

    for (const { input } of fleet.account.executions) await fleet.check(JSON.parse(input));
    expect(fleet.changes().toSorted()).toEqual(['customer-00007: passed → denied', 'customer-00013: passed → denied']);
  });

  test('that continues after the check has ended is followed by the next check in the next ten minutes', async () => {
    const { fleet } = await checkedFleetOf(1);
    const at = (time: string) => denial(ofKey(inboxOf(0).kmsKeyArn), `2026-11-21T${time}Z`);
    await follow(fleet, [at('12:30:00')]);
    for (const execution of fleet.account.executions) execution.closed = true;
    expect(await follow(fleet, [at('12:31:00'), at('12:39:59')])).toMatchObject([
      { status: 'SUCCEEDED' },
      { status: 'SUCCEEDED' },
    ]);
    expect(started(fleet)).toHaveLength(1);

    await follow(fleet, [at('12:40:00'), at('12:49:00'), at('13:00:00'), at('13:09:00')]);
    expect(started(fleet)).toHaveLength(3);
  });
});
