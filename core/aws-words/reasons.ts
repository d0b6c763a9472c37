import { layers } from '../layers.ts';
import { type Effect, type Layer, namesOf } from '../vocabulary.ts';

/**
 * AWS's wording for each denial, one per row: as the sandbox says it, and as it is recognized in a text. `reads` is
 * always matched against a text without whitespace.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */

/** `resource-based` means the resource's policy, of whatever type. */
export type PolicyInMessage = Layer | 'resource-based';

interface PolicyType {
  readonly policy: PolicyInMessage;
  readonly says: string;
  readonly article: 'a' | 'an' | 'the';
  /** The source of a pattern, to be part of larger ones. */
  readonly reads: string;
  /** Set if AWS names the policies' ARNs (since 2026) to callers of the same account or organization. */
  readonly namesArn?: true;
}

const policies = 'polic(?:y|ies)';

/** Policy types whose names differ between AWS's messages and our layers. */
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

/**
 * The policy that “resource-based” means, by the action's service. Other services' resource policies are not layers.
 */
export const resourcePolicies: Readonly<Record<string, Layer>> = {
  s3: 'bucket-policy',
  kms: 'key-policy',
  sts: 'role-trust-policy',
};

/** For RestrictPublicBuckets, S3's wording is that of the bucket policy. */
function isResourceBased(layer: Layer): boolean {
  return ['bucket-policy', 'key-policy', 'block-public-access'].includes(layer);
}

/** Undefined for a layer that AWS's messages never name. */
export function policyTypeOf(layer: Layer): PolicyType | undefined {
  return policyTypes.find(({ policy }) => policy === (isResourceBased(layer) ? 'resource-based' : layer));
}

/** The reason in a message, after “not authorized to perform: … on resource: …”. */
export const reasons: Readonly<
  Record<
    Effect,
    {
      readonly says: (type: PolicyType, action: string) => string;
      readonly reads: (type: PolicyType) => RegExp;
      /** A pattern that finds the reason in a long text, for any policy type. */
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

/** KMS's wording for a key in another account, which combines all possible problems of the key. */
export const lumped = {
  says: 'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
  /** Matches the current wording, and that of before about 2023. */
  reads:
    /resourcedoesnotexistinthisRegion,noresource-?basedpolicies|becausetheresourcedoesnotexist|ciphertextreferstoa(?:customermasterkey|KMSkey)thatdoesnotexist/i,
  /** Matches the wording when it is not in a full sentence. */
  scan: String.raw`ciphertext\s+refers`,
};

/** The whole sentence. @param on the resource, in AWS's wording; empty for actions without one */
export function notAuthorized(principal: string, action: string, on: string, reason = ''): string {
  return `User: ${principal} is not authorized to perform: ${action}${on && ` on ${on}`}${reason && ` ${reason}`}`;
}

/** S3's complete answer to callers of another organization. */
export const opaque = 'Access Denied';

/** A denial without a reason, from S3 or from clients that got no message: patterns of words and of codes. */
export const bare = {
  words: [
    String.raw`access\s+denied|permission\s+denied\s+on\s+S3\s+path|\bHTTP response code:? 403\b|Http\s+Status\s+Code\s+Forbidden`,
    // DuckDB.
    String.raw`\berror\s+on\s+'https?:[^\s']{0,2000}amazonaws[^\s']{0,2000}'\s+\(HTTP\s+403\)`,
    // The SDKs for C++ (and PyArrow, which uses it), Java, JavaScript and Rust: an answer to HEAD has no message.
    String.raw`\bAWS\s+Error\s+ACCESS_DENIED\b|\bnull \(Service: (?:Amazon )?S3[,;] Status Code: 403\b`,
    String.raw`\bhttpStatusCode(?=["']?\s*[:=]\s*403\b)|\bstatus:(?=\s*(?:StatusCode\()?403\b[^]{0,600}(?:x-amz-id-2|AmazonS3))`,
  ].join('|'),
  codes: 'AccessDenied(?:Exception)?|UnauthorizedOperation',
} as const;

/** The ways in which AWS words a denial. `reasons.ts` and `conditions.ts` have the text of each. */
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

/** Matches a sentence that is cut off. Without a policy, `with an explicit deny` is complete. */
export const cutOff =
  /(?:onresource:?|because(?:n|no[a-z-]*|t[a-z]*)?|with(?:an?|ane[xplict]*|anexplicit(?:d|de|den|denyin(?:an?|the?)?)?)?)$/i;
