import { arnPattern } from './arn.ts';
/** What a field of a test event may look like by itself. */
export const patterns = {
  /** `check-` and this make the name of a role session, which may have 64 characters. */
  customer: /^[A-Za-z0-9][A-Za-z0-9._-]{0,57}$/,
  accountId: /^\d{12}$/,
  region: /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/,
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  bucket:
    /^(?!xn--|sthree-)(?!.*(?:\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$))(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  /** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN */
  kmsKeyArn: arnPattern(
    /kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-[\da-fA-F]{32}|[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12})/,
  ),
  roleArn: arnPattern(/iam::\d{12}:role\/[\w+=,.@/-]{1,576}/),
  /**
   * No folder is called `.` or `..`, which paths mean otherwise. At most 800 characters: an object key has at most 1,024 bytes, and the prefix must fit into a session policy of
   * 2,048 characters. In a policy's Resource `*`, `?` and `$` would mean something else.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
   */
  prefix: /^(?!(?:.*\/)?\.{1,2}\/)(?:[A-Za-z0-9!_.'()&@=;:+, -][A-Za-z0-9!_.'()&@=;:+, /-]{0,798}\/)?$/,
} as const;
