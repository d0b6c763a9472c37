import type { Rule } from './rule.ts';

const s3Codes = 'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html';

export const rulesOfConditions: readonly Rule[] = [
  {
    id: 'key-in-another-region',
    when: { wording: 'condition', layers: ['region'], subject: 'key' },
    confidence: 'inferred',
    alternatives: [
      {
        layer: 'region',
        edge: { action: 's3:PutObject', on: 'internal-object' },
        step: 'put-internal',
        why: 'The key may be right and the internal bucket in the other Region. If so, set internal.kmsKeyArn to a key in that Region.',
      },
    ],
    because: 'Key and bucket are in different Regions. AWS does not say which of the two is wrong.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
  },
  {
    id: 'key-missing',
    when: { wording: 'condition', layers: ['key-missing'] },
    confidence: 'inferred',
    alternatives: [
      { layer: 'region', why: 'A key with that ID may exist in another Region; KMS looks only in its own.' },
    ],
    exhaustive: true,
    because: 'No key has this ARN. KMS does not say whether a key with that ID is in another Region.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/find-cmk-id-arn.html',
  },
  {
    id: 'acl-not-supported',
    when: { wording: 'condition', layers: ['object-ownership'] },
    confidence: 'inferred',
    because: "The bucket does not accept this ACL. Either the ACL or the bucket's setting is not intended.",
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
  },
  {
    id: 'plain-http',
    when: { wording: 'condition', layers: ['plain-http'] },
    confidence: 'proven',
    effectIsTold: true,
    exhaustive: true,
    because: 'S3 says that the request came over plain HTTP.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html',
  },
  {
    id: 'condition',
    when: {
      wording: 'condition',
      layers: ['key-state', 'bucket-missing', 'region', 'block-public-access', 'vpc-endpoint-policy'],
    },
    confidence: 'proven',
    effectIsTold: true,
    exhaustive: true,
    because: 'AWS says what is wrong with the resource itself.',
    source: s3Codes,
  },
  {
    id: 'other-reason',
    when: { wording: 'condition' },
    confidence: 'unknown',
    effectIsTold: true,
    because: 'AWS names a reason other than a policy.',
    source: s3Codes,
  },
];
