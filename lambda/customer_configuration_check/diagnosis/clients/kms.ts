import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  type KeyMetadata,
  KMSClient,
  type KMSClientConfig,
} from '@aws-sdk/client-kms';

/** In a separate file, so that the client is loaded only when needed. */
export type Kms = ReturnType<typeof connectToKms>;

type Asked = 'kms:GenerateDataKey' | 'kms:Decrypt';

export function connectToKms(config: KMSClientConfig) {
  const client = new KMSClient(config);
  return {
    async describe(KeyId: string, abortSignal: AbortSignal): Promise<KeyMetadata | undefined> {
      return (await client.send(new DescribeKeyCommand({ KeyId }), { abortSignal })).KeyMetadata;
    },
    /**
     * Tests the caller's permission without performing the action. KMS answers every dry run with an error:
     * https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html
     *
     * @throws DryRunOperationException if it would succeed
     */
    async dryRun(action: Asked, KeyId: string, context: string, abortSignal: AbortSignal): Promise<void> {
      const asked = { KeyId, DryRun: true, EncryptionContext: { 'aws:s3:arn': context } };
      if (action === 'kms:Decrypt') {
        // S3 never shows its ciphertext, and only the permission matters.
        await client.send(new DecryptCommand({ ...asked, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }), { abortSignal });
      } else {
        await client.send(new GenerateDataKeyCommand({ ...asked, KeySpec: 'AES_256' }), { abortSignal });
      }
    },
  };
}
