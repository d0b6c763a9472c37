import { layers } from '../layers.ts';
import { type Effect, type Layer, namesOf } from '../vocabulary.ts';

/**
 * AWS's words for a refusal, each in one row: as the sandbox says them, and as they are recognized in a text. Whatever
 * `reads` is matched against a text without whitespace.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */

/** `resource-based` means the policy of the resource, whatever it is. */
export type PolicyInMessage = Layer | 'resource-based';

interface PolicyType {
  readonly policy: PolicyInMessage;
  readonly says: string;
  readonly article: 'a' | 'an' | 'the';
  /** A pattern, as it becomes part of larger ones. */
  readonly reads: string;
  /** Its policies have ARNs that AWS names since 2026, to callers of the same account or organization. */
  readonly namesArn?: true;
}

const policies = 'polic(?:y|ies)';

/** AWS's names for kinds of policies that differ from ours. */
const calledOtherwise: Readonly<Partial<Record<PolicyInMessage, Partial<PolicyType>>>> = {
  'identity-policy': {
    says: 'identity-based policy',
    article: 'an',
    reads: `identity-?based${policies}`,
    namesArn: true,
  },
  'resource-based': { says: 'resource-based policy', reads: `resource-?based${policies}` },
  'permissions-boundary': { reads: `permissions?boundar(?:y|ies)(?:${policies})?`, namesArn: true },
  // AWS's own documentation also writes “a sessions policy”.
  'session-policy': { reads: `sessions?${policies}`, namesArn: true },
  'service-control-policy': { reads: `servicecontrol${policies}(?:\\(SCPs?\\))?`, namesArn: true },
  'resource-control-policy': { reads: `resourcecontrol${policies}(?:\\(RCPs?\\))?`, namesArn: true },
  'role-trust-policy': { article: 'the', reads: `(?:role)?trust${policies}` },
};

const named = namesOf(layers).filter((layer) => 'document' in layers[layer] && !isResourceBased(layer));
export const policyTypes: readonly PolicyType[] = [...named, 'resource-based' as const].map((policy) => {
  const says = policy.replaceAll('-', ' ').replace('vpc', 'VPC');
  const reads = says.replaceAll(' ', '').replace(/policy$/, policies);
  return { policy, says, article: /^[aeiou]/.test(says) ? 'an' : 'a', reads, ...calledOtherwise[policy] };
});

/** The policy that “resource-based” means, by the action's service. Others' resource policies are no layer here. */
export const resourcePolicies: Readonly<Record<string, Layer>> = {
  s3: 'bucket-policy',
  kms: 'key-policy',
  sts: 'role-trust-policy',
};

/** RestrictPublicBuckets has the words of the bucket policy. */
function isResourceBased(layer: Layer): boolean {
  return ['bucket-policy', 'key-policy', 'block-public-access'].includes(layer);
}

/** Undefined for a layer that AWS has no words for. */
export function policyTypeOf(layer: Layer): PolicyType | undefined {
  return policyTypes.find(({ policy }) => policy === (isResourceBased(layer) ? 'resource-based' : layer));
}

/** Why a policy refuses, after “not authorized to perform: … on resource: …”. */
export const reasons: Readonly<
  Record<
    Effect,
    {
      readonly says: (type: PolicyType, action: string) => string;
      readonly reads: (type: PolicyType) => RegExp;
      /** A pattern that finds it in a long text, for any kind of policy. */
      readonly scan: string;
    }
  >
> = {
  implicit: {
    says: ({ says }, action) => `because no ${says} allows the ${action} action`,
    reads: ({ reads }) => new RegExp(`becauseno${reads}(?:allow|grant)s?(?:the([a-z0-9-]+:[a-z0-9]+)action)?`, 'i'),
    scan: String.raw`because\s+no\s+[\w\s-]{3,60}?(?:allow|grant)s?\b`,
  },
  explicit: {
    says: ({ says, article }) => `with an explicit deny in ${article} ${says}`,
    reads: ({ reads }) => new RegExp(`explicitdenyin(?:an?|the)?${reads}(transitivelythrough(?:an?|the))?`, 'i'),
    scan: String.raw`explicit\s+deny\b`,
  },
};

/** KMS's words for a key of another account: they lump all that can be wrong with the key. */
export const lumped = {
  says: 'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
  /** Today's words, and those until about 2023. */
  reads:
    /resourcedoesnotexistinthisRegion,noresource-?basedpolicies|becausetheresourcedoesnotexist|ciphertextreferstoa(?:customermasterkey|KMSkey)thatdoesnotexist/i,
  /** For words without a sentence around them. */
  scan: String.raw`ciphertext\s+refers`,
};

/** The whole sentence. @param on a resource, in AWS's words for it; empty for actions on none */
export function notAuthorized(principal: string, action: string, on: string, reason = ''): string {
  return `User: ${principal} is not authorized to perform: ${action}${on && ` on ${on}`}${reason && ` ${reason}`}`;
}

/** S3's complete answer to callers of another organization. */
export const opaque = 'Access Denied';

/** A refusal without any reason, as S3 says it and as clients do that got no words: patterns of words and of codes. */
export const bare = {
  words: [
    String.raw`access\s+denied|permission\s+denied\s+on\s+S3\s+path|\bHTTP response code:? 403\b|Http\s+Status\s+Code\s+Forbidden`,
    // The SDKs for C++ (and so PyArrow), Java, JavaScript and Rust, which get no words with an answer to HEAD.
    String.raw`\bAWS\s+Error\s+ACCESS_DENIED\b|\bnull \(Service: (?:Amazon )?S3[,;] Status Code: 403\b`,
    String.raw`\bhttpStatusCode(?=["']?\s*[:=]\s*403\b)|\bstatus:(?=\s*(?:StatusCode\()?403\b[^]{0,600}(?:x-amz-id-2|AmazonS3))`,
  ].join('|'),
  codes: 'AccessDenied(?:Exception)?|UnauthorizedOperation',
} as const;

/** The forms in which AWS says that it refuses something. `reasons.ts` and `conditions.ts` have the words of each. */
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

/** Where a sentence is cut off. Without a policy, `with an explicit deny` is whole. */
export const cutOff =
  /(?:onresource:?|because(?:n|no[a-z-]*|t[a-z]*)?|with(?:an?|ane[xplict]*|anexplicit(?:d|de|den|denyin(?:an?|the?)?)?)?)$/i;
