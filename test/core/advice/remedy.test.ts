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

describe('statements are the minimum for a delivery', () => {
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

  test('the folder may be mistyped: asks only about a prefix in the event', async () => {
    const { prefix: _, ...whole } = delivery.inbox;
    const ofWhole = { ...delivery, inbox: { ...whole, prefix: '' } };
    expect((await remedyOf('copy-to-inbox', 'Access Denied'))?.instruction).toContain('inbox.prefix');
    expect((await remedyOf('copy-to-inbox', 'Access Denied', ofWhole))?.instruction).not.toContain('inbox.prefix');
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

  test('key policy: a key of only the inbox is allowed only for the inbox', async () => {
    const remedy = await remedyOf('copy-to-inbox', lumped('kms:GenerateDataKey'), underServiceKey);
    expect(remedy?.statement).toMatchObject({
      Condition: {
        StringLike: {
          'kms:EncryptionContext:aws:s3:arn': [`arn:aws:s3:::${inbox}`, `arn:aws:s3:::${inbox}/reports/*`],
        },
      },
    });
  });

  test('key policy: decrypting is only for the source', async () => {
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
      // A key policy applies only to its own key, which it refers to as “*”.
      if (remedy?.document !== 'key-policy') expect(text).not.toMatch(/"Resource":"\*"/);
    }
  });
});

const explicit = (kind: string) => refusal('s3:PutObject', inboxObject, `with an explicit deny in ${kind}`);
const scp = 'arn:aws:organizations::333333333333:policy/o-a1b2c3d4e5/service_control_policy/p-abcd1234';
const guardrails = 'arn:aws:iam::111111111111:policy/guardrails';
const foreignKey = customerKey.replace('222222222222', '333333333333');
const ofThird = { ...delivery, inbox: { ...delivery.inbox, kmsKeyArn: foreignKey } };

/** Where no statement can help: who must change what, as far as the answer shows. */
const withoutStatement: readonly (readonly [string, Answer | string, Partial<Remedy>, Step?])[] = [
  ['a Deny', explicit('an identity-based policy'), { side: 'service', document: 'identity-policy' }],
  [
    'a Deny in a policy that AWS names',
    explicit(`an identity-based policy: ${guardrails}`),
    { side: 'service', document: 'identity-policy' },
  ],
  [
    'a Deny, or a public policy under Block Public Access',
    explicit('a resource-based policy'),
    { side: 'customer', document: 'bucket-policy' },
  ],
  [
    'a Deny of the internal bucket, which is not public',
    refusal('s3:PutObject', internalObject, 'with an explicit deny in a resource-based policy'),
    { side: 'service', document: 'bucket-policy' },
    'put-internal',
  ],
  ['an SCP that AWS names', explicit(`a service control policy: ${scp}`), { side: 'service' }],
  ['an RCP', explicit('a resource control policy'), { side: 'customer' }],
  ['a boundary', implicit('s3:PutObject', inboxObject, 'permissions boundary'), { side: 'service' }],
  [
    'a boundary, about what reports need and not one test object',
    implicit('s3:GetObject', internalObject, 'permissions boundary'),
    { side: 'service' },
  ],
  ['a VPC endpoint policy', implicit('s3:PutObject', inboxObject, 'VPC endpoint policy'), { side: 'service' }],
  ['a session policy', implicit('s3:PutObject', inboxObject, 'session policy'), { side: 'service' }],
  [
    'a disabled key',
    { code: 'KMS.DisabledException', message: `${customerKey} is disabled.` },
    { side: 'customer', target: customerKey },
  ],
  [
    'a missing key',
    { code: 'KMS.NotFoundException', message: `Key '${customerKey}' does not exist` },
    { side: 'customer', target: customerKey },
  ],
  [
    'a missing bucket',
    { code: 'NoSuchBucket', message: 'The specified bucket does not exist' },
    { side: 'customer', target: inbox },
  ],
  [
    'disabled ACLs',
    { code: 'AccessControlListNotSupported', message: 'The bucket does not allow ACLs' },
    { side: 'customer', target: inbox },
  ],
  [
    'a Region that S3 names',
    {
      code: 'AuthorizationHeaderMalformed',
      message: "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
    },
    {},
  ],
];

test.each(withoutStatement.map(([title, answer, expected, step]) => ({ title, answer, expected, step })))(
  'if no statement can help: $title',
  async ({ answer, expected, step = 'copy-to-inbox' }) => {
    const remedy = await remedyOf(step, answer);
    expect(remedy).toMatchObject(expected);
    expect(remedy).not.toHaveProperty('statement');
    if (expected.side === 'customer') expect(remedy?.accountId).toBe('222222222222');
    expect(remedy?.instruction).toMatchSnapshot();
  },
);

const bearing = (layer: Layer, verdict: 'supports' | 'excludes'): Fact => ({
  source: layer === 'bucket-owner' ? 'probe' : 'policy-simulator',
  detail: 'asked',
  bearing: { on: { layer }, verdict },
});
const afterFacts = async (facts: readonly Fact[], of?: Delivery) => {
  const input = checked({ 'copy-to-inbox': { message: 'Access Denied' } }, of);
  const [diagnosis] = await diagnose({ ...input, findings: { ...nothingFound, facts } });
  return diagnosis?.remedy;
};
const othersExcluded = (['bucket-policy', 'bucket-owner', 'identity-policy'] as const).map((layer) =>
  bearing(layer, 'excludes'),
);

const ownedBy = (accountId: string) =>
  afterFacts([bearing('bucket-owner', 'supports')], { ...delivery, inbox: { ...delivery.inbox, accountId } });
const redirected = () => {
  const input = checked({ 'copy-to-inbox': { code: 'PermanentRedirect', message: 'Use the specified endpoint.' } });
  const endpoint = `${inbox}.s3.us-west-2.amazonaws.com`;
  const steps = input.steps.map((one) => (one.error ? { ...one, error: { ...one.error, endpoint } } : one));
  return diagnose({ ...input, steps }).then(([one]) => one?.remedy);
};
const ofResource = 'resource-based policy';

test.each<readonly [string, () => Promise<Remedy | undefined>]>([
  ['S3 gives no reason', () => remedyOf('copy-to-inbox', 'Access Denied')],
  [
    'an Allow is missing in the bucket policy',
    () => remedyOf('copy-to-inbox', implicit('s3:PutObject', inboxObject, ofResource)),
  ],
  [
    'an Allow is missing for the internal bucket',
    () => remedyOf('put-internal', implicit('s3:PutObject', internalObject)),
  ],
  ['KMS gives no reason', () => remedyOf('copy-to-inbox', lumped('kms:GenerateDataKey'))],
  ['the key is in neither account', () => remedyOf('copy-to-inbox', lumped('kms:GenerateDataKey'), ofThird)],
  [
    'an Allow is missing in the key policy',
    () => remedyOf('copy-to-inbox', implicit('kms:GenerateDataKey', customerKey, ofResource)),
  ],
  ['a Region in the endpoint of a redirect', redirected],
  ['an SCP, as another answer suggests', () => afterFacts([bearing('service-control-policy', 'supports')])],
  ['an RCP, as all others are excluded', () => afterFacts(othersExcluded)],
  ['another owner of the bucket', () => ownedBy('222222222222')],
  ['another owner, and a key in another account', () => ownedBy('222222222223')],
])('the instruction: %s', async (_, remedy) => {
  expect((await remedy())?.instruction).toMatchSnapshot();
});

test('if two statements of one document may be missing, the other one is a candidate’s remedy', async () => {
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
