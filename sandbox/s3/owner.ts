import { createHash } from 'node:crypto';
import { element } from '../wire/xml.ts';

/**
 * The canonical user id of an account: 64 hexadecimal digits.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
 */
export function canonicalUserId(accountId: string): string {
  return createHash('sha256').update(`canonical user of ${accountId}`).digest('hex');
}

/** S3 no longer tells display names. */
export function ownerElement(accountId: string, name = 'Owner'): string {
  return element(name, [element('ID', canonicalUserId(accountId))]);
}
