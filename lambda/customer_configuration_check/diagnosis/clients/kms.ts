import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  type KeyMetadata,
  KMSClient,
  type KMSClientConfig,
} from '@aws-sdk/client-kms';

/** In a file of its own, so that the client is loaded only where one is asked. */
export interface Kms {
  describe(keyArn: string, signal: AbortSignal): Promise<KeyMetadata | undefined>;
  /**
   * Whether the caller might do it; nothing is done. KMS answers every dry run with an error:
   * https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html
   *
   * @throws DryRunOperationException where it would succeed
   */
  dryRun(
    action: 'kms:GenerateDataKey' | 'kms:Decrypt',
    keyArn: string,
    context: string,
    signal: AbortSignal,
  ): Promise<void>;
}

export function connectToKms(config: KMSClientConfig): Kms {
  const client = new KMSClient(config);
  return {
    async describe(KeyId, abortSignal) {
      return (await client.send(new DescribeKeyCommand({ KeyId }), { abortSignal })).KeyMetadata;
    },
    async dryRun(action, KeyId, context, abortSignal) {
      const asked = { KeyId, DryRun: true, EncryptionContext: { 'aws:s3:arn': context } };
      if (action === 'kms:Decrypt') {
        // The ciphertext is S3's and is never shown; it is the permission that is asked about.
        await client.send(new DecryptCommand({ ...asked, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }), { abortSignal });
      } else {
        await client.send(new GenerateDataKeyCommand({ ...asked, KeySpec: 'AES_256' }), { abortSignal });
      }
    },
  };
}
