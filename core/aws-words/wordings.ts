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
