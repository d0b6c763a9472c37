import { element, xmlDocument } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { type BucketOperation, s3Namespace } from './operation.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html */
export const getBucketOwnershipControls: BucketOperation = async (world, request, { bucket }) => {
  await ask(world, request, { action: 's3:GetBucketOwnershipControls', bucket });
  const rule = element('Rule', [element('ObjectOwnership', bucket.objectOwnership)]);
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(element('OwnershipControls', [rule], { xmlns: s3Namespace })),
  };
};
