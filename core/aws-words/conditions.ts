import type { Effect, Layer } from '../vocabulary.ts';

/** An answer that tells what is wrong with a bucket, a key or a request, and names no policy. */
export interface ConditionWords {
  /** As the sandbox answers: the code, and the messages. Absent where the sandbox has no such answer. */
  readonly says?: { readonly code: string; readonly status: number } & Readonly<
    Record<string, string | number | ((...names: never[]) => string)>
  >;
  /** The same where S3 puts it behind “not authorized to perform: … on resource: …”. */
  readonly reason?: string;
  readonly layer?: Layer;
  /** What is not as it must be. */
  readonly subject?: 'key' | 'bucket';
  readonly effect?: Effect;
  /** The error code, given beside the text or in it. */
  readonly code?: RegExp;
  /** Of its text without whitespace. */
  readonly text?: RegExp;
  /** What makes the row not apply. */
  readonly unless?: RegExp;
}

/**
 * AWS's words for what is wrong where no policy is named: `says` is what the sandbox answers, `code` and `text` are what an
 * answer is recognized by. The first row that fits is the one.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and the answers in test/fixtures/
 */
export const conditions = {
  publicAcl: {
    reason: 'because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.',
    layer: 'block-public-access',
    subject: 'bucket',
    text: /prevented(?:bythe|by)(?:BlockPublicAcls|BlockPublicPolicy)|blockedbythe(?:BlockPublicAcls|BlockPublicPolicy)/i,
  },
  endpointPolicy: {
    layer: 'vpc-endpoint-policy',
    effect: 'explicit',
    code: /^VpceAccessDenied$/,
    text: /denieddueto(?:a|the)VPCendpointpolicy/i,
  },
  // KMS refuses the ARN of a key of another Region by naming that Region.
  keyOfOtherRegion: {
    says: { code: 'NotFoundException', status: 400, message: (region: string) => `Invalid arn ${region}` },
    layer: 'region',
    subject: 'key',
    text: /Invalidarn[a-z]{2,}(?:-[a-z]+)+-\d/i,
  },
  noSuchKey: {
    says: {
      code: 'NotFoundException',
      status: 400,
      message: (key: string) => `Key '${key}' does not exist`,
      ofAlias: (alias: string) => `Alias ${alias} is not found.`,
      ofNoKeyId: (keyId: string) => `Invalid keyId '${keyId}'`,
    },
    layer: 'key-missing',
    subject: 'key',
    code: /^KMS\.NotFoundException$/,
    text: /InvalidkeyId'|Key'[^']*'doesnotexist|Aliasarn:\S*isnotfound/i,
  },
  keyDisabled: {
    says: { code: 'DisabledException', status: 400, message: (key: string) => `${key} is disabled.` },
    layer: 'key-state',
    subject: 'key',
    code: /^(?:KMS\.)?DisabledException$/,
    text: /:key\/[^\s:]*?isdisabled/i,
  },
  keyInvalidState: {
    says: {
      code: 'KMSInvalidStateException',
      status: 400,
      message: (key: string, state: 'deletion' | 'import') => `${key} is pending ${state}.`,
    },
    layer: 'key-state',
    subject: 'key',
    code: /^(?:KMS\.)?KMSInvalidStateException$/,
    text: /:key\/[^\s:]*?(?:ispending(?:replica)?(?:deletion|import)|isunavailable|iscreating|isupdating)/i,
  },
  keyOfOtherKind: {
    says: {
      code: 'InvalidKeyUsageException',
      status: 400,
      // As the troubleshooting guide of AWS Backint Agent for SAP HANA quotes it; not among the recorded answers.
      asymmetric: 'You cannot generate a data key with an asymmetric CMK',
      ofUsage: (key: string, usage: string, operation: string) =>
        `${key} key usage is ${usage} which is not valid for ${operation}.`,
      ofSpec: (spec: string) => `Algorithm SYMMETRIC_DEFAULT is incompatible with key spec ${spec}.`,
    },
    layer: 'key-state',
    subject: 'key',
    code: /^(?:KMS\.)?InvalidKeyUsageException$/,
    text: /cannotgenerateadatakeywithanasymmetric/i,
  },
  noSuchBucket: {
    says: { code: 'NoSuchBucket', status: 404, message: 'The specified bucket does not exist' },
    layer: 'bucket-missing',
    subject: 'bucket',
    code: /^NoSuchBucket$/,
    text: /Thespecifiedbucketdoesnotexist/i,
  },
  // What clients of the former global endpoint get, which sign for “aws-global”.
  signedForOtherRegion: {
    says: {
      code: 'AuthorizationHeaderMalformed',
      status: 400,
      message: (requested: string, region: string) =>
        `The authorization header is malformed; the region '${requested}' is wrong; expecting '${region}'`,
    },
    layer: 'region',
    subject: 'bucket',
    text: /theregion'[^']*'iswrong;expecting'/i,
  },
  bucketOfOtherRegion: {
    says: {
      code: 'PermanentRedirect',
      status: 301,
      message:
        'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    },
    layer: 'region',
    subject: 'bucket',
    code: /^PermanentRedirect$/,
    text: /mustbeaddressedusingthespecifiedendpoint/i,
  },
  // Where a bucket is being created, the constraint is what the caller asked for and no bucket is anywhere yet.
  locationConstraint: {
    layer: 'region',
    subject: 'bucket',
    code: /^IllegalLocationConstraintException$/,
    text: /locationconstraintisincompatiblefortheregionspecificendpoint/i,
    unless: /CreateBucket/,
  },
  plainHttp: {
    says: {
      code: 'InvalidArgument',
      status: 400,
      message:
        'Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.',
    },
    layer: 'plain-http',
    text: /AWSKMSmanagedkeysmustbemadeoverasecureconnection/i,
  },
  noAcls: {
    says: { code: 'AccessControlListNotSupported', status: 400, message: 'The bucket does not allow ACLs' },
    layer: 'object-ownership',
    subject: 'bucket',
    code: /^(?:AccessControlListNotSupported|InvalidBucketAclWithObjectOwnership)$/,
    text: /ThebucketdoesnotallowACLs/i,
  },
  // Refusals with reasons of their own, which no layer of the vocabulary stands for.
  // What a bucket says that takes no such uploads, which has been the default since April 2026.
  sseC: {
    reason:
      'because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type',
    text: /blockeduploadrequeststhatspecifyServerSideEncryptionwithCustomerprovidedkeys/i,
  },
  objectLock: { text: /protectedbyobjectlock/i },
} as const satisfies Readonly<Record<string, ConditionWords>>;

/** In order. */
export const conditionRows: readonly ConditionWords[] = Object.values(conditions);
