import type { Bucket } from './world.ts';

/** As S3 has made buckets since April 2023: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html */
export const bucketAsCreated = {
  objectOwnership: 'BucketOwnerEnforced',
  publicAccessBlock: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
  defaultEncryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false },
  versioned: false,
} satisfies Partial<Bucket>;
