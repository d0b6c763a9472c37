import type { Diagnosis } from '../../../core/report.ts';
import type { Lookup } from '../../../core/vocabulary.ts';
import type { Clients } from '../../../lambda/customer_configuration_check/diagnosis/clients.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import { gatherLast } from '../../../lambda/customer_configuration_check/diagnosis/gather.ts';
import type { LookupTerms } from '../../../lambda/customer_configuration_check/diagnosis/situation.ts';
import {
  checked,
  customerKey,
  delivery,
  inbox,
  inboxObject,
  internalBucket,
  internalObject,
  lumped,
  refusal,
  serviceKey,
  session,
} from './delivery-in-trouble.ts';

/** Which CloudTrail events belong to this check, and how they are interpreted. */

const startedAt = new Date('2026-11-21T12:00:00.400Z');
const ownSession: LookupTerms = { accessKeyId: 'ASIAOFTHISCHECK', startedAt, patienceMs: 30, pausesMs: [1] };
const around = { hasSource: true, cleansUp: true, isFunction: true, now: startedAt };

type Event = Readonly<Record<string, unknown>>;

/** The inbox key's denial of S3 on behalf of this check's session. The arguments replace parts of it. */
function recorded({ identity = {}, parameters = {}, ...rest }: Record<string, Event | string | undefined> = {}): Event {
  return {
    eventID: 'event-1',
    eventTime: '2026-11-21T12:00:00Z',
    eventSource: 'kms.amazonaws.com',
    eventName: 'GenerateDataKey',
    awsRegion: 'us-east-1',
    sourceIPAddress: 'AWS Internal',
    errorCode: 'AccessDenied',
    errorMessage: lumped('kms:GenerateDataKey'),
    userIdentity: {
      arn: session,
      accessKeyId: 'ASIAOFTHISCHECK',
      invokedBy: 'AWS Internal',
      ...(identity as Event),
    },
    requestParameters: {
      keyId: customerKey,
      keySpec: 'AES_256',
      encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${inbox}` },
      ...(parameters as Event),
    },
    ...rest,
  };
}

const context = (arn: string) => ({ encryptionContext: { 'aws:s3:arn': arn } });

interface Told {
  readonly lookups: readonly Lookup[];
  readonly diagnoses: readonly Diagnosis[];
  /** The text quoted from CloudTrail. */
  readonly evidence: string;
  readonly asked: readonly string[];
}

async function told(
  events: readonly Event[],
  input = checked({ 'copy-to-inbox': { message: lumped('kms:GenerateDataKey') } }),
  terms = ownSession,
): Promise<Told> {
  const asked: string[] = [];
  const clients: Partial<Clients> = {
    cloudTrail: async (region) => ({
      latest: async (by, value, since) => {
        asked.push(`${region} ${by} ${value} ${since.toISOString()}`);
        return events.map((event) => JSON.stringify(event));
      },
    }),
  };
  const findings = await gatherLast(input, { ...around, lookup: terms }, clients as Clients, 5_000);
  const diagnoses = await diagnose({ ...input, findings });
  const evidence = diagnoses.flatMap((one) => one.evidence.filter(({ source }) => source === 'cloudtrail'));
  return { lookups: findings.lookups, diagnoses, evidence: evidence.map(({ detail }) => detail).join('\n'), asked };
}

const opaque = (of = delivery) => checked({ 'copy-to-inbox': { message: 'Access Denied' } }, of);

describe('of this check', () => {
  test('is one of its own session', async () => {
    const { lookups, evidence, diagnoses } = await told([recorded()]);
    expect(lookups).toEqual(['found']);
    expect(evidence).toMatchSnapshot();
    // KMS told CloudTrail the same as S3; hearing it twice proves nothing.
    expect(diagnoses.map(({ confidence }) => confidence)).toEqual(['inferred']);
    expect(diagnoses[0]?.candidates.map(({ layer }) => layer)).toContain('key-missing');
  });

  test('is one for its own test object, whatever the session', async () => {
    const put = checked({ 'put-internal': { message: lumped('kms:GenerateDataKey') } });
    const foreign = { accessKeyId: 'ASIAOFANOTHER' };
    const ofObject = recorded({ identity: foreign, parameters: context(internalObject) });
    expect(await told([ofObject], put)).toMatchObject({ lookups: ['found'] });
    const { accessKeyId, ...withoutSession } = ownSession;
    expect(await told([ofObject], put, withoutSession)).toMatchObject({ lookups: ['found'] });
    const ofBucket = recorded({ identity: foreign, parameters: context(`arn:aws:s3:::${internalBucket}`) });
    expect(await told([ofBucket], put)).toMatchObject({ lookups: ['not-yet'] });
  });

  test.each([
    ['an earlier session', recorded({ identity: { accessKeyId: 'ASIAOFANOTHER' } })],
    ['an event without an access key', recorded({ identity: { accessKeyId: undefined } })],
    ['this session long before the check', recorded({ eventTime: '2026-11-21T11:30:00Z' })],
  ])('is not one of %s: that is mentioned, and proves nothing', async (_, event) => {
    const { lookups, evidence } = await told([event]);
    expect(lookups).toEqual(['not-yet']);
    expect(evidence).toMatchSnapshot();
    const { diagnoses } = await told([event], opaque());
    expect(diagnoses[0]?.denial.layer).toBe('bucket-policy');
  });

  test('says nothing about a Bucket Key if the diagnosis has delivered again with and without one', async () => {
    const input = checked(
      { 'copy-to-inbox': { message: lumped('kms:GenerateDataKey') } },
      { ...delivery, diagnosis: 'full' },
    );
    const { lookups, evidence } = await told([recorded()], input);
    expect(lookups).toEqual(['found']);
    expect(evidence).toMatchSnapshot();
    // Only the copy is repeated.
    const put = checked(
      { 'put-internal': { message: lumped('kms:GenerateDataKey') } },
      { ...delivery, diagnosis: 'full' },
    );
    const ofPut = await told([recorded({ parameters: context(internalObject) })], put);
    expect(ofPut.evidence).toMatchSnapshot();
  });

  test("is not identified by an event without the request's parameters", async () => {
    const { lookups, evidence } = await told([{ ...recorded(), requestParameters: null }]);
    expect(lookups).toEqual(['not-yet']);
    expect(evidence).toMatchSnapshot();
  });

  test.each([
    ["another customer's session", recorded({ identity: { arn: session.replace('check-acme', 'check-globex') } })],
    ['another key', recorded({ parameters: { keyId: serviceKey } })],
    ['another object', recorded({ parameters: context(`arn:aws:s3:::${inbox}/reports/a-report.pdf`) })],
    ['another bucket', recorded({ parameters: context('arn:aws:s3:::another-inbox') })],
    ['no object at all', recorded({ parameters: { encryptionContext: undefined } })],
    ['another action', recorded({ eventName: 'Decrypt' })],
    ['a request that was granted', recorded({ errorCode: undefined })],
    ['a request that failed otherwise', recorded({ errorCode: 'DisabledException' })],
    ['a dry run', recorded({ parameters: { dryRun: true } })],
    [
      'a question of the check itself',
      recorded({ identity: { invokedBy: undefined }, sourceIPAddress: '203.0.113.10' }),
    ],
    ['another service', recorded({ eventSource: 'sts.amazonaws.com' })],
    ['an event that cannot be read', { eventID: 'event-1' }],
  ])('is not the event of %s, which is not worth mentioning', async (_, event) => {
    const { lookups, evidence } = await told([event]);
    expect(lookups).toEqual(['not-yet']);
    expect(evidence).not.toContain('event-1');
  });
});

describe('where S3 gave no reason', () => {
  test("KMS's own message replaces it, and S3's other permissions are allowed", async () => {
    const { lookups, diagnoses } = await told([recorded()], opaque());
    expect(lookups).toEqual(['found']);
    expect(diagnoses.map(({ denial, confidence }) => [denial.action, denial.layer, confidence])).toEqual([
      ['kms:GenerateDataKey', 'key-policy', 'inferred'],
    ]);
    const evidence = diagnoses[0]?.evidence.map(({ source, detail }) => `${source}: ${detail}`);
    expect(evidence?.slice(0, 2)).toEqual([
      'service-message: AWS answered AccessDenied (HTTP 403): Access Denied',
      expect.stringMatching(/^cloudtrail: CloudTrail event event-1, .*: AWS answered AccessDenied: User: .* kms:Gen/),
    ]);
    expect(diagnoses[0]?.candidates.map(({ action }) => action)).not.toContain('s3:PutObject');
  });

  test.each([
    ['no words', undefined],
    ['words that say nothing', 'HIDDEN_DUE_TO_SECURITY_REASONS'],
    ['the two words of S3', 'Access Denied'],
  ])('%s still tell which permission was refused', async (_, errorMessage) => {
    const { lookups, diagnoses, evidence } = await told([recorded({ errorMessage })], opaque());
    expect(lookups).toEqual(['found']);
    expect(
      diagnoses.map(({ denial, confidence }) => [denial.action, denial.resource, denial.layer, confidence]),
    ).toEqual([['kms:GenerateDataKey', customerKey, 'key-policy', 'inferred']]);
    expect(diagnoses[0]?.candidates.map(({ layer }) => layer)).toContain('identity-policy');
    expect(evidence).toMatchSnapshot();
  });

  test('they prove the same as in an answer', async () => {
    const named = refusal(
      'kms:GenerateDataKey',
      customerKey,
      'because no permissions boundary allows the kms:GenerateDataKey action',
    );
    const { diagnoses } = await told([recorded({ errorMessage: named })], opaque());
    expect(diagnoses.map(({ denial, confidence }) => [denial.layer, confidence])).toEqual([
      ['permissions-boundary', 'proven'],
    ]);
  });

  test('they prove nothing about the step if the diagnosis itself has delivered again', async () => {
    const { lookups, diagnoses, evidence } = await told([recorded()], opaque({ ...delivery, diagnosis: 'full' }));
    expect(lookups).toEqual(['found']);
    expect(evidence).toMatchSnapshot();
    expect(diagnoses[0]?.denial).toMatchObject({ action: 's3:PutObject', layer: 'bucket-policy' });
  });

  test('CloudTrail is not said to have no denial if it has one that may be from this check', async () => {
    const decrypted = recorded({ eventName: 'Decrypt', errorCode: undefined, parameters: context(internalObject) });
    const patient = { ...ownSession, patienceMs: 5_000 };
    const ofAnotherKey = recorded({ identity: { accessKeyId: 'ASIAFORWARDED' } });
    const untold = { ...recorded(), requestParameters: null };
    for (const refused of [ofAnotherKey, untold]) {
      const { lookups, evidence } = await told([refused, decrypted], opaque(), patient);
      expect(lookups).toEqual(['not-yet']);
      expect(evidence).toMatchSnapshot();
    }
    const before = { ...ofAnotherKey, eventTime: '2026-11-21T11:30:00Z' };
    const { lookups, evidence } = await told([before, decrypted], opaque(), patient);
    expect(lookups).toEqual(['not-there']);
    expect(evidence).toMatchSnapshot();
  });

  test('the search ends once CloudTrail has shown later events, but no denial, three times', async () => {
    const decrypted = recorded({ eventName: 'Decrypt', errorCode: undefined, parameters: context(internalObject) });
    const patient = { ...ownSession, patienceMs: 5_000 };
    const { lookups, diagnoses, evidence, asked } = await told([decrypted], opaque(), patient);
    expect(lookups).toEqual(['not-there']);
    expect(evidence).toMatchSnapshot();
    expect(asked).toHaveLength(6);
    expect(diagnoses[0]?.candidates.at(-1)).toMatchObject({ layer: 'key-policy', action: 'kms:GenerateDataKey' });
    // An event of another check doesn't show how far CloudTrail's records reach.
    const foreign = { ...decrypted, userIdentity: { arn: session, accessKeyId: 'ASIA', invokedBy: 'AWS Internal' } };
    const elsewhere = { ...foreign, requestParameters: context(internalObject.replace('run-1', 'run-2')) };
    expect(await told([elsewhere], opaque())).toMatchObject({ lookups: ['not-yet'] });
  });
});

describe('what is searched', () => {
  test("are the events of the session, and of sessions with its name in the hour before, in the key's Region", async () => {
    const region = 'eu-west-1';
    const kmsKeyArn = customerKey.replace('us-east-1', region);
    const elsewhere = { ...delivery, inbox: { ...delivery.inbox, region, kmsKeyArn } };
    const { asked } = await told(
      [],
      checked({ 'copy-to-inbox': { message: lumped('kms:GenerateDataKey') } }, elsewhere),
    );
    expect([...new Set(asked)]).toEqual([
      'eu-west-1 AccessKeyId ASIAOFTHISCHECK 2026-11-21T11:00:00.400Z',
      'eu-west-1 Username check-acme 2026-11-21T11:00:00.400Z',
    ]);
  });

  test('is nothing if KMS was not involved, or no event could be identified as from this check', async () => {
    const ofS3 = checked({ 'copy-to-inbox': { message: refusal('s3:PutObject', inboxObject) } });
    const disabled = checked({ 'copy-to-inbox': { message: 'is disabled.', code: 'KMS.DisabledException' } });
    const { accessKeyId, ...withoutSession } = ownSession;
    for (const [input, terms] of [[ofS3], [disabled], [opaque(), withoutSession]] as const) {
      expect(await told([recorded()], input, terms)).toMatchObject({ lookups: [], asked: [] });
    }
  });
});
