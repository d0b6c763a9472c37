import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { delivery, editKey, idle, serviceKeyArn } from '../small-world.ts';
import { failureOf, servedWorld } from './served-world.ts';

const served = servedWorld();
const kms = (caller = delivery) => served.clientsOf(caller).kms;

describe('reading about a key', () => {
  test('GetKeyPolicy returns the policy to those who may read it', async () => {
    const { Policy, PolicyName } = await kms().send(new GetKeyPolicyCommand({ KeyId: serviceKeyArn }));
    expect(PolicyName).toBe('default');
    expect(JSON.parse(Policy ?? '')).toEqual(served.world.keys.get(serviceKeyArn)?.policy);
    expect(await failureOf(kms(idle).send(new GetKeyPolicyCommand({ KeyId: serviceKeyArn })))).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('kms:GetKeyPolicy'),
    });
  });

  test.each([
    { change: { state: 'Disabled' } as const, shown: { Enabled: false, KeyState: 'Disabled', Origin: 'AWS_KMS' } },
    { change: { state: 'PendingImport' } as const, shown: { Enabled: false, Origin: 'EXTERNAL' } },
    {
      change: { spec: 'RSA_2048' },
      shown: { KeySpec: 'RSA_2048', EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] },
    },
    { change: { spec: 'HMAC_256' }, shown: { KeyUsage: 'GENERATE_VERIFY_MAC' } },
    { change: { multiRegion: true }, shown: { MultiRegion: true } },
    { change: { aliases: ['alias/aws/s3'] }, shown: { KeyManager: 'AWS' } },
  ])('DescribeKey reports %j', async ({ change, shown }) => {
    editKey(served.world, serviceKeyArn, change);
    const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId: serviceKeyArn }));
    expect(KeyMetadata).toMatchObject(shown);
  });

  test('an alias that does not exist', async () => {
    expect(await failureOf(kms().send(new DescribeKeyCommand({ KeyId: 'alias/gone' })))).toEqual({
      code: 'NotFoundException',
      status: 400,
      message: 'Alias arn:aws:kms:us-east-1:111111111111:alias/gone is not found.',
    });
  });
});
