import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  ListGrantsCommand,
} from '@aws-sdk/client-kms';
import {
  allow,
  customerKeyArn,
  customerRoot,
  delivery,
  deliveryRoleArn,
  deny,
  editKey,
  editRole,
  idle,
  keyStatement,
  policy,
  serviceKeyArn,
  serviceRoot,
} from '../small-world.ts';
import { failureOf, servedWorld } from './served-world.ts';

const served = servedWorld();
const kms = (caller = delivery) => served.clientsOf(caller).kms;
const dataKey = (KeyId: string, EncryptionContext = {}, caller = delivery) =>
  kms(caller).send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext }));

const unspecific =
  'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';

describe('a key of the caller’s own account', () => {
  test('needs an identity policy if the key policy only trusts the account', async () => {
    expect(await failureOf(dataKey(serviceKeyArn, {}, idle))).toEqual({
      code: 'AccessDeniedException',
      status: 400,
      message: `User: ${idle.arn} is not authorized to perform: kms:GenerateDataKey on resource: ${serviceKeyArn} because no identity-based policy allows the kms:GenerateDataKey action`,
    });
  });

  test('is usable by a role that its policy names, without an identity policy', async () => {
    editKey(served.world, serviceKeyArn, {
      policy: policy(allow('kms:GenerateDataKey', '*', { Principal: { AWS: idle.roleArn } })),
    });
    expect(await dataKey(serviceKeyArn, {}, idle)).toMatchObject({ KeyId: serviceKeyArn });
  });

  test('is closed by a policy that grants nothing, even to the account’s root user', async () => {
    editKey(served.world, serviceKeyArn, {
      policy: policy(allow('kms:*', '*', { Principal: { AWS: deliveryRoleArn } })),
    });
    expect(await failureOf(dataKey(serviceKeyArn, {}, serviceRoot))).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('because no resource-based policy allows the kms:GenerateDataKey action'),
    });
    expect(await dataKey(serviceKeyArn)).toMatchObject({ KeyId: serviceKeyArn });
  });
});

describe('a key of another account', () => {
  test('is usable if both accounts allow it', async () => {
    expect(await dataKey(customerKeyArn)).toMatchObject({ KeyId: customerKeyArn });
  });

  test.each([
    { why: 'its policy does not name the caller', change: { policy: policy() } },
    { why: 'its policy denies', change: { policy: policy(keyStatement, deny('kms:*', '*', { Principal: '*' })) } },
    {
      why: 'it is disabled, which only those learn who may use it',
      change: { policy: policy(), state: 'Disabled' as const },
    },
  ])('is denied with AWS’s unspecific message if $why', async ({ change }) => {
    editKey(served.world, customerKeyArn, change);
    expect(await failureOf(dataKey(customerKeyArn))).toEqual({
      code: 'AccessDeniedException',
      status: 400,
      message: `User: ${delivery.arn} is not authorized to perform: kms:GenerateDataKey on this resource ${unspecific}`,
    });
  });

  test('that does not exist gets the same message', async () => {
    const missing = customerKeyArn.replace(/.$/, 'f');
    expect(await failureOf(dataKey(missing))).toMatchObject({
      code: 'AccessDeniedException',
      message: `User: ${delivery.arn} is not authorized to perform: kms:GenerateDataKey on this resource ${unspecific}`,
    });
  });

  test("an identity policy's denial comes before a missing key", async () => {
    editRole(served.world, deliveryRoleArn, {
      policies: [{ name: 'no', document: policy(deny('kms:*', '*')) }],
    });
    expect(await failureOf(dataKey(customerKeyArn.replace(/.$/, 'f')))).toMatchObject({
      message: expect.stringContaining('with an explicit deny in an identity-based policy'),
    });
  });

  test('may be described and its grants listed, but its policy is never shown', async () => {
    const everything = allow('kms:*', '*', { Principal: { AWS: deliveryRoleArn } });
    editKey(served.world, customerKeyArn, { policy: policy(everything) });
    const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId: customerKeyArn }));
    expect(KeyMetadata).toMatchObject({ Arn: customerKeyArn, AWSAccountId: '222222222222', KeyState: 'Enabled' });
    expect(await kms().send(new ListGrantsCommand({ KeyId: customerKeyArn }))).toMatchObject({ Grants: [] });
    expect(await failureOf(kms().send(new GetKeyPolicyCommand({ KeyId: customerKeyArn })))).toMatchObject({
      code: 'AccessDeniedException',
    });
  });
});

describe('what a policy can test', () => {
  const whenContext = (condition: object) =>
    policy(allow('kms:GenerateDataKey', '*', { Principal: { AWS: deliveryRoleArn }, Condition: condition }));

  test.each([
    { why: 'the encryption context', condition: { StringEquals: { 'kms:EncryptionContext:tenant': 'acme' } } },
    { why: 'its keys', condition: { 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': ['tenant'] } } },
    {
      why: 'the key’s spec and usage',
      condition: { StringEquals: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT', 'kms:KeyUsage': 'ENCRYPT_DECRYPT' } },
    },
    { why: 'its origin', condition: { StringEquals: { 'kms:KeyOrigin': 'AWS_KMS' } } },
    { why: 'whether it is multi-Region', condition: { Bool: { 'kms:MultiRegion': 'false' } } },
    { why: 'that it is no replica', condition: { Null: { 'kms:MultiRegionKeyType': 'true' } } },
    { why: 'the algorithm', condition: { StringEquals: { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' } } },
    { why: 'the caller’s account', condition: { StringEquals: { 'kms:CallerAccount': '111111111111' } } },
    { why: 'the Region', condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } },
  ])('$why', async ({ condition }) => {
    editKey(served.world, customerKeyArn, { policy: whenContext(condition) });
    expect(await dataKey(customerKeyArn, { tenant: 'acme' })).toMatchObject({ KeyId: customerKeyArn });
  });

  test.each([
    { why: 'another encryption context', condition: { StringEquals: { 'kms:EncryptionContext:tenant': 'globex' } } },
    {
      why: 'an encryption context key that is not sent',
      condition: { StringLike: { 'kms:EncryptionContext:who': '*' } },
    },
    { why: 'S3’s calls only', condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } } },
    { why: 'a key of another spec', condition: { StringEquals: { 'kms:KeySpec': 'RSA_2048' } } },
  ])('and deny: $why', async ({ condition }) => {
    editKey(served.world, customerKeyArn, { policy: whenContext(condition) });
    expect(await failureOf(dataKey(customerKeyArn, { tenant: 'acme' }))).toMatchObject({
      code: 'AccessDeniedException',
    });
  });

  test('the alias in a request, which a key ARN does not have', async () => {
    editKey(served.world, serviceKeyArn, { aliases: ['alias/delivery'] });
    editRole(served.world, deliveryRoleArn, {
      policies: [
        {
          name: 'by-alias',
          document: policy(
            allow('kms:GenerateDataKey', '*', {
              Condition: { StringEquals: { 'kms:RequestAlias': 'alias/delivery' } },
            }),
          ),
        },
      ],
    });
    expect(await dataKey('alias/delivery')).toMatchObject({ KeyId: serviceKeyArn });
    expect(await failureOf(dataKey(serviceKeyArn))).toMatchObject({ code: 'AccessDeniedException' });
  });
});

describe('a grant', () => {
  const grant = {
    grantId: 'g1',
    granteePrincipal: deliveryRoleArn,
    operations: ['GenerateDataKey'],
    constraints: { EncryptionContextSubset: { tenant: 'acme' } },
  };
  beforeEach(() => editKey(served.world, customerKeyArn, { policy: policy(), grants: [grant] }));

  test('allows its operations within its constraint', async () => {
    expect(await dataKey(customerKeyArn, { tenant: 'acme', more: '1' })).toMatchObject({ KeyId: customerKeyArn });
    expect(await failureOf(dataKey(customerKeyArn, { tenant: 'globex' }))).toMatchObject({
      code: 'AccessDeniedException',
    });
    const encrypt = new EncryptCommand({
      KeyId: customerKeyArn,
      Plaintext: Buffer.from('x'),
      EncryptionContext: { tenant: 'acme' },
    });
    expect(await failureOf(kms().send(encrypt))).toMatchObject({ code: 'AccessDeniedException' });
  });

  test('is listed to the key’s owner, page by page', async () => {
    const many = Array.from({ length: 3 }, (_, index) => ({ ...grant, grantId: `g${index}` }));
    editKey(served.world, customerKeyArn, {
      policy: policy(allow('kms:*', '*', { Principal: { AWS: customerRoot.arn } })),
      grants: many,
    });
    const owner = kms(customerRoot);
    const first = await owner.send(new ListGrantsCommand({ KeyId: customerKeyArn, Limit: 2 }));
    expect(first).toMatchObject({ Truncated: true });
    const second = await owner.send(
      new ListGrantsCommand({ KeyId: customerKeyArn, Limit: 2, Marker: first.NextMarker }),
    );
    expect([first, second].flatMap(({ Grants }) => Grants?.map(({ GrantId }) => GrantId))).toEqual(['g0', 'g1', 'g2']);
    expect(second.Grants?.[0]).toMatchObject({
      KeyId: customerKeyArn,
      GranteePrincipal: deliveryRoleArn,
      Operations: ['GenerateDataKey'],
      Constraints: grant.constraints,
    });
    const one = await owner.send(new ListGrantsCommand({ KeyId: customerKeyArn, GrantId: 'g1' }));
    expect(one.Grants?.map(({ GrantId }) => GrantId)).toEqual(['g1']);
  });
});

test('Decrypt by ciphertext alone is authorized on the ciphertext’s key', async () => {
  const { CiphertextBlob } = await dataKey(customerKeyArn);
  editKey(served.world, customerKeyArn, { policy: policy() });
  expect(await failureOf(kms().send(new DecryptCommand({ CiphertextBlob })))).toMatchObject({
    code: 'AccessDeniedException',
    message: `User: ${delivery.arn} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext ${unspecific}`,
  });
});
