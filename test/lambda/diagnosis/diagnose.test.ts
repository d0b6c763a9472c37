import type { Step } from '../../../core/vocabulary.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import {
  type Answer,
  allow,
  checked,
  customerKey,
  delivery,
  deny,
  inbox,
  inboxObject,
  internalBucket,
  internalObject,
  lumped,
  refusal,
  serviceKey,
  underServiceKey,
} from './delivery-in-trouble.ts';

describe('which request was denied', () => {
  const ofCopy = async (answer: Answer, of = delivery) =>
    (await diagnose(checked({ 'copy-to-inbox': answer }, of)))[0]?.denial;

  test('decrypting is about the source’s key, and its owner', async () => {
    const answer = { message: refusal('kms:Decrypt', serviceKey, allow('identity-based policy', 'kms:Decrypt')) };
    expect(await ofCopy(answer, underServiceKey)).toMatchObject({ resource: serviceKey, layer: 'identity-policy' });
    expect(await ofCopy({ message: lumped('kms:Decrypt') })).toMatchObject({
      action: 'kms:Decrypt',
      resource: customerKey,
      side: 'customer',
    });
  });

  test('encrypting the copy is about the customer’s key, whatever key the source uses', async () => {
    expect(await ofCopy({ message: lumped('kms:GenerateDataKey') }, underServiceKey)).toMatchObject({
      action: 'kms:GenerateDataKey',
      resource: customerKey,
      side: 'customer',
      accountId: '222222222222',
    });
  });

  test('a key is on the side of its own account, whatever account the event names for the inbox', async () => {
    const mistyped = { ...delivery, inbox: { ...delivery.inbox, accountId: '111111111111' } };
    const answer = { code: 'KMS.DisabledException', message: `${customerKey} is disabled.` };
    const [diagnosis] = await diagnose(checked({ 'put-internal': answer }, mistyped));
    expect(diagnosis?.denial).toMatchObject({ layer: 'key-state', side: 'customer', accountId: '222222222222' });
  });

  test('a problem with the copy’s key names no action if one key serves both', async () => {
    const answer = { code: 'KMS.DisabledException', message: `${customerKey} is disabled.` };
    expect(await ofCopy(answer)).not.toHaveProperty('action');
    expect(await ofCopy(answer, underServiceKey)).toMatchObject({ action: 'kms:GenerateDataKey' });
    const source = { code: 'KMS.DisabledException', message: `${serviceKey} is disabled.` };
    expect(await ofCopy(source, underServiceKey)).toMatchObject({ action: 'kms:Decrypt', side: 'service' });
  });

  test('an older text about a ciphertext is about the source', async () => {
    const message =
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.';
    expect(await ofCopy({ message }, underServiceKey)).toMatchObject({
      action: 'kms:Decrypt',
      resource: serviceKey,
      side: 'service',
    });
  });

  test('object tags are read in the source and written in the inbox', async () => {
    const read = refusal('s3:GetObjectTagging', internalObject, allow('identity-based policy', 's3:GetObjectTagging'));
    expect(await ofCopy({ message: read })).toMatchObject({ resource: internalObject, accountId: '111111111111' });
    const written = refusal('s3:PutObjectTagging', inboxObject, allow('resource-based policy', 's3:PutObjectTagging'));
    expect(await ofCopy({ message: written })).toMatchObject({
      resource: inboxObject,
      layer: 'bucket-policy',
      side: 'customer',
    });
  });

  test('an ACL in the event adds its permission to what two words may mean', async () => {
    const withAcl = { ...delivery, inbox: { ...delivery.inbox, acl: 'bucket-owner-full-control' as const } };
    const [plain] = await diagnose(checked({ 'copy-to-inbox': { message: 'Access Denied' } }));
    const [diagnosis] = await diagnose(checked({ 'copy-to-inbox': { message: 'Access Denied' } }, withAcl));
    const ofAcl = (one = plain) => one?.candidates.filter(({ action }) => action === 's3:PutObjectAcl') ?? [];
    expect(plain?.denial.action).toBe('s3:PutObject');
    expect(ofAcl(plain)).toEqual([]);
    expect(diagnosis?.denial).toMatchObject({ action: 's3:PutObjectAcl', layer: 'bucket-policy', side: 'customer' });
    expect(ofAcl(diagnosis).map(({ layer, side }) => [layer, side])).toEqual([
      ['identity-policy', 'service'],
      ['service-control-policy', 'service'],
      ['permissions-boundary', 'service'],
      ['session-policy', 'service'],
      ['vpc-endpoint-policy', 'service'],
      ['resource-control-policy', 'customer'],
      ['block-public-access', 'customer'],
    ]);
  });

  test('a bucket of the service stays the service’s within one organization or account', async () => {
    const oneAccount = { ...delivery, inbox: { ...delivery.inbox, accountId: '111111111111' } };
    expect(
      await ofCopy({ message: refusal('s3:PutObject', inboxObject, deny('a resource-based policy')) }, oneAccount),
    ).toMatchObject({
      side: 'customer',
      accountId: '111111111111',
    });
  });
});

describe('independent faults', () => {
  test('are each listed, in step order', async () => {
    const found = await diagnose(
      checked({
        'put-internal': { message: lumped('kms:GenerateDataKey') },
        'copy-to-inbox': { message: 'Access Denied' },
        'clean-up': {
          message: refusal('s3:DeleteObject', internalObject, allow('identity-based policy', 's3:DeleteObject')),
        },
      }),
    );
    expect(found.map(({ step, denial }) => [step, denial.action, denial.layer])).toEqual([
      ['put-internal', 'kms:GenerateDataKey', 'key-policy'],
      // Nothing could be stored with the customer's key, so it is unknown if it could be read again.
      ['copy-to-inbox', 'kms:Decrypt', 'key-policy'],
      ['copy-to-inbox', 's3:PutObject', 'bucket-policy'],
      ['clean-up', 's3:DeleteObject', 'identity-policy'],
    ]);
  });

  test('the same action on the same key denied by the same layer is one fault, at the first step that it stops', async () => {
    const answer = { message: lumped('kms:GenerateDataKey') };
    const found = await diagnose(checked({ 'put-internal': answer, 'copy-to-inbox': answer }));
    expect(found.map(({ step, denial }) => [step, denial.action])).toEqual([
      ['put-internal', 'kms:GenerateDataKey'],
      ['copy-to-inbox', 'kms:Decrypt'],
    ]);
  });

  test('two actions on one key are two faults', async () => {
    const found = await diagnose(
      checked({
        'put-internal': { message: lumped('kms:GenerateDataKey') },
        'copy-to-inbox': {
          message: refusal('kms:Decrypt', customerKey, allow('resource-based policy', 'kms:Decrypt')),
        },
      }),
    );
    expect(found.map(({ denial }) => denial.action)).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
  });

  test('one action on two keys is two faults', async () => {
    const answerFor = (key: string) => ({
      message: refusal('kms:GenerateDataKey', key, allow('identity-based policy', 'kms:GenerateDataKey')),
    });
    const found = await diagnose(
      checked({ 'put-internal': answerFor(serviceKey), 'copy-to-inbox': answerFor(customerKey) }, underServiceKey),
    );
    expect(found.map(({ denial }) => denial.resource)).toEqual([serviceKey, customerKey]);
  });

  test('a disabled key is one fault, whatever it was used for', async () => {
    const answer = { code: 'KMS.DisabledException', message: `${customerKey} is disabled.` };
    const found = await diagnose(checked({ 'put-internal': answer, 'copy-to-inbox': answer }));
    expect(found).toHaveLength(1);
  });

  test('a missing source is only distinguished from a missing inbox if the source was written', async () => {
    const gone = { code: 'NoSuchBucket', message: 'The specified bucket does not exist' };
    const { steps, ...rest } = checked({ 'copy-to-inbox': gone });
    const unwritten = steps.map((one) =>
      one.step === 'put-internal' ? { ...one, status: 'skipped' as const, reason: 'not asked for' } : one,
    );
    const [diagnosis] = await diagnose({ ...rest, steps: unwritten });
    expect(diagnosis).toMatchObject({
      confidence: 'inferred',
      denial: { side: 'customer' },
      candidates: [{ layer: 'bucket-missing', side: 'service' }],
    });
    const [written] = await diagnose({ ...rest, steps: unwritten, fallbackSource: { kmsKeyArn: serviceKey } });
    expect(written).toMatchObject({ confidence: 'proven', candidates: [] });
  });
});

describe('what is not a fault', () => {
  test('a check that passed has no diagnosis', async () => expect(await diagnose(checked({}))).toEqual([]));

  test.each([
    ['SlowDown', 'Please reduce your request rate.'],
    ['ExpiredToken', 'The provided token has expired.'],
    ['RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.'],
    ['TimeoutError', 'Connection timed out after 1000 ms'],
    [
      'InvalidRequest',
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    ],
  ])('%s says nothing about permissions', async (code, message) => {
    expect(await diagnose(checked({ 'copy-to-inbox': { code, message } }))).toEqual([]);
  });

  test('a denial with an unknown message is reported as such', async () => {
    const [diagnosis] = await diagnose(checked({ 'copy-to-inbox': { message: 'Computer says no' } }));
    expect(diagnosis).toMatchObject({ confidence: 'unknown', step: 'copy-to-inbox' });
    expect(diagnosis?.denial).not.toHaveProperty('layer');
    expect(diagnosis).not.toHaveProperty('remedy');
  });

  test.each([
    ['verify-delivery', { resource: inboxObject, side: 'customer' }],
    ['put-internal', { resource: internalObject, side: 'service' }],
  ] as const)('another encryption than requested is described, not explained: %s', async (step, denial) => {
    const { steps, ...rest } = checked({});
    const reason = 'S3 encrypted the object with AES256';
    const failed = steps.map((one) => (one.step === step ? { ...one, status: 'failed' as const, reason } : one));
    const [diagnosis] = await diagnose({ ...rest, steps: failed });
    expect(diagnosis).toMatchObject({ step, confidence: 'unknown', denial });
    expect(diagnosis?.summary).toContain(reason);
    expect(diagnosis?.denial).not.toHaveProperty('layer');
  });
});

describe('summaries', () => {
  const summary = async (step: Step, answer: Answer, of = delivery) =>
    (await diagnose(checked({ [step]: answer }, of)))[0]?.summary;

  test('a proven cause is stated as a fact, and an inferred one as most likely', async () => {
    expect(
      await summary('put-internal', {
        message: refusal('s3:PutObject', internalObject, allow('identity-based policy')),
      }),
    ).toBe(`No policy of secure-inbox-delivery allows s3:PutObject on ${internalObject}.`);
    expect(await summary('copy-to-inbox', { message: 'Access Denied' })).toBe(
      `Most likely, the policy of the Secure Inbox (${inbox}) does not let secure-inbox-delivery perform s3:PutObject.`,
    );
  });

  test('a Region that S3 names is included', async () => {
    const message = "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'";
    expect(await summary('put-internal', { code: 'AuthorizationHeaderMalformed', message })).toContain('eu-west-1');
    expect(await summary('put-internal', { code: 'AuthorizationHeaderMalformed', message })).toContain(internalBucket);
  });
});
