import { element, xmlDocument } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { type BucketOperation, s3Namespace } from './operation.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html */
export const getBucketEncryption: BucketOperation = async (world, request, { bucket }) => {
  await ask(world, request, { action: 's3:GetEncryptionConfiguration', bucket });
  const { sseAlgorithm, kmsKeyArn, bucketKeyEnabled } = bucket.defaultEncryption;
  const byDefault = element('ApplyServerSideEncryptionByDefault', [
    element('SSEAlgorithm', sseAlgorithm),
    kmsKeyArn === undefined ? undefined : element('KMSMasterKeyID', kmsKeyArn),
  ]);
  const rule = element('Rule', [byDefault, element('BucketKeyEnabled', String(bucketKeyEnabled))]);
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(element('ServerSideEncryptionConfiguration', [rule], { xmlns: s3Namespace })),
  };
};
