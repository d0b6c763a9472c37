import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explanationsOf } from '../../../cli/explain/explanations.ts';
import { type Report, reportSchema } from '../../../core/report.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import {
  checked,
  customerKey,
  delivery,
  inboxObject,
  lumped,
  refusal,
  serviceKey,
  session,
} from '../../lambda/diagnosis/delivery-in-trouble.ts';
import { masked } from '../../masked.ts';
import { explainedFirst } from './explained.ts';

interface Quoted {
  readonly message: string;
  readonly denial: Record<'action' | 'layer' | 'effect' | 'policyArn', string | null>;
}

const corpus: readonly Quoted[] = readFileSync(
  join(import.meta.dirname, '../../fixtures/denial-messages.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Quoted);

describe('messages', () => {
  test.each(corpus.map((line, index) => [index + 1, line] as const))(
    'line %i has its own explanation',
    (_, { message, denial }) => {
      const diagnosis = explainedFirst(message);
      expect(reportSchema.shape.diagnoses.safeParse([diagnosis]).error).toBeUndefined();
      expect(diagnosis.denial.action ?? null).toBe(denial.action);
      // An explanation may add a layer if AWS names none, but must not contradict AWS.
      if (denial.layer) expect(diagnosis.denial.layer).toBe(denial.layer);
      expect(diagnosis.summary).not.toMatch(/undefined|null/);
      if (!denial.layer) expect(diagnosis.confidence).not.toBe('proven');
    },
  );

  test('the given delivery role is named with its path, which its session does not show', async () => {
    const told = { deliveryRole: 'arn:aws:iam::111111111111:role/reports/reporter' };
    const sender = 'arn:aws:sts::111111111111:assumed-role/reporter/run-1';
    const text = refusal(
      's3:PutObject',
      inboxObject,
      'because no resource-based policy allows the s3:PutObject action',
      sender,
    );
    const explanations = await explanationsOf(text, told);
    const [first] = explanations.kind === 'denials' ? explanations.denials : [];
    expect(first?.diagnosis.remedy?.statement).toMatchObject({ Principal: { AWS: told.deliveryRole } });
  });

  test('facts that the text does not contain are absent', () => {
    const { denial } = explainedFirst(
      'An error occurred (AccessDenied) when calling the PutObject operation: Access Denied',
    );
    expect(denial).toEqual({});
    expect(
      explainedFirst(refusal('s3:PutObject', inboxObject, 'with an explicit deny in a resource-based policy')).denial,
    ).toEqual({
      principal: session,
      action: 's3:PutObject',
      resource: inboxObject,
      layer: 'bucket-policy',
      effect: 'explicit',
    });
  });

  test('the accounts of principal and resource determine the side', () => {
    const tail = 'because no resource-based policy allows the kms:GenerateDataKey action';
    expect(explainedFirst(refusal('kms:GenerateDataKey', customerKey, tail)).denial).toMatchObject({
      side: 'customer',
      accountId: '222222222222',
    });
    expect(explainedFirst(refusal('kms:GenerateDataKey', serviceKey, tail)).denial).toMatchObject({
      side: 'service',
      accountId: '111111111111',
    });
    expect(explainedFirst(lumped('kms:Decrypt'))).toMatchObject({
      confidence: 'inferred',
      denial: { layer: 'key-policy', side: 'customer' },
    });
    expect(explainedFirst(lumped('kms:Decrypt')).denial).not.toHaveProperty('accountId');
  });

  test('“Access Denied”: its possible causes, and how to find out', () => {
    const { confidence, candidates, evidence, remedy } = explainedFirst('AccessDenied: Access Denied');
    expect(confidence).toBe('unknown');
    expect(candidates[0]).toMatchObject({ layer: 'bucket-policy' });
    expect(evidence.map(({ detail }) => detail).join(' ')).toContain(
      'missing bucket, a wrong Region and a disabled key',
    );
    expect(remedy?.instruction).toContain('secure-inbox check');
  });

  test.each([
    ['within its resource', `${refusal('s3:PutObject', inboxObject).slice(0, -9)}`, undefined],
    ['before its reason', `${refusal('s3:PutObject', inboxObject)} because no resource-based`, inboxObject],
    ['before the policy', `${refusal('s3:PutObject', inboxObject)} with an explicit deny in a`, inboxObject],
  ])("a text that ends %s does not count as AWS's whole message", (_, text, resource) => {
    const { summary, denial, candidates, confidence } = explainedFirst(text);
    expect(masked(summary)).toMatchSnapshot();
    expect(confidence).toBe('unknown');
    expect(denial).toEqual({
      principal: session,
      action: 's3:PutObject',
      ...(resource && { resource }),
      ...(text.includes('explicit') && { effect: 'explicit' }),
    });
    expect(candidates[0]).toMatchObject({ layer: 'bucket-policy' });
  });

  test('a layer that AWS does not name may be the policy of the resource', () => {
    const layersOf = (text: string) => explainedFirst(text).candidates.map(({ layer }) => layer);
    const redacted = customerKey.replace('222222222222', 'XXXXXXXXXXXX');
    for (const tail of [undefined, 'with an explicit deny']) {
      expect(layersOf(refusal('s3:PutObject', inboxObject, tail))).toContain('bucket-policy');
      expect(layersOf(refusal('s3:PutObject', inboxObject, tail))).not.toContain('key-policy');
      expect(layersOf(refusal('kms:Decrypt', redacted, tail))).toContain('key-policy');
    }
    expect(explainedFirst(refusal('s3:PutObject', inboxObject, 'with an explicit deny')).summary).toContain(
      'AWS says that a Deny statement denies it',
    );
  });

  test("the policy of another service's resource is named as such", () => {
    const secret = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:x';
    const tail = 'because no resource-based policy allows the secretsmanager:GetSecretValue action';
    const { summary, denial } = explainedFirst(refusal('secretsmanager:GetSecretValue', secret, tail));
    expect(masked(summary)).toMatchSnapshot();
    expect(denial).toMatchObject({ side: 'service', effect: 'implicit' });
    expect(denial).not.toHaveProperty('layer');
  });

  test('the remedy for an unsigned request is to sign it, not to allow it', () => {
    const { candidates, remedy } = explainedFirst(
      `User: anonymous is not authorized to perform: s3:GetObject on resource: "${inboxObject}" because no resource-based policy allows the s3:GetObject action`,
    );
    expect(candidates.map(({ layer }) => layer)).not.toContain('identity-policy');
    expect(remedy).toMatchObject({ side: 'service', instruction: expect.stringContaining('Sign the request') });
    expect(remedy).not.toHaveProperty('statement');
  });

  describe('a denial of s3:ListBucket', () => {
    const bucket = inboxObject.split('/')[0] ?? '';
    const said = refusal('s3:ListBucket', bucket, 'because no identity-based policy allows the s3:ListBucket action');
    const calling = (operation: string) =>
      `An error occurred (AccessDenied) when calling the ${operation} operation: ${said}`;
    const recorded = JSON.stringify({
      eventSource: 's3.amazonaws.com',
      eventName: 'CopyObject',
      errorCode: 'AccessDenied',
      errorMessage: said,
    });

    test.each([
      ['CopyObject', calling('CopyObject')],
      ['GetObject', calling('GetObject')],
      ['HeadObject', calling('HeadObject')],
      ['UploadPartCopy', calling('UploadPartCopy')],
      ['CloudTrail, of CopyObject', recorded],
    ])('by %s is about a missing object: nothing to allow', (_, text) => {
      const { denial, remedy, candidates, confidence } = explainedFirst(text);
      expect([denial, candidates, confidence]).toEqual([{}, [], 'unknown']);
      expect(remedy).toMatchObject({ side: 'service' });
      expect(remedy).not.toHaveProperty('statement');
    });

    test.each([
      ['ListObjectsV2', calling('ListObjectsV2')],
      ['an operation that is not told', said],
    ])('by %s is about the listing itself', (_, text) => {
      const { denial, evidence } = explainedFirst(text);
      expect(denial).toMatchObject({ action: 's3:ListBucket', layer: 'identity-policy' });
      expect(evidence.map(({ detail }) => detail).join(' ')).toContain('when an object does not exist');
    });
  });

  test('recognizes quotation marks of any language', () => {
    const tail = 'because no permissions boundary allows the s3:PutObject action';
    const quoted = refusal('s3:PutObject', inboxObject, tail).replaceAll('"', '');
    for (const [opening, closing] of ['„“', '«»', '“”'].map((pair) => [...pair])) {
      const text = quoted.replace(inboxObject, `${opening}${inboxObject}${closing}`);
      expect(explainedFirst(text).denial).toMatchObject({ resource: inboxObject, layer: 'permissions-boundary' });
    }
  });

  test('AssumeRole without a reason: names no layer, and the trust policy is the first candidate', () => {
    const text = refusal('sts:AssumeRole', 'arn:aws:iam::222222222222:role/inbox');
    const { denial, candidates, confidence } = explainedFirst(text);
    expect(confidence).toBe('inferred');
    expect(denial).not.toHaveProperty('layer');
    expect(candidates[0]).toMatchObject({ layer: 'role-trust-policy', side: 'service' });
  });

  test('a remedy from text alone has no condition that the text does not support', () => {
    const tail = 'because no identity-based policy allows the kms:Decrypt action';
    const direct = `AccessDeniedException: ${refusal('kms:Decrypt', customerKey, tail)}`;
    expect(explainedFirst(direct).remedy?.statement).toEqual({
      Sid: 'AllowDecrypt',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: customerKey,
    });
    const throughS3 = `An error occurred (AccessDenied) when calling the GetObject operation: ${refusal('kms:Decrypt', customerKey, tail)}`;
    expect(explainedFirst(throughS3).remedy?.statement).toMatchObject({
      Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
    });
  });

  test('proposes no statement with a redacted principal or resource', () => {
    for (const { message } of corpus) {
      expect(JSON.stringify(explainedFirst(message).remedy?.statement ?? {})).not.toMatch(/[<>…]|\*{3}|\.{3}/);
    }
  });

  test.each([
    [
      'An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.',
      'expired',
    ],
    ['RequestTimeTooSkewed: The difference between the request time and the current time is too large.', 'clock'],
    ['hello', 'no denial'],
    ['', 'no denial'],
    ['{"verdict":', 'no denial'],
  ])('%s is not a denial', (text, words) => {
    expect(explainedFirst(text)).toMatchObject({
      denial: {},
      confidence: 'unknown',
      summary: expect.stringContaining(words),
    });
  });
});

const trailEvent = {
  eventVersion: '1.11',
  userIdentity: { type: 'AssumedRole', arn: session, accountId: '111111111111', invokedBy: 'AWS Internal' },
  eventTime: '2026-11-21T12:00:00Z',
  eventSource: 'kms.amazonaws.com',
  eventName: 'GenerateDataKey',
  awsRegion: 'us-east-1',
  errorCode: 'AccessDenied',
  errorMessage: lumped('kms:GenerateDataKey'),
  requestParameters: { keyId: customerKey, encryptionContext: { 'aws:s3:arn': inboxObject }, keySpec: 'AES_256' },
  recipientAccountId: '111111111111',
};

describe('CloudTrail', () => {
  const lookedUp = { Events: [{ EventName: 'GenerateDataKey', CloudTrailEvent: JSON.stringify(trailEvent) }] };
  const succeeded = { ...trailEvent, errorCode: undefined, errorMessage: undefined };
  test.each([
    ['one event', JSON.stringify(trailEvent)],
    ['an indented event', JSON.stringify(trailEvent, null, 2)],
    ['a log file', JSON.stringify({ Records: [succeeded, trailEvent] })],
    ['lookup-events', JSON.stringify(lookedUp)],
    ['EventBridge', JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail: trailEvent })],
    ['a line of a log', `2026-11-21T12:00:01Z INFO ${JSON.stringify(trailEvent)}`],
    ['one event a line', `${JSON.stringify(succeeded)}\n${JSON.stringify(trailEvent)}\n`],
  ])('%s', (_, text) => {
    expect(explainedFirst(text)).toMatchObject({
      confidence: 'inferred',
      denial: {
        principal: session,
        action: 'kms:GenerateDataKey',
        resource: customerKey,
        layer: 'key-policy',
        side: 'customer',
        accountId: '222222222222',
      },
    });
  });

  test("the object of S3's request is named, and the remedy is for it", () => {
    const { evidence, remedy } = explainedFirst(JSON.stringify(trailEvent));
    expect(evidence[0]).toMatchObject({ source: 'cloudtrail' });
    expect(evidence.some(({ source, detail }) => source === 'cloudtrail' && detail.includes(inboxObject))).toBe(true);
    expect(remedy?.statement).toMatchObject({
      Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' },
      Condition: {
        StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': [inboxObject.split('/')[0], inboxObject] },
      },
    });
  });

  test.each([
    ['is left out', undefined],
    ['is hidden', 'HIDDEN_DUE_TO_SECURITY_REASONS'],
  ])('an event shows what KMS denied even if its message %s', (_, errorMessage) => {
    const { denial, candidates, confidence } = explainedFirst(JSON.stringify({ ...trailEvent, errorMessage }));
    expect(denial).toEqual({ principal: session, action: 'kms:GenerateDataKey', resource: customerKey });
    expect(confidence).toBe('inferred');
    expect(candidates.map(({ layer }) => layer)).toEqual(expect.arrayContaining(['key-policy', 'identity-policy']));
    expect(candidates.map(({ layer }) => layer)).not.toContain('bucket-policy');
  });

  test('an S3 data event with “Access Denied” names at least the request', () => {
    const event = {
      userIdentity: { arn: session },
      eventSource: 's3.amazonaws.com',
      eventName: 'PutObject',
      awsRegion: 'us-east-1',
      errorCode: 'AccessDenied',
      errorMessage: 'Access Denied',
      requestParameters: { bucketName: 'inbox', key: 'reports/1.pdf' },
    };
    expect(explainedFirst(JSON.stringify(event))).toMatchObject({
      confidence: 'unknown',
      denial: { principal: session, action: 's3:PutObject', resource: 'arn:aws:s3:::inbox/reports/1.pdf' },
    });
  });

  test('a denial by a VPC endpoint', () => {
    const event = {
      userIdentity: { arn: session },
      eventSource: 'kms.amazonaws.com',
      eventName: 'GenerateDataKey',
      eventType: 'AwsVpceEvent',
      errorCode: 'VpceAccessDenied',
      errorMessage: 'The request was denied due to a VPC endpoint policy',
    };
    expect(explainedFirst(JSON.stringify(event))).toMatchObject({
      confidence: 'proven',
      denial: { layer: 'vpc-endpoint-policy', side: 'service' },
    });
  });

  test('a report of a wrongly encrypted delivery is not called in order', () => {
    const reason = 'S3 says that it delivered the object with AES256.';
    const steps = [{ step: 'verify-delivery', status: 'failed', durationMs: 0, reason }];
    const { evidence } = explainedFirst(JSON.stringify({ verdict: 'misconfigured', steps, diagnoses: [] }));
    expect(evidence[0]?.detail).toContain(reason);
  });

  test('an event that succeeded has no denial', () => {
    expect(explainedFirst(JSON.stringify(succeeded)).denial).toEqual({});
  });
});

describe('reports', () => {
  const { steps } = checked({ 'copy-to-inbox': { message: lumped('kms:GenerateDataKey') } });
  const report: Report = {
    schemaVersion: 1,
    customer: 'acme',
    verdict: 'denied',
    deniedStep: 'copy-to-inbox',
    principal: session,
    startedAt: '2026-11-21T12:00:00.000Z',
    durationMs: 12,
    steps: [...steps],
    diagnoses: [],
  };

  test('a diagnosis in the report is the explanation', async () => {
    const [diagnosis] = await diagnose({ delivery, runId: 'run-1', principal: session, steps });
    if (!diagnosis) throw new Error('nothing was diagnosed');
    const passed = { ...report, verdict: 'passed', steps: [], diagnoses: [] };
    expect(explainedFirst(JSON.stringify({ ...report, diagnoses: [diagnosis] }))).toEqual(diagnosis);
    expect(explainedFirst(JSON.stringify({ reports: [passed, { ...report, diagnoses: [diagnosis] }] }))).toEqual(
      diagnosis,
    );
    expect(explainedFirst(JSON.stringify([passed, { ...report, diagnoses: [diagnosis] }]))).toEqual(diagnosis);
    expect(explainedFirst(JSON.stringify(diagnosis))).toEqual(diagnosis);
  });

  test('without a diagnosis, the failed step is explained', () => {
    expect(explainedFirst(JSON.stringify(report))).toMatchObject({
      step: 'copy-to-inbox',
      denial: { principal: session, action: 'kms:GenerateDataKey', layer: 'key-policy' },
    });
  });

  test('a report that passed has no denial', () => {
    const passed = { ...report, verdict: 'passed', steps: checked({}).steps };
    expect(explainedFirst(JSON.stringify(passed)).denial).toEqual({});
  });
});
