import type { MessageDenial } from '../../../core/aws-words/message.ts';

/**
 * Errors that are not denials, with their meaning. Patterns match AWS's code or message. The first matching row
 * applies.
 */
export const noDenials: readonly { readonly codes: string; readonly words?: string; readonly means: string }[] = [
  {
    codes: 'ExpiredToken(?:Exception)?|RequestExpired|TokenRefreshRequired|UnauthorizedSSOToken(?:Error)?',
    words: String.raw`(?:[Tt]oken|SSO\s+session)\s+(?:included\s+in\s+the\s+request\s+|associated\s+with\s+this\s+profile\s+)?(?:has|is)\s+expired`,
    means: 'The caller’s credentials have expired: it says nothing about permissions. Get new ones and try again.',
  },
  {
    codes:
      'InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClient(?:Exception)?|SignatureDoesNotMatch|InvalidSignatureException|InvalidToken|AuthFailure|NoCredentialProviders|NoCredentialsError|CredentialsProviderError',
    words: String.raw`must\s+be\s+provided\s+in\s+the\s+credential|Unable\s+to\s+(?:locate|load)\s+(?:AWS\s+)?credentials|could\s+not\s+load\s+credentials`,
    means:
      'AWS does not accept the caller’s credentials, or there are none: it says nothing about permissions. Check which credentials are used and, in a Region that is not enabled by default, whether their account has enabled it.',
  },
  {
    codes: 'MultiFactorAuthenticationFailed',
    words: String.raw`MultiFactorAuthentication\s+failed`,
    means:
      'AWS does not accept the MFA code: it says nothing about permissions. Check the device, its code and the clock.',
  },
  {
    // S3 uses the code of a denial for this.
    codes: 'HeadersNotSigned',
    words: String.raw`Request\s+has\s+expired|headers\s+present\s+in\s+the\s+request\s+which\s+were\s+not\s+signed|Query-string\s+authentication\s+requires|requires\s+a\s+valid\s+Date\s+or\s+x-amz-date`,
    means:
      'The request is not signed as it must be, or its signed URL has expired: it says nothing about permissions. Sign it again with all that it sends.',
  },
  {
    codes: 'RequestTimeTooSkewed',
    means: 'The caller’s clock is wrong: it says nothing about permissions. Set it right and try again.',
  },
  {
    codes:
      'SlowDown|(?:KMS)?Throttling(?:Exception|Fault)?|ThrottledException|TooManyRequests(?:Exception)?|RequestLimitExceeded|ServiceUnavailable|InternalError|InternalFailure|KeyUnavailableException|DependencyTimeoutException|KMSInternalException',
    means: 'AWS could not serve the request at that moment: it says nothing about permissions. Try again.',
  },
  {
    codes: 'NoSuchKey',
    means: 'The object does not exist; the caller may look for it, so nothing is refused.',
  },
  {
    codes: 'InvalidObjectState',
    means: 'The object is archived: restore it first. The caller may read it, so nothing is refused.',
  },
  {
    codes: 'BucketAlreadyExists|BucketAlreadyOwnedByYou',
    means:
      'A bucket of that name exists already: nothing is refused. Choose another name, or use the bucket that is there.',
  },
  {
    codes: 'DryRunOperation(?:Exception)?',
    means: 'The request was only a test (dry run), and AWS answers that it would have succeeded: nothing is refused.',
  },
  {
    // S3 uses the code of a denial for this.
    codes: 'POSTPolicyConditionFailed',
    words: String.raw`Invalid\s+according\s+to\s+Policy:`,
    means:
      'The form that uploads does not meet the conditions of its own signed POST policy, or that policy has expired. It is not an IAM, bucket or key policy: the application that signs the form sets it.',
  },
  {
    codes: 'ObjectLockConfigurationNotFoundError',
    words: String.raw`Put\s+Object\s+requests\s+with\s+Object\s+Lock\s+parameters|Bucket\s+is\s+missing\s+Object\s+Lock\s+Configuration`,
    means:
      'The request does not fit the Object Lock setting of the bucket: with it, uploads must have a checksum (Content-MD5 or x-amz-checksum-…); without it, they may not set a retention or a legal hold. Nothing is refused by a policy.',
  },
  {
    codes: 'InvalidAccelerateConfiguration',
    words: String.raw`Transfer\s+Acceleration\s+is\s+(?:not\s+configured|disabled)\s+on\s+this\s+bucket`,
    means:
      'The client uses Transfer Acceleration, which the bucket does not have: use the bucket’s usual endpoint. Nothing is refused by a policy.',
  },
  {
    codes: 'RegionDisabledException',
    words: String.raw`STS\s+is\s+not\s+activated\s+in\s+this\s+region`,
    means:
      'The account has not enabled the Region, or STS in it: it says nothing about permissions. An administrator can activate it in the account settings of IAM.',
  },
  {
    codes: 'AccountProblem|NotSignedUp',
    means:
      'AWS has suspended the account or not finished its registration: it says nothing about permissions. AWS Support can tell why.',
  },
  {
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
    codes: 'IncorrectKeyException|InvalidCiphertextException',
    means:
      'The data was not encrypted with this key and this encryption context, or it was changed since: nothing is refused. Send the key and the encryption context that encrypted it.',
  },
  {
    codes: 'InvalidGrantTokenException|InvalidGrantTokenFault',
    means:
      'KMS does not know the grant token: nothing is refused. Use the token that CreateGrant returned, or send none, since a grant works without it after some minutes.',
  },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
    codes: 'MethodNotAllowed',
    means:
      'The resource does not take this request, or takes it only from the account that owns the bucket: the caller has the permission. Send the request with credentials of that account; to read an object, check whether its newest version is a delete marker.',
  },
  {
    codes: 'PreconditionFailed|ConditionalRequestConflict',
    means:
      'A condition of the request itself is not met, such as that no object of this name exists yet: nothing is refused. Change If-Match or If-None-Match, or send the request again.',
  },
  {
    codes:
      'NoSuchUpload|NoSuchBucketPolicy|NoSuchPublicAccessBlockConfiguration|ServerSideEncryptionConfigurationNotFoundError|OwnershipControlsNotFoundError',
    means: 'There is no such upload, policy or setting; the caller may look for it, so nothing is refused.',
  },
  {
    codes: 'InvalidBucketName',
    words: String.raw`requires\s+HTTP\s+header\s+x-amz-server-side-encryption\s*:\s*aws:kms`,
    means:
      'The request itself is not valid: nothing is refused. A bucket is named without s3:// and in lower-case letters; a request that names a KMS key must also ask for aws:kms encryption.',
  },
  {
    codes: 'PolicyTypeNotEnabledException',
    means:
      'The organization has this type of policy switched off: nothing is refused. Its management account can enable it.',
  },
];

const noDenial = noDenials.map(({ codes, words, means }) => ({
  code: new RegExp(String.raw`\b(?:${codes})\b`),
  words: words === undefined ? undefined : new RegExp(words),
  means,
}));
const codeOfRefusal = /\bAccessDenied(?:Exception)?\b/;

/** @returns the meaning; undefined if the text has none of these, or a denial before them */
export function isNoDenial(text: string): string | undefined {
  const refusedAt = text.search(codeOfRefusal);
  const isFirst = (at: number) => at >= 0 && (refusedAt < 0 || at < refusedAt);
  return noDenial.find(({ code, words }) => words?.test(text) || isFirst(text.search(code)))?.means;
}

/** Elements that only AWS's answers have, as far as known. Other object stores copy S3's messages. */
const signOfAws = /\bAccessDenied(?:Exception)?\b|x-amz-|amzn|RequestId|HostId|\bS3\b|when calling the|\barn:[\w-]+:/;
const codeOfAws = /<Code>|\(AccessDenied\)/;
const hostOfAws = /\bamazonaws\.com\b/;

/** Other systems that deny requests, and signs that it was AWS after all. */
const strangers: readonly { readonly sign: RegExp; readonly who: string; readonly unless: RegExp }[] = [
  // Their answers look like S3's, so only their names identify them.
  {
    sign: /\.(?:r2\.cloudflarestorage|digitaloceanspaces|wasabisys|backblazeb2|linodeobjects|vultrobjects|aliyuncs|myqcloud|myhuaweicloud|scw|idrivee2\S{0,9})\.(?:com|cloud)\b|\bScaleway Object Storage\b/i,
    who: 'The object storage of another provider',
    unless: hostOfAws,
  },
  {
    sign: /from proxy after CONNECT|Tunnel connection failed|ProxyError|X-Squid-Error|\bsquid\/|Zscaler|\bERR_ACCESS_DENIED\b|Proxy-Connection/i,
    who: 'A proxy on the way',
    unless: codeOfAws,
  },
  { sign: /Access denied for user\b|ERROR 1045|SQLSTATE/i, who: 'A database', unless: codeOfAws },
  {
    sign: /Permission denied \(publickey|requested access to the resource is denied|Resource not accessible by integration|cannot (?:get|list|watch|create|patch|delete) resource "/i,
    who: 'Another system',
    unless: codeOfAws,
  },
  {
    sign: /storage\.objects\.|storage\.googleapis\.com|AuthorizationPermissionMismatch|blob\.core\.windows\.net/i,
    who: 'Another cloud',
    unless: codeOfAws,
  },
  {
    sign: /^[<>*\s]*server:[ \t]*(?!Amazon|AWS)\S|\b(?:nginx|openresty|Apache\/|Apache Server|lighttpd|Microsoft-IIS|envoy|haproxy|Varnish)\b/im,
    who: 'A web server or reverse proxy',
    unless: signOfAws,
  },
  {
    sign: /cloudflare|\bcf-ray\b|\(CloudFront\)|The request could not be satisfied|Request blocked|AkamaiGHost|Incapsula/i,
    who: 'A content delivery network or its firewall',
    unless: signOfAws,
  },
  { sign: /<(?:html|title|h1)\b/i, who: 'A web server or proxy', unless: signOfAws },
];

/** A 403 is not S3's answer if another system sent it. */
export function isOfStranger(text: string, { wording }: MessageDenial): string | undefined {
  if (wording !== 'opaque' && wording !== 'none') return undefined;
  if (!/\b403\b|denied|forbidden/i.test(text)) return undefined;
  const found = strangers.find(({ sign, unless }) => sign.test(text) && !unless.test(text));
  return (
    found &&
    `${found.who} answered this, not AWS: it says nothing about the policies of S3 or KMS. Ask its administrators why, or send the request without it.`
  );
}
