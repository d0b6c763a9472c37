import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
} from '@aws-sdk/client-kms';
import { customerKeyArn, delivery, editKey, serviceKeyArn } from '../small-world.ts';
import { failureOf, servedWorld } from './served-world.ts';

const served = servedWorld();
const kms = (region?: string) => served.clientsOf(delivery, region).kms;
const context = { 'aws:s3:arn': 'arn:aws:s3:::inbox/reports/1', tenant: 'acme' };

describe('a data key', () => {
  test('has the requested length, and its ciphertext decrypts with the same context in any order', async () => {
    const made = await kms().send(
      new GenerateDataKeyCommand({ KeyId: customerKeyArn, KeySpec: 'AES_256', EncryptionContext: context }),
    );
    expect(made).toMatchObject({ KeyId: customerKeyArn });
    expect(made.Plaintext).toHaveLength(32);

    const { tenant, ...rest } = context;
    const opened = await kms().send(
      new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext: { tenant, ...rest } }),
    );
    expect(opened).toMatchObject({ KeyId: customerKeyArn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(opened.Plaintext).toEqual(made.Plaintext);
  });

  test.each([{ KeySpec: 'AES_128', bytes: 16 } as const, { NumberOfBytes: 64, bytes: 64 } as const])(
    'of $bytes bytes',
    async ({ bytes, ...size }) => {
      const made = await kms().send(new GenerateDataKeyCommand({ KeyId: serviceKeyArn, ...size }));
      expect(made.Plaintext).toHaveLength(bytes);
    },
  );

  test('without plaintext returns none, but decrypts to the same number of bytes', async () => {
    const made = await kms().send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: serviceKeyArn, KeySpec: 'AES_256' }),
    );
    expect(made).not.toHaveProperty('Plaintext');
    const opened = await kms().send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(opened.Plaintext).toHaveLength(32);
  });

  test.each([{}, { KeySpec: 'AES_256', NumberOfBytes: 32 } as const])('needs exactly one size (%j)', async (size) => {
    const failure = await failureOf(kms().send(new GenerateDataKeyCommand({ KeyId: serviceKeyArn, ...size })));
    expect(failure).toEqual({
      code: 'ValidationException',
      status: 400,
      message: 'Please specify either number of bytes or key spec.',
    });
  });
});

describe('Encrypt and Decrypt', () => {
  async function encrypted(encryptionContext: Record<string, string> = {}): Promise<Uint8Array> {
    const { CiphertextBlob } = await kms().send(
      new EncryptCommand({
        KeyId: serviceKeyArn,
        Plaintext: Buffer.from('hello'),
        EncryptionContext: encryptionContext,
      }),
    );
    return CiphertextBlob ?? Buffer.alloc(0);
  }

  test('return the plaintext', async () => {
    const { Plaintext } = await kms().send(new DecryptCommand({ CiphertextBlob: await encrypted() }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('hello');
  });

  test.each([
    { why: 'another context', change: (blob: Uint8Array) => blob, EncryptionContext: { tenant: 'other' } },
    { why: 'a changed byte', change: flipLast, EncryptionContext: context },
    { why: 'a stub', change: (blob: Uint8Array) => blob.subarray(0, 40), EncryptionContext: context },
    { why: 'garbage', change: () => Buffer.from('not a ciphertext'), EncryptionContext: context },
  ])('refuse $why', async ({ change, EncryptionContext }) => {
    const CiphertextBlob = change(await encrypted(context));
    expect(await failureOf(kms().send(new DecryptCommand({ CiphertextBlob, EncryptionContext })))).toEqual({
      code: 'InvalidCiphertextException',
      status: 400,
      message: '',
    });
  });

  test('decrypt a multi-Region key’s ciphertext in another Region, and no other key’s', async () => {
    const keyId = 'mrk-0123456789abcdef0123456789abcdef';
    const inRegion = (region: string) => serviceKeyArn.replace('us-east-1', region).replace(/key\/.*/, `key/${keyId}`);
    for (const region of ['us-east-1', 'eu-west-1']) {
      const original = served.world.keys.get(serviceKeyArn);
      if (original)
        served.world.keys.set(inRegion(region), {
          ...original,
          arn: inRegion(region),
          keyId,
          region,
          multiRegion: true,
        });
    }
    const made = await kms().send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('hello') }));
    expect(made.KeyId).toBe(inRegion('us-east-1'));
    const opened = await kms('eu-west-1').send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(opened.KeyId).toBe(inRegion('eu-west-1'));

    const CiphertextBlob = await encrypted();
    expect(await failureOf(kms('eu-west-1').send(new DecryptCommand({ CiphertextBlob })))).toEqual({
      code: 'AccessDeniedException',
      status: 400,
      message: `User: ${delivery.arn} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    });
  });

  test('refuse unsupported algorithms by name', async () => {
    editKey(served.world, serviceKeyArn, { spec: 'RSA_2048' });
    const command = new EncryptCommand({
      KeyId: serviceKeyArn,
      Plaintext: Buffer.from('x'),
      EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    });
    expect(await failureOf(kms().send(command))).toMatchObject({
      code: 'NotImplemented',
      message: expect.stringContaining('Encrypt with the EncryptionAlgorithm RSAES_OAEP_SHA_256'),
    });
  });
});

describe('a dry run', () => {
  const succeeded = {
    code: 'DryRunOperationException',
    status: 400,
    message: 'The request would have succeeded, but the DryRun option is set.',
  };

  test('of an allowed call says that it would have succeeded', async () => {
    const command = new GenerateDataKeyCommand({ KeyId: customerKeyArn, KeySpec: 'AES_256', DryRun: true });
    expect(await failureOf(kms().send(command))).toEqual(succeeded);
  });

  test('of a call that fails returns the real error', async () => {
    editKey(served.world, customerKeyArn, { state: 'Disabled' });
    const command = new GenerateDataKeyCommand({ KeyId: customerKeyArn, KeySpec: 'AES_256', DryRun: true });
    expect(await failureOf(kms().send(command))).toMatchObject({ code: 'DisabledException' });
  });

  test('of Decrypt may omit the ciphertext, but then needs a key', async () => {
    const asked = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT' as const] };
    expect(await failureOf(kms().send(new DecryptCommand({ ...asked, KeyId: customerKeyArn })))).toEqual(succeeded);
    expect(await failureOf(kms().send(new DecryptCommand(asked)))).toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining("Value null at 'keyId'"),
    });
  });
});

function flipLast(blob: Uint8Array): Uint8Array {
  const changed = Buffer.from(blob);
  const last = changed.length - 1;
  changed[last] = (changed[last] ?? 0) ^ 1;
  return changed;
}
