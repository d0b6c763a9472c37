import { element, xmlDocument } from '../wire/xml.ts';
import { ask } from './ask.ts';
import { type BucketOperation, s3Namespace } from './operation.ts';

/**
 * The first Region is told as nothing.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
export const getBucketLocation: BucketOperation = async (world, request, { bucket }) => {
  await ask(world, request, { action: 's3:GetBucketLocation', bucket });
  const constraint = bucket.region === 'us-east-1' ? '' : bucket.region;
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(element('LocationConstraint', constraint, { xmlns: s3Namespace })),
  };
};
