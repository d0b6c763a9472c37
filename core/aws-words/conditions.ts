import type { Effect, Layer } from '../vocabulary.ts';

/** A phrase of AWS's, in a pattern for each place that is searched for it. */
interface Phrase {
  /** For a message whose whitespace was removed, because a message may be broken at any point. */
  readonly compact: RegExp;
  /** For finding a message in a long text: a pattern of words with whitespace between them. */
  readonly scan: string;
}

/**
 * @param words a pattern in which a space matches any whitespace
 * @param scan the pattern for a long text, if it is shorter
 */
function phrase(words: string, scan = words): Phrase {
  return { compact: new RegExp(words.replaceAll(' ', ''), 'i'), scan: scan.replaceAll(' ', String.raw`\s+`) };
}

/** An answer about a problem with a bucket, a key or a request that names no policy. */
export interface ConditionWords {
  /** The sandbox's answer: the code and the messages. Absent if the sandbox never gives this answer. */
  readonly says?: { readonly code: string; readonly status: number } & Readonly<
    Record<string, string | number | ((...names: never[]) => string)>
  >;
  /** The same after “not authorized to perform: … on resource: …”, as S3 sends it. */
  readonly reason?: string;
  readonly layer?: Layer;
  /** The resource in a wrong state. */
  readonly subject?: 'key' | 'bucket';
  readonly effect?: Effect;
  /** The error code next to or in the text, as a pattern for the whole code. */
  readonly code?: string;
  readonly text?: Phrase;
  /** If a text matches this, another row applies. */
  readonly unless?: RegExp;
  /** The meaning, if it is neither a layer nor a policy. */
  readonly means?: string;
}

/**
 * AWS's messages for faults without a policy. The sandbox answers with `says`; `code` and `text` recognize an answer in
 * a message and in a log. The first matching row applies.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and the answers in test/fixtures/
 */
export const conditions = {
  publicAcl: {
    reason: 'because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.',
    layer: 'block-public-access',
    subject: 'bucket',
    text: phrase(
      '(?:prevented by|blocked by) (?:the )?BlockPublic(?:Acls|Policy)',
      '(?:prevented|blocked) by|BlockPublic(?:Acls|Policy)',
    ),
  },
  endpointPolicy: {
    layer: 'vpc-endpoint-policy',
    effect: 'explicit',
    code: 'VpceAccessDenied',
    text: phrase('denied due to (?:a|the) VPC endpoint policy', 'VPC endpoint policy'),
  },
  // For the ARN of a key in another Region, KMS's message names that Region.
  keyOfOtherRegion: {
    says: { code: 'NotFoundException', status: 400, message: (region: string) => `Invalid arn ${region}` },
    layer: 'region',
    subject: 'key',
    text: phrase('Invalid arn [a-z]{2,}(?:-[a-z]+)+-\\d'),
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
    code: '(?:KMS\\.NotFound|KMSNotFound|KmsKeyNotFound)(?:Exception|Fault)',
    text: phrase(
      "Invalid keyId '|Key '[^']*' does not exist|Alias arn:\\S* is not found",
      'Invalid keyId|does not exist(?! in this)|is not found',
    ),
  },
  keyDisabled: {
    says: { code: 'DisabledException', status: 400, message: (key: string) => `${key} is disabled.` },
    layer: 'key-state',
    subject: 'key',
    code: '(?:KMS\\.)?DisabledException|(?:KMS|KmsKey)Disabled(?:Exception|Fault)',
    text: phrase(':key/[^\\s:]*? is disabled', 'is disabled'),
  },
  keyInvalidState: {
    says: {
      code: 'KMSInvalidStateException',
      status: 400,
      message: (key: string, state: string) => `${key} is ${state}.`,
    },
    layer: 'key-state',
    subject: 'key',
    code: '(?:KMS\\.)?KMSInvalidState(?:Exception|Fault)|InvalidKMSKey\\.InvalidState',
    text: phrase(
      ':key/[^\\s:]*? is (?:pending (?:replica )?(?:deletion|import)|unavailable|creating|updating)',
      'is (?:pending|unavailable)\\b',
    ),
    // These states are about importing or rotating key material; the key itself is usable.
    unless: /cannot be imported|pending rotation/,
  },
  keyOfOtherKind: {
    says: {
      code: 'InvalidKeyUsageException',
      status: 400,
      // As quoted in the troubleshooting guide of AWS Backint Agent for SAP HANA; not among the recorded answers.
      asymmetric: 'You cannot generate a data key with an asymmetric CMK',
      ofUsage: (key: string, usage: string, operation: string) =>
        `${key} key usage is ${usage} which is not valid for ${operation}.`,
      ofSpec: (spec: string) => `Algorithm SYMMETRIC_DEFAULT is incompatible with key spec ${spec}.`,
    },
    layer: 'key-state',
    subject: 'key',
    code: '(?:KMS\\.)?InvalidKeyUsageException',
    text: phrase('cannot generate a data key with an asymmetric'),
  },
  noSuchBucket: {
    says: { code: 'NoSuchBucket', status: 404, message: 'The specified bucket does not exist' },
    layer: 'bucket-missing',
    subject: 'bucket',
    code: 'NoSuchBucket',
    text: phrase('The specified bucket does not exist'),
  },
  // Clients of the former global endpoint, which sign for “aws-global”, get this answer.
  signedForOtherRegion: {
    says: {
      code: 'AuthorizationHeaderMalformed',
      status: 400,
      message: (requested: string, region: string) =>
        `The authorization header is malformed; the region '${requested}' is wrong; expecting '${region}'`,
    },
    layer: 'region',
    subject: 'bucket',
    text: phrase("the region '[^']*' is wrong; expecting '", 'is wrong;'),
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
    // The AWS SDK for Go words it differently.
    code: 'PermanentRedirect|BucketRegionError',
    text: phrase("must be addressed using the specified endpoint|the bucket is not in '[^']*' region"),
  },
  // When a bucket is being created, the constraint is the caller's own request, and no bucket exists yet.
  locationConstraint: {
    layer: 'region',
    subject: 'bucket',
    code: 'IllegalLocationConstraintException',
    text: phrase('location constraint is incompatible for the region specific endpoint', 'incompatible for'),
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
    text: phrase('AWS KMS managed keys must be made over a secure connection'),
  },
  noAcls: {
    says: { code: 'AccessControlListNotSupported', status: 400, message: 'The bucket does not allow ACLs' },
    layer: 'object-ownership',
    subject: 'bucket',
    code: 'AccessControlListNotSupported|InvalidBucketAclWithObjectOwnership',
    text: phrase('The bucket does not allow ACLs|ACLs set with|does not enable ACL access'),
  },
  // Denials with their own reasons, which belong to no layer.
  // From buckets that don't accept such uploads, the default since April 2026.
  sseC: {
    reason:
      'because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type',
    text: phrase(
      'blocked upload requests that specify Server Side Encryption with Customer provided keys',
      'blocked upload requests',
    ),
    means: 'The bucket takes no uploads that are encrypted with a key in the request (SSE-C).',
  },
  otherSseC: {
    text: phrase(
      'Customer provided keys must provide the correct secret key|stored using a form of Server Side Encryption',
    ),
    means:
      'The object is encrypted with a key that the request must bring along (SSE-C), and it brought none or another one.',
  },
  objectLock: {
    text: phrase('protected by object lock'),
    means: 'Object Lock keeps this version of the object until its retention ends and its legal hold is removed.',
  },
  mfaDelete: {
    text: phrase('Mfa Authentication must be used for this request'),
    means: 'The bucket has MFA Delete: this takes the root user with an MFA code.',
  },
  accessDisabled: {
    code: 'AllAccessDisabled',
    text: phrase('All access to this (?:object|bucket) has been disabled'),
    means: 'AWS has disabled the bucket or the account that owns it: only its owner and AWS Support can tell why.',
  },
  noChineseLicense: {
    code: 'UnauthorizedAccess(?:Error)?',
    // GuardDuty uses this word in the names of its findings.
    unless: /UnauthorizedAccess:\w/,
    means: 'In China Regions, S3 refuses requests to a bucket whose owner has no ICP license.',
  },
  signatureVersion: {
    text: phrase('require AWS Signature Version 4'),
    means: 'The request must be signed with Signature Version 4: update or configure the client.',
  },
} as const satisfies Readonly<Record<string, ConditionWords>>;

/** In order of precedence. */
export const conditionRows: readonly (ConditionWords & { readonly isCode: (word: string) => boolean })[] =
  Object.values(conditions).map((row: ConditionWords) => {
    const whole = row.code === undefined ? undefined : new RegExp(`^(?:${row.code})$`);
    return { ...row, isCode: (word) => whole?.test(word) ?? false };
  });
