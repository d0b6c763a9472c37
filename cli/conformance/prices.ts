/**
 * In cents, of us-east-1; other Regions differ a little. Requests within AWS's free tier cost nothing.
 *
 * Source: https://aws.amazon.com/kms/pricing/ and https://aws.amazon.com/s3/pricing/, as docs/scale/assumptions.ts has them;
 * nobody read the pages again for this. IAM, STS and Organizations are free; so is a key that waits for its deletion.
 */
export const cents = {
  /** A key is a dollar a month, by the hour. */
  keyHour: 100 / 730,
  kms: 3 / 10_000,
  's3-write': 0.5 / 1_000,
  's3-read': 0.04 / 1_000,
} as const;

/** What a request of the check costs, with what S3 asks of KMS for it. */
export const centsOfCheck: Readonly<Record<string, number>> = {
  PutObject: cents['s3-write'] + cents.kms,
  CopyObject: cents['s3-write'] + cents['s3-read'] + 2 * cents.kms,
  GetObject: cents['s3-read'] + cents.kms,
  HeadObject: cents['s3-read'],
  HeadBucket: cents['s3-read'],
  ListObjectsV2: cents['s3-write'],
  GenerateDataKey: cents.kms,
  GenerateDataKeyWithoutPlaintext: cents.kms,
  Decrypt: cents.kms,
  DescribeKey: cents.kms,
};
