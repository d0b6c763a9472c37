import type { Condition } from './conditions.ts';
import { type PolicyDocument, type Statement, statementsIn } from './document.ts';
import { ipRangeOf } from './values.ts';

/**
 * Whether S3 calls a bucket policy public: it grants something to others than fixed values of what the page lists. One
 * public statement makes the policy public, whatever the others say.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning
 * of public"
 */
export function isPublic(document: PolicyDocument): boolean {
  return statementsIn(document).some((statement) => statement.effect === 'Allow' && isPublicStatement(statement));
}

function isPublicStatement({ principal, conditions }: Statement): boolean {
  if (!principal) return false;
  const isAnybody = principal.isExcept || principal.values.some(({ type }) => type === '*' || type === 'Federated');
  return isAnybody && !conditions.some(fixesCaller);
}

/** Keys whose fixed values say who calls, or from where. */
const fixing: Readonly<Record<string, (value: string) => boolean>> = {
  'aws:sourcearn': isFixed,
  'aws:sourcevpc': isFixed,
  'aws:sourcevpce': isFixed,
  'aws:sourceowner': isFixed,
  'aws:sourceaccount': isFixed,
  'aws:userid': isFixed,
  'aws:principalorgid': isFixed,
  // Within one organization, whichever unit.
  'aws:principalorgpaths': (value) => /^o-[a-z0-9]+\//.test(value) && !value.includes('${'),
  'aws:principalarn': isFixed,
  'aws:principalaccount': isFixed,
  's3:dataaccesspointaccount': isFixed,
  's3:x-amz-server-side-encryption-aws-kms-key-id': isFixed,
  // The name of the access point may be any, as long as its account is fixed.
  's3:dataaccesspointarn': (value) => /^arn:[^:*?]+:s3:[^:]*:\d{12}:/.test(value),
  'aws:sourceip': isNarrow,
};

const positive = /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/i;

/** An operator that an absent key passes fixes nothing, and neither does one that excludes. */
function fixesCaller({ operator, key, values }: Condition): boolean {
  const isFixedValue = Object.hasOwn(fixing, key.toLowerCase()) ? fixing[key.toLowerCase()] : undefined;
  return isFixedValue !== undefined && positive.test(operator) && values.length > 0 && values.every(isFixedValue);
}

function isFixed(value: string): boolean {
  return !/[*?]|\$\{/.test(value);
}

/** Ranges broader than /8 and /32 are public, but for private addresses (RFC 1918). */
function isNarrow(value: string): boolean {
  const range = ipRangeOf(value);
  return range !== undefined && range.prefix >= (range.family === 4 ? 8 : 32);
}
