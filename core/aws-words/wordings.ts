import type { Effect, Layer } from '../vocabulary.ts';

/**
 * The forms in which AWS says that it refuses something, and the tables that they are recognized by. All patterns are
 * matched against text without whitespace.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const wordings = {
  named: 'It names the type of policy that refused.',
  transitive: 'It names a VPC endpoint policy, and the policy through which that one came to refuse.',
  unattributed: 'It says that a Deny statement refused, and not where.',
  lumped: "KMS's words for a key of another account: they lump all that can be wrong with the key.",
  unexplained: 'It says who may not do what, and not why.',
  cut: 'It ends before it says why.',
  opaque: 'Nothing more than “Access Denied”.',
  condition: 'It says what is wrong with a bucket, a key or a request.',
  none: 'It is not a refusal that this table knows.',
} as const;
export type Wording = keyof typeof wordings;

/** `resource-based` stands for the policy of whatever resource the action is on. */
export type NamedPolicy = Layer | 'resource-based';

export const policyNames: readonly { readonly pattern: string; readonly policy: NamedPolicy }[] = [
  { pattern: 'identity-?basedpolic(?:y|ies)', policy: 'identity-policy' },
  { pattern: 'resource-?basedpolic(?:y|ies)', policy: 'resource-based' },
  { pattern: 'permissions?boundar(?:y|ies)(?:polic(?:y|ies))?', policy: 'permissions-boundary' },
  // AWS's own documentation also writes “a sessions policy”.
  { pattern: 'sessions?polic(?:y|ies)', policy: 'session-policy' },
  { pattern: 'servicecontrolpolic(?:y|ies)(?:\\(SCPs?\\))?', policy: 'service-control-policy' },
  { pattern: 'resourcecontrolpolic(?:y|ies)(?:\\(RCPs?\\))?', policy: 'resource-control-policy' },
  { pattern: 'VPCendpointpolic(?:y|ies)', policy: 'vpc-endpoint-policy' },
  { pattern: '(?:role)?trustpolic(?:y|ies)', policy: 'role-trust-policy' },
];

/** Which policy “resource-based” is, by the service of the action. Other services' resource policies are no layer here. */
export const resourcePolicies: Readonly<Record<string, Layer>> = {
  s3: 'bucket-policy',
  kms: 'key-policy',
  sts: 'role-trust-policy',
};

/** Texts that lump the causes on the side of the key, today's and the one until about 2023. */
export const lumped =
  /resourcedoesnotexistinthisRegion,noresource-?basedpolicies|becausetheresourcedoesnotexist|ciphertextreferstoa(?:customermasterkey|KMSkey)thatdoesnotexist/i;

/** Where a sentence is cut off. Without a policy, `with an explicit deny` is whole. */
export const cutOff =
  /(?:onresource:?|because(?:n|no[a-z-]*|t[a-z]*)?|with(?:an?|ane[xplict]*|anexplicit(?:d|de|den|denyin(?:an?|the?)?)?)?)$/i;

export interface Condition {
  readonly layer?: Layer;
  /** What is not as it must be. */
  readonly subject?: 'key' | 'bucket';
  readonly effect?: Effect;
  /** The error code, given beside the text or standing in it. */
  readonly code?: RegExp;
  readonly text?: RegExp;
  /** What makes the row not apply. */
  readonly unless?: RegExp;
}

/** What is wrong where no policy is named. The first row that fits is the one. */
export const conditions: readonly Condition[] = [
  {
    layer: 'block-public-access',
    subject: 'bucket',
    text: /prevented(?:bythe|by)(?:BlockPublicAcls|BlockPublicPolicy)|blockedbythe(?:BlockPublicAcls|BlockPublicPolicy)/i,
  },
  {
    layer: 'vpc-endpoint-policy',
    effect: 'explicit',
    code: /^VpceAccessDenied$/,
    text: /denieddueto(?:a|the)VPCendpointpolicy/i,
  },
  // KMS refuses the ARN of a key of another Region by naming that Region.
  { layer: 'region', subject: 'key', text: /Invalidarn[a-z]{2,}(?:-[a-z]+)+-\d/i },
  {
    layer: 'key-missing',
    subject: 'key',
    code: /^KMS\.NotFoundException$/,
    text: /InvalidkeyId'|Key'[^']*'doesnotexist|Aliasarn:\S*isnotfound/i,
  },
  {
    layer: 'key-state',
    subject: 'key',
    code: /^(?:KMS\.)?(?:DisabledException|KMSInvalidStateException|InvalidKeyUsageException)$/,
    text: /:key\/[^\s:]*?(?:isdisabled|ispending(?:replica)?(?:deletion|import)|isunavailable|iscreating|isupdating)|cannotgenerateadatakeywithanasymmetric/i,
  },
  { layer: 'bucket-missing', subject: 'bucket', code: /^NoSuchBucket$/, text: /Thespecifiedbucketdoesnotexist/i },
  {
    layer: 'region',
    subject: 'bucket',
    code: /^PermanentRedirect$/,
    text: /theregion'[^']*'iswrong;expecting'|mustbeaddressedusingthespecifiedendpoint/i,
  },
  // Where a bucket is being made, the constraint is what the caller asked for and no bucket is anywhere yet.
  {
    layer: 'region',
    subject: 'bucket',
    code: /^IllegalLocationConstraintException$/,
    text: /locationconstraintisincompatiblefortheregionspecificendpoint/i,
    unless: /CreateBucket/,
  },
  { layer: 'plain-http', text: /AWSKMSmanagedkeysmustbemadeoverasecureconnection/i },
  {
    layer: 'object-ownership',
    subject: 'bucket',
    code: /^(?:AccessControlListNotSupported|InvalidBucketAclWithObjectOwnership)$/,
    text: /ThebucketdoesnotallowACLs/i,
  },
  // Refusals with reasons of their own, which no layer of the vocabulary stands for.
  { text: /protectedbyobjectlock|blockeduploadrequeststhatspecifyServerSideEncryptionwithCustomerprovidedkeys/i },
];
