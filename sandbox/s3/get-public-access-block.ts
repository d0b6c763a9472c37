import type { PublicAccessBlock } from '../../model/world/world.ts';
import { AwsError, type SandboxResponse } from '../wire/operation.ts';
import { element, xmlDocument } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { type BucketOperation, s3Namespace } from './operation.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html */
export const getPublicAccessBlock: BucketOperation = async (world, request, { bucket }) => {
  await ask(world, request, { action: 's3:GetBucketPublicAccessBlock', bucket });
  const settings = bucket.publicAccessBlock;
  if (!settings) {
    throw new AwsError(
      'NoSuchPublicAccessBlockConfiguration',
      404,
      'The public access block configuration was not found',
      { BucketName: bucket.name },
    );
  }
  return publicAccessBlockXml(settings);
};

export function publicAccessBlockXml(settings: PublicAccessBlock): SandboxResponse {
  const elements = Object.entries(settings).map(([name, value]) => element(name, String(value)));
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(element('PublicAccessBlockConfiguration', elements, { xmlns: s3Namespace })),
  };
}
