import type { Delivery } from '../../../core/delivery/delivery.ts';
import type { Remedy } from '../../../core/report.ts';
import type { Layer, Step } from '../../../core/vocabulary.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import type { Fact } from '../../../lambda/customer_configuration_check/diagnosis/explanation.ts';
import { nothingFound } from '../../../lambda/customer_configuration_check/diagnosis/findings.ts';
import {
  type Answer,
  checked,
  checkSession,
  customerKey,
  delivery,
  deliveryRole,
  inbox,
  inboxObject,
  internalBucket,
  internalObject,
  lumped,
  refusal,
  serviceKey,
  underServiceKey,
} from '../../lambda/diagnosis/delivery-in-trouble.ts';

async function remedyOf(step: Step, answer: Answer | string, of?: Delivery): Promise<Remedy | undefined> {
  const given = typeof answer === 'string' ? { message: answer } : answer;
  const [diagnosis] = await diagnose(checked({ [step]: given }, of));
  return diagnosis?.remedy;
}

const implicit = (action: string, resource: string, kind = 'identity-based policy', principal?: string) =>
  refusal(action, resource, `because no ${kind} allows the ${action} action`, principal);

const throughS3ForBothBuckets = {
  StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
  StringLike: {
    'kms:EncryptionContext:aws:s3:arn': [
      `arn:aws:s3:::${internalBucket}`,
      `arn:aws:s3:::${internalBucket}/*`,
      `arn:aws:s3:::${inbox}`,
      `arn:aws:s3:::${inbox}/reports/*`,
    ],
  },
};

describe('statements are the least that delivers', () => {
  test('bucket policy of the inbox: the role, the prefix, the key', async () => {
    expect(await remedyOf('copy-to-inbox', 'Access Denied')).toMatchObject({
      side: 'customer',
      accountId: '222222222222',
      document: 'bucket-policy',
      target: inbox,
      statement: {
        Sid: 'AllowInboxPutObject',
        Effect: 'Allow',
        Principal: { AWS: deliveryRole },
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${inbox}/reports/*`,
        Condition: {
          StringEquals: {
            's3:x-amz-server-side-encryption': 'aws:kms',
            's3:x-amz-server-side-encryption-aws-kms-key-id': customerKey,
          },
          Bool: { 'aws:SecureTransport': 'true' },
        },
      },
    });
  });

  test('key policy: one permission for every bucket that the key encrypts', async () => {
    expect(await remedyOf('put-internal', lumped('kms:GenerateDataKey'))).toMatchObject({
      side: 'customer',
      accountId: '222222222222',
      document: 'key-policy',
      target: customerKey,
      statement: {
        Effect: 'Allow',
        Principal: { AWS: deliveryRole },
        Action: 'kms:GenerateDataKey',
        Resource: '*',
        Condition: throughS3ForBothBuckets,
      },
    });
  });

  test('key policy: a key of the inbox alone is opened for the inbox alone', async () => {
    const remedy = await remedyOf('copy-to-inbox', lumped('kms:GenerateDataKey'), underServiceKey);
    expect(remedy?.statement).toMatchObject({
      Condition: {
        StringLike: {
          'kms:EncryptionContext:aws:s3:arn': [`arn:aws:s3:::${inbox}`, `arn:aws:s3:::${inbox}/reports/*`],
        },
      },
    });
  });

  test('key policy: decrypting is for the source alone', async () => {
    const remedy = await remedyOf('copy-to-inbox', lumped('kms:Decrypt'));
    expect(remedy?.statement).toMatchObject({
      Action: 'kms:Decrypt',
      Condition: {
        StringLike: {
          'kms:EncryptionContext:aws:s3:arn': [`arn:aws:s3:::${internalBucket}`, `arn:aws:s3:::${internalBucket}/*`],
        },
      },
    });
  });

  test('S3 is named in the Region of each bucket, and as the partition calls it', async () => {
    const elsewhere = { ...delivery, internal: { ...delivery.internal, region: 'eu-west-1' } };
    expect((await remedyOf('put-internal', lumped('kms:GenerateDataKey'), elsewhere))?.statement).toMatchObject({
      Condition: { StringEquals: { 'kms:ViaService': ['s3.eu-west-1.amazonaws.com', 's3.us-east-1.amazonaws.com'] } },
    });
    const key = 'arn:aws-cn:kms:cn-north-1:222222222222:key/1';
    const inChina = { ...delivery, inbox: { ...delivery.inbox, region: 'cn-north-1', kmsKeyArn: key } };
    expect((await remedyOf('copy-to-inbox', lumped('kms:GenerateDataKey'), inChina))?.statement).toMatchObject({
      Condition: {
        StringEquals: { 'kms:ViaService': 's3.cn-north-1.amazonaws.com.cn' },
        StringLike: {
          'kms:EncryptionContext:aws:s3:arn': [`arn:aws-cn:s3:::${inbox}`, `arn:aws-cn:s3:::${inbox}/reports/*`],
        },
      },
    });
  });

  test('identity policy for a key: the key itself, through S3', async () => {
    expect(await remedyOf('copy-to-inbox', implicit('kms:GenerateDataKey', customerKey))).toMatchObject({
      side: 'service',
      accountId: '111111111111',
      document: 'identity-policy',
      target: deliveryRole,
      statement: {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: customerKey,
        Condition: throughS3ForBothBuckets,
      },
    });
    const remedy = await remedyOf('put-internal', implicit('kms:GenerateDataKey', serviceKey), underServiceKey);
    expect(remedy?.statement).toMatchObject({ Resource: serviceKey });
    expect(remedy?.statement).not.toHaveProperty('Principal');
  });

  test('identity policy for the internal bucket: real reports too, but deletion of test objects only', async () => {
    expect((await remedyOf('put-internal', implicit('s3:PutObject', internalObject)))?.statement).toEqual({
      Sid: 'AllowInternalPutObject',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${internalBucket}/*`,
    });
    expect((await remedyOf('clean-up', implicit('s3:DeleteObject', internalObject)))?.statement).toEqual({
      Sid: 'AllowInternalDeleteObject',
      Effect: 'Allow',
      Action: 's3:DeleteObject',
      Resource: `arn:aws:s3:::${internalBucket}/configuration-check/*`,
    });
  });

  test('an ACL is allowed as the one ACL that is sent, without conditions that its permission lacks', async () => {
    const withAcl = { ...delivery, inbox: { ...delivery.inbox, acl: 'bucket-owner-full-control' as const } };
    expect(
      (await remedyOf('copy-to-inbox', implicit('s3:PutObjectAcl', inboxObject), withAcl))?.statement,
    ).toMatchObject({
      Action: 's3:PutObjectAcl',
      Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    });
    const put = (await remedyOf('copy-to-inbox', 'Access Denied', withAcl))?.statement;
    expect(put).toMatchObject({ Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } } });
  });

  test('trust policy: the check’s role, without a Resource', async () => {
    expect(
      await remedyOf('assume-delivery-role', refusal('sts:AssumeRole', deliveryRole, '', checkSession)),
    ).toMatchObject({
      side: 'service',
      document: 'role-trust-policy',
      target: deliveryRole,
      statement: {
        Sid: 'AllowAssumeRole',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:role/customer_configuration_check' },
        Action: 'sts:AssumeRole',
      },
    });
    const remedy = await remedyOf('assume-delivery-role', refusal('sts:AssumeRole', deliveryRole, '', checkSession));
    expect(remedy?.statement).not.toHaveProperty('Resource');
  });

  test('the check’s own policy allows this one role', async () => {
    const message = implicit('sts:AssumeRole', deliveryRole, 'identity-based policy', checkSession);
    expect(await remedyOf('assume-delivery-role', message)).toMatchObject({
      target: 'arn:aws:iam::111111111111:role/customer_configuration_check',
      statement: { Action: 'sts:AssumeRole', Resource: deliveryRole },
    });
  });

  test('no statement ever names a session, “*” as principal or action, or more than a prefix', async () => {
    const answers: readonly (readonly [Step, string])[] = [
      ['put-internal', implicit('s3:PutObject', internalObject)],
      ['put-internal', lumped('kms:GenerateDataKey')],
      ['copy-to-inbox', 'Access Denied'],
      ['copy-to-inbox', lumped('kms:Decrypt')],
      ['copy-to-inbox', implicit('s3:GetObject', internalObject)],
      ['assume-delivery-role', refusal('sts:AssumeRole', deliveryRole, '', checkSession)],
    ];
    for (const [step, answer] of answers) {
      const remedy = await remedyOf(step, answer);
      const text = JSON.stringify(remedy?.statement);
      expect(text).not.toMatch(/assumed-role|:root|"Principal":"\*"|"Action":"?[^,]*\*/);
      // A key policy is about its key alone, which it calls “*”.
      if (remedy?.document !== 'key-policy') expect(text).not.toMatch(/"Resource":"\*"/);
    }
  });
});

describe('where no statement can help', () => {
  test.each([
    ['an identity-based policy', 'service', 'identity-policy'],
    ['a resource-based policy', 'customer', 'bucket-policy'],
  ])('a Deny in %s must be changed where it stands', async (kind, side, document) => {
    const remedy = await remedyOf(
      'copy-to-inbox',
      refusal('s3:PutObject', inboxObject, `with an explicit deny in ${kind}`),
    );
    expect(remedy).toMatchObject({ side, document, instruction: expect.stringContaining('Deny statement') });
    expect(remedy?.instruction).toContain(deliveryRole);
    expect(remedy).not.toHaveProperty('statement');
  });

  test('a Deny whose policy AWS names is named', async () => {
    const arn = 'arn:aws:iam::111111111111:policy/guardrails';
    const remedy = await remedyOf(
      'copy-to-inbox',
      refusal('s3:PutObject', inboxObject, `with an explicit deny in an identity-based policy: ${arn}`),
    );
    expect(remedy?.instruction).toContain(arn);
  });

  const scp = 'arn:aws:organizations::333333333333:policy/o-a1b2c3d4e5/service_control_policy/p-abcd1234';
  test.each([
    [`with an explicit deny in a service control policy: ${scp}`, 'service', ['account 111111111111', scp]],
    ['with an explicit deny in a resource control policy', 'customer', ['account 222222222222']],
    ['because no permissions boundary allows the s3:PutObject action', 'service', ['permissions boundary']],
    ['because no VPC endpoint policy allows the s3:PutObject action', 'service', ['VPC endpoint']],
    ['because no session policy allows the s3:PutObject action', 'service', ['session', 'the check']],
  ])('the words to send: %s', async (tail, side, contained) => {
    const remedy = await remedyOf('copy-to-inbox', refusal('s3:PutObject', inboxObject, tail));
    expect(remedy?.side).toBe(side);
    expect(remedy).not.toHaveProperty('statement');
    expect(remedy).not.toHaveProperty('document');
    for (const words of side === 'service' && tail.includes('session')
      ? contained.slice(1)
      : [...contained, deliveryRole, 's3:PutObject', `${inbox}/reports/* for`]) {
      expect(remedy?.instruction).toContain(words);
    }
  });

  test('the words to send are about what reports need, and not about one test object', async () => {
    const tail = 'because no permissions boundary allows the s3:GetObject action';
    const remedy = await remedyOf('copy-to-inbox', refusal('s3:GetObject', internalObject, tail));
    expect(remedy?.instruction).toContain(`s3:GetObject on arn:aws:s3:::${internalBucket}/* for ${deliveryRole}.`);
    expect(remedy?.instruction).toContain('for a test object there.');
    expect(remedy?.instruction).not.toContain('run-1');
  });

  test.each([
    [{ code: 'KMS.DisabledException', message: `${customerKey} is disabled.` }, customerKey],
    [{ code: 'KMS.NotFoundException', message: `Key '${customerKey}' does not exist` }, customerKey],
    [{ code: 'NoSuchBucket', message: 'The specified bucket does not exist' }, inbox],
    [{ code: 'AccessControlListNotSupported', message: 'The bucket does not allow ACLs' }, inbox],
  ])('$code names what must change', async (answer, target) => {
    const remedy = await remedyOf('copy-to-inbox', answer);
    expect(remedy).toMatchObject({ side: 'customer', accountId: '222222222222', target });
    expect(remedy?.instruction).toContain(target);
    expect(remedy).not.toHaveProperty('statement');
  });

  test('the right Region is named where S3 names it', async () => {
    const message = "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'";
    expect((await remedyOf('copy-to-inbox', { code: 'AuthorizationHeaderMalformed', message }))?.instruction).toContain(
      'eu-west-1',
    );
    const elsewhere = checked({
      'copy-to-inbox': { code: 'PermanentRedirect', message: 'Use the specified endpoint.' },
    });
    const steps = elsewhere.steps.map((one) =>
      one.error ? { ...one, error: { ...one.error, endpoint: `${inbox}.s3.us-west-2.amazonaws.com` } } : one,
    );
    const [diagnosis] = await diagnose({ ...elsewhere, steps });
    expect(diagnosis?.remedy?.instruction).toContain('it is us-west-2');
  });

  test('what S3 words like a Deny may be a public policy under Block Public Access', async () => {
    const deny = (on: string) => refusal('s3:PutObject', on, 'with an explicit deny in a resource-based policy');
    expect((await remedyOf('copy-to-inbox', deny(inboxObject)))?.instruction).toMatch(/public.*Block Public Access/);
    expect((await remedyOf('put-internal', deny(internalObject)))?.instruction).not.toContain('public');
  });
});

describe('what is asked of others is as certain as it is known', () => {
  const scp = 'a service control policy';
  const diagnosed = (message: string, facts: readonly Fact[] = []) =>
    diagnose({ ...checked({ 'copy-to-inbox': { message } }), findings: { ...nothingFound, facts } });
  const bearing = (layer: Layer, verdict: 'supports' | 'excludes'): Fact => ({
    source: 'policy-simulator',
    detail: 'asked',
    bearing: { on: { layer }, verdict },
  });

  test('what AWS says, or a document, is a fact', async () => {
    const [one] = await diagnosed(refusal('s3:PutObject', inboxObject, `with an explicit deny in ${scp}`));
    expect(one?.remedy?.instruction).toMatch(
      /^Ask the administrators .* At present, such a policy denies it for a test object there\./,
    );
    const missing = await diagnosed(implicit('s3:PutObject', inboxObject, 'permissions boundary'));
    expect(missing[0]?.remedy?.instruction).toContain('At present, no such policy allows it for a test object there.');
  });

  test('what another answer speaks for is likely', async () => {
    const [one] = await diagnosed('Access Denied', [bearing('service-control-policy', 'supports')]);
    expect(one?.remedy?.instruction).toMatch(
      /^Ask the administrators .* Most likely, such a policy denies it for a test object there\./,
    );
  });

  test('what is merely left is no reason to write to anybody yet', async () => {
    const others = (['bucket-policy', 'bucket-owner', 'identity-policy'] as const).map((layer) =>
      bearing(layer, 'excludes'),
    );
    const [one] = await diagnosed('Access Denied', others);
    expect(one?.denial.layer).toBe('resource-control-policy');
    expect(one?.remedy?.instruction).toMatch(/^If the other candidates are ruled out, ask the administrators/);
    expect(one?.remedy?.instruction).not.toMatch(/At present|Most likely/);
  });
});

test('an owner that S3 did not tell is asked for, not denied; a key in another account is pointed at', async () => {
  const instructionFor = async (accountId: string) => {
    const of = { ...delivery, inbox: { ...delivery.inbox, accountId } };
    const on = { layer: 'bucket-owner' as const };
    const fact: Fact = { source: 'probe', detail: 'asked', bearing: { on, verdict: 'supports' } };
    const input = checked({ 'copy-to-inbox': { message: 'Access Denied' } }, of);
    const [one] = await diagnose({ ...input, findings: { ...nothingFound, facts: [fact] } });
    return one?.remedy?.instruction;
  };
  expect(await instructionFor('222222222222')).toMatch(
    /^Find out whether account 222222222222 owns .* correct the bucket name or the account ID in the test event\.$/,
  );
  expect(await instructionFor('222222222223')).toMatch(
    /^Find out whether account 222222222223 owns .* The key that it names for that bucket is in account 222222222222\.$/,
  );
});

test('where two statements of one document may be missing, the other one is a candidate’s remedy', async () => {
  const withAcl = { ...delivery, inbox: { ...delivery.inbox, acl: 'bucket-owner-full-control' as const } };
  const [one] = await diagnose(checked({ 'copy-to-inbox': { message: 'Access Denied' } }, withAcl));
  expect(one?.remedy?.statement).toMatchObject({ Action: 's3:PutObjectAcl' });
  const [other, ...rest] = one?.candidates ?? [];
  expect(other).toMatchObject({
    layer: 'bucket-policy',
    remedy: { document: 'bucket-policy', target: inbox, statement: { Action: 's3:PutObject' } },
  });
  expect(rest.filter(({ remedy }) => remedy)).toEqual([]);
  const [plain] = await diagnose(checked({ 'copy-to-inbox': { message: 'Access Denied' } }));
  expect(plain?.candidates.filter(({ remedy }) => remedy)).toEqual([]);
});

test('whoever may look at a key of another account does so first', async () => {
  const remedy = await remedyOf('copy-to-inbox', lumped('kms:GenerateDataKey'));
  expect(remedy?.instruction).toContain(`First check with \`aws kms describe-key --key-id ${customerKey}\``);
  expect(remedy?.instruction).toContain('in us-east-1');
  const named = await remedyOf('copy-to-inbox', implicit('kms:GenerateDataKey', customerKey, 'resource-based policy'));
  expect(named?.instruction).not.toContain('describe-key');
});

test('a key of the service’s account raises no doubt about whose bucket it is', async () => {
  const layerWith = async (kmsKeyArn: string) => {
    const of = { ...delivery, inbox: { ...delivery.inbox, kmsKeyArn } };
    const [diagnosis] = await diagnose(checked({ 'copy-to-inbox': { message: 'Access Denied' } }, of));
    return diagnosis?.denial.layer;
  };
  expect(await layerWith(customerKey)).toBe('bucket-policy');
  expect(await layerWith(serviceKey)).toBe('bucket-policy');
  expect(await layerWith(customerKey.replace('222222222222', '333333333333'))).toBe('bucket-owner');
});

test('a key of neither account is reported with both accounts that the event names', async () => {
  const foreign = customerKey.replace('222222222222', '333333333333');
  const ofThird = { ...delivery, inbox: { ...delivery.inbox, kmsKeyArn: foreign } };
  const remedy = await remedyOf('copy-to-inbox', lumped('kms:GenerateDataKey'), ofThird);
  expect(remedy?.instruction).toMatch(/account 333333333333.* account 222222222222: .*mistyped/);
  expect((await remedyOf('copy-to-inbox', lumped('kms:GenerateDataKey')))?.instruction).not.toContain('mistyped');
});

test('whoever looks for a Deny is told what of the request conditions look at', async () => {
  expect((await remedyOf('copy-to-inbox', 'Access Denied'))?.instruction).toContain(
    `encrypted with ${customerKey}, sets no ACL, and comes from outside`,
  );
});

test('a resource’s policy may hold the id of a deleted role: the remedy says how to see it', async () => {
  expect((await remedyOf('copy-to-inbox', 'Access Denied'))?.instruction).toContain('AROA');
  expect((await remedyOf('put-internal', implicit('s3:PutObject', internalObject)))?.instruction).not.toContain('AROA');
});

test('where a Deny is not excluded, the remedy says to look for one', async () => {
  expect((await remedyOf('copy-to-inbox', 'Access Denied'))?.instruction).toContain('no Deny');
  const allowMissing = implicit('s3:PutObject', inboxObject, 'resource-based policy');
  expect((await remedyOf('copy-to-inbox', allowMissing))?.instruction).not.toContain('no Deny');
});
