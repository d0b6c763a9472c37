/** A sentence of AWS, however it is broken into lines, and escaped. */
export const sentence =
  /\bnot(?:\W|\\n){1,200}authorized(?:\W|\\n){1,200}to(?:\W|\\n){1,200}perform\b(?!\W{1,20}this\W{1,20}operation)/gi;

/** Errors that are no refusal, and that say so by their code. */
const other = [
  'ExpiredToken(?:Exception)?',
  'RequestExpired',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'UnrecognizedClient(?:Exception)?',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'InvalidToken',
  'RequestTimeTooSkewed',
  'SlowDown',
  'Throttling(?:Exception)?',
  'TooManyRequests(?:Exception)?',
  'ServiceUnavailable',
  'NoSuchKey',
  'MalformedPolicy(?:Document)?(?:Exception)?',
  'PackedPolicyTooLarge(?:Exception)?',
  'PolicyTypeNotEnabledException',
  'BucketAlreadyExists',
  'BucketAlreadyOwnedByYou',
];
export const codes = new RegExp(String.raw`\b(?:${other.join('|')})\b`);

/** Why something is refused: after the sentence that says what is, or without it. */
const reasons = [
  String.raw`because\s+no\s+[\w\s-]{3,60}?(?:allow|grant)s?\b`,
  String.raw`explicit\s+deny\b`,
  String.raw`(?:prevented|blocked)\s+by\b`,
  'BlockPublic(?:Acls|Policy)',
  String.raw`VPC\s+endpoint\s+policy`,
];
export const reason = new RegExp(`^(?:${reasons.join('|')})`, 'i');

const wordsOfConditions = [
  ...reasons,
  String.raw`does\s+not\s+(?:exist(?!\s+in\s+this)|allow\s+ACLs)`,
  String.raw`is\s+not\s+found`,
  String.raw`is\s+(?:disabled|pending|unavailable)\b`,
  String.raw`the\s+specified\s+endpoint`,
  String.raw`is\s+wrong;`,
  String.raw`incompatible\s+for`,
  String.raw`Invalid\s+(?:arn|keyId|principal)`,
  String.raw`ciphertext\s+refers`,
  String.raw`ACLs\s+set\s+with`,
  String.raw`an\s+asymmetric`,
  String.raw`protected\s+by\s+object\s+lock`,
  String.raw`blocked\s+upload\s+requests`,
  String.raw`Policy\s+(?:has|contains|document)\s+`,
  String.raw`invalid\s+principals`,
  String.raw`new\s+key\s+policy\s+will\s+not\s+allow`,
  String.raw`token\s+has\s+expired`,
  String.raw`must\s+be\s+provided\s+in\s+the\s+credential`,
];
const codesOfConditions = [
  String.raw`KMS\.\w+`,
  'NoSuchBucket',
  'PermanentRedirect',
  'IllegalLocationConstraintException',
  'AccessControlListNotSupported',
  'InvalidBucketAclWithObjectOwnership',
  'VpceAccessDenied',
  '(?:KMS)?(?:DisabledException|InvalidStateException|InvalidKeyUsageException)',
];

export const codeOfCondition = new RegExp(String.raw`\b(?:${codesOfConditions.join('|')})\b`);
export const wordsOfCondition = new RegExp(String.raw`\b(?:${wordsOfConditions.join('|')})`, 'i');

/** What else an answer of AWS may be recognized by: words of its messages, and codes. */
export const sign = new RegExp(
  String.raw`\b(?:${[...wordsOfConditions, ...codesOfConditions, ...other].join('|')})`,
  'gi',
);

/** A refusal without any reason. */
export const bare = /access\s+denied|\bforbidden\b|AccessDenied(?:Exception)?\b|UnauthorizedOperation\b/gi;
