import type { Condition } from './conditions.ts';
import { type PolicyDocument, type Statement, statementsIn } from './document.ts';
import { ipRangeOf } from './values.ts';

/**
 * Tells if S3 considers a bucket policy public: it grants something without limiting it to fixed values of the keys on
 * AWS's page. One public statement makes the policy public.
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

/** Keys whose fixed values identify the caller or its network. */
const fixedKeys =
  /^(?:aws:(?:source(?:arn|vpc|vpce|owner|account)|userid|principal(?:orgid|arn|account))|s3:(?:dataaccesspointaccount|x-amz-server-side-encryption-aws-kms-key-id))$/;

const fixing: ReadonlyMap<string, (value: string) => boolean> = new Map([
  // Within one organization, in any unit.
  ['aws:principalorgpaths', (value) => /^o-[a-z0-9]+\//.test(value) && !value.includes('${')],
  // The access point may have any name, as long as its account is fixed.
  ['s3:dataaccesspointarn', (value) => /^arn:[^:*?]+:s3:[^:]*:\d{12}:/.test(value)],
  ['aws:sourceip', isNarrow],
]);

const positive = /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/i;

/** An operator that passes if the key is absent limits nothing, and neither does one that excludes values. */
function fixesCaller({ operator, key, values }: Condition): boolean {
  const name = key.toLowerCase();
  const isFixedValue = fixedKeys.test(name) ? isFixed : fixing.get(name);
  return isFixedValue !== undefined && positive.test(operator) && values.length > 0 && values.every(isFixedValue);
}

function isFixed(value: string): boolean {
  return !/[*?]|\$\{/.test(value);
}

/** Ranges broader than /8 (IPv4) and /32 (IPv6) are public, except for private addresses (RFC 1918). */
function isNarrow(value: string): boolean {
  const range = ipRangeOf(value);
  return range !== undefined && range.prefix >= (range.bits.length === 32 ? 8 : 32);
}
