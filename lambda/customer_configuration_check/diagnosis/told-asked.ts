import { type Asked, relationOf } from '../../../core/advice/asked.ts';
import { accountIn, bucketIn } from '../../../core/arn.ts';
import { accountNameIn, areDifferentAccounts } from '../../../core/aws-words/anonymized.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import type { Side } from '../../../core/vocabulary.ts';
import { isDeliveryRole, isNeeded } from './delivery-role.ts';
import type { ReadText } from './told.ts';

export interface ToldAsked extends Asked {
  /** Whether the caller is the delivery role; `unknown` where the text does not say who called. */
  readonly isDelivery: 'yes' | 'no' | 'unknown';
}

/** The question that a text says was refused. Whose sides the accounts are is known only where the caller is. */
export function askedBy(told: ReadText, message: MessageDenial, deliveryRole?: string): ToldAsked {
  const principal = message.principal ?? told.principal;
  const resource = message.resource ?? told.resource;
  const action = message.action ?? told.action;
  const principalAccountId = accountIn(principal) ?? twelveDigits(told.principalAccountId);
  // A key that does not exist belongs to nobody: the account in the message may be the one that KMS looked in.
  const isMissing = message.layer === 'key-missing';
  const resourceAccountId = isMissing ? undefined : (accountIn(resource) ?? twelveDigits(told.resourceAccountId));
  const byNumber = relationOf(principalAccountId, resourceAccountId);
  const isOther =
    byNumber === 'unknown' && !isMissing && areDifferentAccounts(accountNameIn(principal), accountNameIn(resource));
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

/** Whoever takes a step of a report is the service. */
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
  const isLikely = isDelivery === 'unknown' ? wording === 'lumped' : action?.startsWith('kms:') && viaS3 === true;
  return isForeign && isLikely ? 'customer' : undefined;
}

/** What somebody else than the service does to a bucket that is called an inbox is its owner's own work. */
function isOwnInbox(action: string | undefined, resource: string | undefined): boolean {
  return !isNeeded(action, undefined) && /inbox/i.test(bucketIn(resource)?.replace(/.*internal.*/i, '') ?? '');
}

function twelveDigits(account: string | undefined): string | undefined {
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}
