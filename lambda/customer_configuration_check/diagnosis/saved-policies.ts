/**
 * The errors of S3, KMS, IAM and Organizations when they reject a policy, with the usual reason. They deny no request:
 * the previous policy stays in force. The first matching row applies.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
const reasons: readonly { readonly said: RegExp; readonly reason: string }[] = [
  {
    said: /invalid\s+principals?/i,
    reason:
      'A Principal in the policy does not exist as it is written. Usually it is a role or user that is not created yet (or was deleted), an account ID with a wrong digit, or an ARN of another partition than that of the account (aws, aws-cn, aws-us-gov). Create the role first, or correct the ARN: AWS looks the principal up when it saves the policy.',
  },
  {
    said: /invalid\s+resource|must\s+be\s+in\s+ARN\s+format|Partition\s+\S+\s+is\s+not\s+valid/i,
    reason:
      "A Resource in the policy is not one that this policy can be about. Usually it names another bucket than the policy's own, lacks the arn:…:s3::: in front, or is an ARN of another partition than that of the account (aws, aws-cn, aws-us-gov). For a bucket policy write arn:PARTITION:s3:::BUCKET and arn:PARTITION:s3:::BUCKET/*.",
  },
  {
    said: /Action\s+does\s+not\s+apply\s+to\s+any\s+resource/i,
    reason:
      'An action and the Resource in the same statement do not belong together: actions on objects (s3:PutObject) take the ARN of its objects (…:s3:::BUCKET/*), actions on the bucket (s3:ListBucket) take the ARN of the bucket (…:s3:::BUCKET).',
  },
  {
    said: /invalid\s+action/i,
    reason: 'An Action in the policy is misspelled, or of another service than the resource.',
  },
  {
    said: /(?:invalid\s+condition\s+key|Conditions?\s+do(?:es)?\s+not\s+apply)/i,
    reason:
      'A condition key in the policy is misspelled, or does not apply to the actions in its statement: S3 takes s3: and aws: keys, KMS takes kms: and aws: keys.',
  },
  {
    said: /new\s+key\s+policy\s+will\s+not\s+allow/i,
    reason:
      "KMS does not save a key policy that would lock its writer out. Let a statement allow kms:PutKeyPolicy to the caller, usually the one that gives kms:* to the account's root; --bypass-policy-lockout-safety-check is for those who mean it.",
  },
  {
    said: /should\s+not\s+specify\s+a\s+principal|prohibited\s+field\s+(?:Not)?Principal/i,
    reason: "A policy of a role or user has no Principal. This looks like a resource's policy in the wrong place.",
  },
  {
    said: /prohibited\s+field\s+(?:Not)?Resource/i,
    reason: 'A trust policy has no Resource: it is about the role that it belongs to.',
  },
  {
    said: /Missing\s+required\s+field|no\s+principal/i,
    reason: 'A statement lacks an element that this kind of policy must have.',
  },
  {
    said: /maximum\s+(?:allowed\s+)?size|PackedPolicyTooLarge|size\s+limit|LimitExceeded|MaxPolicySize/i,
    reason:
      'The policy is too large. A bucket policy may have 20 KB, a key policy 32 KB, a session policy 2,048 characters. Merge statements, or use wildcards in place of lists.',
  },
  {
    said: /invalid\s+Json|valid\s+JSON|could\s+not\s+parse|Syntax\s+errors?|invalid\s+policy\s+syntax|Unknown\s+field/i,
    reason:
      'The document is not a policy as JSON: a brace, a comma or a quotation mark is wrong, or a field is misspelled.',
  },
  { said: /\(?SIDs?\)?.{0,40}unique/is, reason: 'Two statements have the same Sid. Give each its own.' },
];

/** How to recognize such an answer: its code, or the wording of answers without one. */
export const unsaved = {
  codes: 'MalformedPolicy(?:Document)?(?:Exception)?|PackedPolicyTooLarge(?:Exception)?',
  words: String.raw`Policy\s+(?:has|contains)\s+(?:a\s+statement|an?\s+invalid|invalid)|Invalid\s+principal\s+in\s+policy|new\s+key\s+policy\s+will\s+not\s+allow`,
} as const;
const sign = new RegExp(String.raw`\b(?:(${unsaved.codes})\b|${unsaved.words})`, 'i');

/** @returns the meaning; undefined if the text is not about saving a policy */
export function unsavedPolicy(text: string): string | undefined {
  const found = text.match(sign);
  if (!found) return undefined;
  const named = found[1] ?? 'MalformedPolicy';
  const reason =
    reasons.find(({ said }) => said.test(text))?.reason ??
    'Its message says what is wrong; `secure-inbox preflight` finds the line in the document.';
  return `${named}: AWS did not save the policy, and the one that was there before stays in force. ${reason}`;
}
