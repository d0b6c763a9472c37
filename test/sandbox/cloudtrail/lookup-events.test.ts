import { CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { DescribeKeyCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Caller } from '../../../model/world/world.ts';
import { startSandbox } from '../../../sandbox/start.ts';
import { failureOf, servedWorld } from '../kms/served-world.ts';
import { customerRoot, delivery, idle, region, serviceKeyArn, serviceRoot } from '../small-world.ts';

const served = servedWorld();
const lookup = (input: LookupEventsCommandInput = {}, caller: Caller = serviceRoot, of: string = region) =>
  served.clientsOf(caller, of).cloudtrail.send(new LookupEventsCommand(input));

describe('LookupEvents', () => {
  beforeEach(async () => {
    const { kms, sts } = served.clientsOf(delivery);
    await kms.send(new GenerateDataKeyCommand({ KeyId: serviceKeyArn, KeySpec: 'AES_256' }));
    await kms.send(new DescribeKeyCommand({ KeyId: serviceKeyArn }));
    await sts.send(new GetCallerIdentityCommand({}));
    await served.clientsOf(idle).sts.send(new GetCallerIdentityCommand({}));
  });
  const namesOf = async (input: LookupEventsCommandInput) =>
    (await lookup(input)).Events?.map(({ EventName }) => EventName);
  const latestFirst = ['GetCallerIdentity', 'GetCallerIdentity', 'DescribeKey', 'GenerateDataKey'];

  test('returns the latest first', async () => {
    expect(await namesOf({})).toEqual(latestFirst);
    const { Events } = await lookup();
    expect(Events?.at(-1)).toMatchObject({
      EventSource: 'kms.amazonaws.com',
      ReadOnly: 'true',
      Username: 'test',
      AccessKeyId: 'ASIADELIVERY',
      Resources: [{ ResourceType: 'AWS::KMS::Key', ResourceName: serviceKeyArn }],
      EventTime: expect.any(Date),
    });
  });

  test.each([
    { AttributeKey: 'EventName', AttributeValue: 'DescribeKey', names: ['DescribeKey'] },
    { AttributeKey: 'EventSource', AttributeValue: 'sts.amazonaws.com', names: latestFirst.slice(0, 2) },
    { AttributeKey: 'AccessKeyId', AttributeValue: 'ASIAIDLE', names: ['GetCallerIdentity'] },
    { AttributeKey: 'ResourceName', AttributeValue: serviceKeyArn, names: latestFirst.slice(2) },
    { AttributeKey: 'ReadOnly', AttributeValue: 'false', names: [] },
  ] as const)('searches for $AttributeKey $AttributeValue', async ({ names, ...attribute }) => {
    expect(await namesOf({ LookupAttributes: [attribute] })).toEqual(names);
  });

  test('is limited to a time range', async () => {
    const now = Date.now();
    expect(await namesOf({ StartTime: new Date(now - 60_000), EndTime: new Date(now + 60_000) })).toHaveLength(4);
    expect(await namesOf({ EndTime: new Date(now - 60_000) })).toEqual([]);
    expect(await failureOf(lookup({ StartTime: new Date(now), EndTime: new Date(now - 1000) }))).toMatchObject({
      code: 'InvalidTimeRangeException',
    });
  });

  test('pages', async () => {
    const first = await lookup({ MaxResults: 3 });
    const second = await lookup({ MaxResults: 3, NextToken: first.NextToken });
    expect([first, second].flatMap(({ Events }) => Events?.map(({ EventName }) => EventName))).toEqual(latestFirst);
    expect(second).not.toHaveProperty('NextToken');
  });

  test('shows an event once it is as old as the world has CloudTrail lag', async () => {
    let now = new Date('2026-11-21T12:00:00.000Z');
    const world = { ...served.world, cloudTrailLagMs: 300_000, now: () => now };
    const lagging = await startSandbox({ world });
    const client = new CloudTrailClient({
      endpoint: lagging.url,
      region,
      credentials: { accessKeyId: serviceRoot.accessKeyId, secretAccessKey: serviceRoot.secretAccessKey },
      systemClockOffset: now.getTime() - Date.now(),
    });
    world.trail.splice(0, world.trail.length, ...world.trail.map((event) => ({ ...event, eventTime: now })));
    const shown = async () => (await client.send(new LookupEventsCommand({}))).Events?.length;
    expect(await shown()).toBe(0);
    now = new Date('2026-11-21T12:05:00.000Z');
    client.config.systemClockOffset = now.getTime() - Date.now();
    expect(await shown()).toBe(latestFirst.length);
    client.destroy();
    await lagging.stop();
  });

  test('shows neither another Region’s nor another account’s events', async () => {
    expect((await lookup({}, serviceRoot, 'eu-west-1')).Events).toEqual([]);
    expect((await lookup({}, customerRoot)).Events).toEqual([]);
  });

  test.each([
    { input: { MaxResults: 51 }, code: 'InvalidMaxResultsException' },
    { input: { NextToken: 'made up' }, code: 'InvalidNextTokenException' },
    {
      input: { LookupAttributes: [{ AttributeKey: 'Color' as 'EventName', AttributeValue: 'red' }] },
      code: 'InvalidLookupAttributesException',
    },
    {
      input: { LookupAttributes: [{ AttributeKey: 'constructor' as 'EventName', AttributeValue: 'red' }] },
      code: 'InvalidLookupAttributesException',
    },
  ])('refuses %j', async ({ input, code }) => {
    expect(await failureOf(lookup(input))).toMatchObject({ code, status: 400 });
  });

  test('needs a permission', async () => {
    expect(await failureOf(lookup({}, idle))).toEqual({
      code: 'AccessDeniedException',
      status: 400,
      message: `User: ${idle.arn} is not authorized to perform: cloudtrail:LookupEvents because no identity-based policy allows the cloudtrail:LookupEvents action`,
    });
  });
});
