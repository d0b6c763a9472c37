import { type Asked, relationOf } from '../../../core/advice/asked.ts';
import { accountIn, bucketIn, isAccessPoint, nameOf, parseArn } from '../../../core/arn.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import { patterns } from '../../../core/event-rules.ts';
import { operations, permissionEdges } from '../../../core/permissions.ts';
import type { Side } from '../../../core/vocabulary.ts';
import type { ReadText } from './failure-in-text.ts';

export interface ToldAsked extends Asked {
  /** True if the caller is the delivery role; `unknown` if the text does not say who called. */
  readonly isDelivery: 'yes' | 'no' | 'unknown';
}

/** The question that a text says was refused. Whose sides the accounts are is known only where the caller is. */
export function askedBy(told: ReadText, message: MessageDenial, deliveryRole?: string): ToldAsked {
  const principal = message.principal ?? told.principal;
  const resource = message.resource ?? told.resource;
  const action = message.action ?? told.action;
  const principalAccountId = accountIn(principal) ?? twelveDigits(told.principalAccountId);
  // A key that does not exist has no owner: the account in the message may be the one that KMS looked in.
  const isMissing = message.layer === 'key-missing';
  // The owner of an access point may be another account than that of the bucket.
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
  // KMS lumps causes only where the key is of another account than the caller.
  const isForeign = relation === 'cross-account' || (relation === 'unknown' && wording === 'lumped');
  if (isDelivery === 'yes') return isForeign ? 'customer' : relation === 'same-account' ? 'service' : undefined;
  // S3 asks for the key of another account: reports are delivered so, by whatever role.
  const isLikely =
    isDelivery === 'unknown'
      ? wording === 'lumped' && (viaS3 !== false || action !== undefined)
      : action?.startsWith('kms:') && viaS3 === true;
  return isForeign && isLikely ? 'customer' : undefined;
}

/** Other callers' requests to a bucket that is called an inbox are its owner's own business. */
function isOwnInbox(action: string | undefined, resource: string | undefined): boolean {
  return !isNeeded(action, undefined) && /inbox/i.test(bucketIn(resource)?.replace(/.*internal.*/i, '') ?? '');
}

/** The first of these that is the role of this session. */
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
  // A number beside a name may stand for the same account.
  return /^\d+$/.test(a) === /^\d+$/.test(b) && !isMasked(a) && !isMasked(b);
}

function telling(account: string | undefined): string | undefined {
  const name = account?.toLowerCase().replace(/[^a-z0-9]/g, '');
  return name === undefined || name === '' || tellsNothing.test(name) ? undefined : name;
}

/** Masks, and names that stand for any account, are the same for different accounts. */
const tellsNothing =
  /^(?:\d*x+\d*|0+|(?:your|my|the|aws)*account(?:id|number)?|(?:your|my|aws)accountid|acct(?:id)?|redacted|hidden|removed|masked|id|number)$/;

/** Some of its digits are left. */
function isMasked(name: string): boolean {
  return /[a-z]\d{4}|\d{4}[a-z]/.test(name);
}

/**
 * Tells by its name whether a caller is the role that delivers reports, because a text shows nothing else. A role of
 * any other name may be anyone's.
 *
 * @param known the delivery role, where the user says it
 */
export function isDeliveryRole(principal: string | undefined, known?: string): boolean {
  const name = nameOf(principal);
  if (name === undefined || !/:(?:assumed-role|role)\//.test(principal ?? '')) return false;
  if (known === undefined) return /deliver|secure-?_?inbox/i.test(name);
  const account = (arn: string) => parseArn(arn)?.accountId;
  return name === nameOf(known) && account(principal ?? '') === account(known);
}

/** True if a delivery needs it at all. */
export function isNeeded(action: string | undefined, resource: string | undefined): boolean {
  const edges = permissionEdges.filter((edge) => edge.action.toLowerCase() === action?.toLowerCase());
  // A delivery names buckets, and no access points.
  if (edges.length === 0 || isAccessPoint(resource)) return false;
  // A delivery reads and deletes in the service's own bucket alone.
  const isInternalOnly = edges.every(({ on }) => on === 'internal-object');
  return !isInternalOnly || !/:s3:::(?!.*internal)[^/]*inbox/i.test(resource ?? '');
}

/** The operations of a delivery: its own requests, those that S3 makes for it, and those of an upload in parts. */
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
