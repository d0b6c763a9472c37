import { type Asked, relationOf } from '../../../core/advice/asked.ts';
import { accountIn, bucketIn, isAccessPoint, nameOf, parseArn } from '../../../core/arn.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import { patterns } from '../../../core/event-rules.ts';
import { operations, permissionEdges } from '../../../core/permissions.ts';
import type { Side } from '../../../core/vocabulary.ts';
import type { ReadText } from './failure-in-text.ts';

export interface ToldAsked extends Asked {
  /** `yes` if the caller is the delivery role; `unknown` if the text doesn't show the caller. */
  readonly isDelivery: 'yes' | 'no' | 'unknown';
}

/** The request that a text says was denied. The sides of the accounts are known only if the caller's is. */
export function askedBy(told: ReadText, message: MessageDenial, deliveryRole?: string): ToldAsked {
  const principal = message.principal ?? told.principal;
  const resource = message.resource ?? told.resource;
  const action = message.action ?? told.action;
  const principalAccountId = accountIn(principal) ?? twelveDigits(told.principalAccountId);
  // A missing key has no owner, and the account in the message may just be where KMS looked.
  const isMissing = message.layer === 'key-missing';
  // An access point's owner may be another account than the bucket's.
  const isOfNobody = isMissing || isAccessPoint(resource);
  const resourceAccountId = isOfNobody ? undefined : (accountIn(resource) ?? twelveDigits(told.resourceAccountId));
  const byNumber = relationOf(principalAccountId, resourceAccountId);
  const isOther =
    byNumber === 'unknown' && !isOfNobody && areDifferentAccounts(accountNameIn(principal), accountNameIn(resource));
  const relation = isOther ? 'cross-account' : byNumber;
  const isDelivery = deliveryOf(told, principal, deliveryRole);
  const asked = { action, resource, principal, relation, viaS3: told.viaS3, wording: message.wording };
  const isCustomers = isDelivery === 'no' && isOwnInbox(action, resource);
  return {
    step: told.step,
    action,
    operation: told.operation,
    resource,
    principal,
    principalAccountId,
    roleArn: roleBehind(principal, isDelivery === 'yes' ? deliveryRole : undefined, told.roleArn),
    resourceAccountId,
    relation,
    caller: isDelivery === 'yes' ? 'service' : isCustomers ? 'customer' : undefined,
    owner: isMissing ? undefined : isCustomers ? 'customer' : ownerOf(asked, isDelivery),
    viaS3: told.viaS3,
    encryptionContextArn: told.encryptionContextArn,
    isDelivery,
    ...(isDelivery !== 'yes' && { isUnidentified: true as const }),
  };
}

/** The caller in a step of a report is the service. */
function deliveryOf({ step }: ReadText, principal: string | undefined, deliveryRole?: string): ToldAsked['isDelivery'] {
  if (step !== undefined) return 'yes';
  if (principal === undefined) return 'unknown';
  return isDeliveryRole(principal, deliveryRole) ? 'yes' : 'no';
}

function ownerOf(
  { relation, action, viaS3, wording }: Pick<Asked, 'relation' | 'action' | 'viaS3'> & Pick<MessageDenial, 'wording'>,
  isDelivery: ToldAsked['isDelivery'],
): Side | undefined {
  // KMS combines possible causes in one message only if the key is in another account.
  const isForeign = relation === 'cross-account' || (relation === 'unknown' && wording === 'lumped');
  if (isDelivery === 'yes') return isForeign ? 'customer' : relation === 'same-account' ? 'service' : undefined;
  // S3 uses a key of another account: that is how reports are delivered, whatever the role.
  const isLikely =
    isDelivery === 'unknown'
      ? wording === 'lumped' && (viaS3 !== false || action !== undefined)
      : action?.startsWith('kms:') && viaS3 === true;
  return isForeign && isLikely ? 'customer' : undefined;
}

/** Other callers' requests to a bucket that is named an inbox are between them and its owner. */
function isOwnInbox(action: string | undefined, resource: string | undefined): boolean {
  return !isNeeded(action, undefined) && /inbox/i.test(bucketIn(resource)?.replace(/.*internal.*/i, '') ?? '');
}

/** The first of these roles that the session belongs to. */
function roleBehind(principal: string | undefined, ...roles: readonly (string | undefined)[]): string | undefined {
  const isOne = (role: string | undefined) =>
    patterns.roleArn.test(role ?? '') && accountIn(role) === accountIn(principal);
  return roles.find((role) => isOne(role) && nameOf(role) === nameOf(principal));
}

function twelveDigits(account: string | undefined): string | undefined {
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** The account in an ARN, or its anonymized form: `account_A`, `111`, `<prod>`. */
function accountNameIn(arn: string | undefined): string | undefined {
  return parseArn(arn ?? '')?.accountId || undefined;
}

/** True if these are different accounts, anonymized or not. False if unknown. */
export function areDifferentAccounts(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [telling(one), telling(other)];
  if (a === undefined || b === undefined || a === b) return false;
  // A number and a name may mean the same account.
  return /^\d+$/.test(a) === /^\d+$/.test(b) && !isMasked(a) && !isMasked(b);
}

function telling(account: string | undefined): string | undefined {
  const name = account?.toLowerCase().replace(/[^a-z0-9]/g, '');
  return name === undefined || name === '' || tellsNothing.test(name) ? undefined : name;
}

/** Masks and placeholder names look the same for different accounts. */
const tellsNothing =
  /^(?:\d*x+\d*|0+|(?:your|my|the|aws)*account(?:id|number)?|(?:your|my|aws)accountid|acct(?:id)?|redacted|hidden|removed|masked|id|number)$/;

/** True if some of its digits are left. */
function isMasked(name: string): boolean {
  return /[a-z]\d{4}|\d{4}[a-z]/.test(name);
}

/**
 * Recognizes the role that delivers reports by its name, because a text shows nothing else. A role with any other name
 * may be anyone's.
 *
 * @param known the delivery role, if the user names it
 */
export function isDeliveryRole(principal: string | undefined, known?: string): boolean {
  const name = nameOf(principal);
  if (name === undefined || !/:(?:assumed-role|role)\//.test(principal ?? '')) return false;
  if (known === undefined) return /deliver|secure-?_?inbox/i.test(name);
  const account = (arn: string) => parseArn(arn)?.accountId;
  return name === nameOf(known) && account(principal ?? '') === account(known);
}

/** True if deliveries need this permission at all. */
export function isNeeded(action: string | undefined, resource: string | undefined): boolean {
  const edges = permissionEdges.filter((edge) => edge.action.toLowerCase() === action?.toLowerCase());
  // A delivery uses buckets, not access points.
  if (edges.length === 0 || isAccessPoint(resource)) return false;
  // A delivery reads and deletes only in the service's own bucket.
  const isInternalOnly = edges.every(({ on }) => on === 'internal-object');
  return !isInternalOnly || !/:s3:::(?!.*internal)[^/]*inbox/i.test(resource ?? '');
}

/** The operations of a delivery: its own requests, those that S3 sends for it, and those of a multipart upload. */
const calls: ReadonlySet<string> = new Set([
  ...operations,
  'GetObject',
  'HeadObject',
  'UploadPart',
  'GenerateDataKey',
  'Decrypt',
]);

export function isCalled(operation: string): boolean {
  return calls.has(operation);
}
