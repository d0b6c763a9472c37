/**
 * Why a key can't be used: KMS's message, which follows the key's ARN, a plain description, and what its owner does.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
interface KeyTroubleRow {
  /** A pattern for KMS's message, in a text without whitespace. */
  readonly reads: string;
  /** Follows the key's name. */
  readonly is: string;
  readonly fix: (target: string, command: string) => string;
}

const cancelled = (target: string, command: string) =>
  `Cancel the deletion of ${target} (\`aws kms cancel-key-deletion --key-id ${command}\`) and enable it (\`aws kms enable-key --key-id ${command}\`). Once it is deleted, nothing that it encrypted can be read.`;

export const keyTroubles = {
  // KMS may say this about a key that is pending deletion, too.
  disabled: {
    reads: 'is disabled',
    is: 'is disabled.',
    fix: (target, command) =>
      `Enable ${target} (\`aws kms enable-key --key-id ${command}\`). If \`aws kms describe-key\` shows that it is pending deletion, cancel that first (\`aws kms cancel-key-deletion\`).`,
  },
  'pending-deletion': { reads: 'is pending(?: replica)? deletion', is: 'is pending deletion.', fix: cancelled },
  'pending-import': {
    reads: 'is pending import',
    is: 'has no key material.',
    fix: (target, command) =>
      `Import the key material of ${target} (\`aws kms get-parameters-for-import --key-id ${command} …\`, then \`aws kms import-key-material\`): if it had some before, only the same.`,
  },
  unavailable: {
    reads: 'is unavailable',
    is: 'is unavailable: its key store is not connected.',
    fix: (target) =>
      `Connect the custom key store that has the material of ${target} (\`aws kms connect-custom-key-store --custom-key-store-id …\`).`,
  },
  creating: {
    reads: 'is creating',
    is: 'is still being created.',
    fix: (target, command) =>
      `Wait until \`aws kms describe-key --key-id ${command}\` says that ${target} is enabled, and check again.`,
  },
  'other-kind': {
    reads: 'asymmetric CMK|key usage is|incompatible with key spec',
    is: 'is of a type that cannot be used for this.',
    fix: (target) =>
      `Use a key of the right type in place of ${target}: S3 encrypts with symmetric encryption keys only.`,
  },
} as const satisfies Readonly<Record<string, KeyTroubleRow>>;
export type KeyTrouble = keyof typeof keyTroubles;

const rows = (Object.entries(keyTroubles) as [KeyTrouble, KeyTroubleRow][]).map(
  ([trouble, { reads }]) => [trouble, new RegExp(reads.replaceAll(' ', ''), 'i')] as const,
);

/** @param text without its whitespace */
export function keyTroubleIn(text: string): KeyTrouble | undefined {
  return rows.find(([, words]) => words.test(text))?.[0];
}
