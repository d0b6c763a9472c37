import { nameOf } from '../../../core/arn.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import { layerRow } from '../../../core/layers.ts';
import type { Diagnosis, Remedy } from '../../../core/report.ts';
import { isCalled, isDeliveryRole, isNeeded, type ToldAsked } from './request-in-text.ts';

/**
 * Advice about a denial that is known only from a text. Proposes a policy change only for permissions of a delivery
 * that the delivery role requested. Other callers may be denied on purpose: for them the advice says who requested what
 * and how to find out more, and grants no access.
 */
export function whatToDo(
  diagnosis: Diagnosis,
  asked: ToldAsked,
  message: MessageDenial,
): { readonly diagnosis: Diagnosis; readonly advice?: string } {
  if (message.layer && layerRow(message.layer).opensNothing) return { diagnosis };
  const { remedy: _, ...rest } = diagnosis;
  if (isPartOfDelivery(asked)) {
    if (message.wording === 'opaque') return { diagnosis: { ...rest, remedy: howToTell } };
    return { diagnosis: diagnosis.remedy ? { ...rest, remedy: firstOfAll(diagnosis.remedy, asked) } : rest };
  }
  return {
    diagnosis: { ...rest, summary: `${rest.summary} ${doubtOf(asked)} Denying it may be right.` },
    advice: howToFindOut(diagnosis, asked),
  };
}

function isPartOfDelivery(asked: ToldAsked): boolean {
  const { isDelivery, action, operation, resource, principal, step } = asked;
  if (step !== undefined) return isDelivery !== 'no';
  if (action === undefined) return isDelivery !== 'no' && (operation === undefined || isCalled(operation));
  const isOfCheck = action === 'sts:AssumeRole' && /configuration.?check/i.test(nameOf(principal) ?? '');
  if (isOfCheck) return isDeliveryRole(resource);
  return (isDelivery !== 'no' || isLikeDelivery(asked)) && isNeeded(action, resource);
}

/** True if S3 writes with a key of another account, as in a delivery, whatever the role. */
function isLikeDelivery({ action, viaS3, encryptionContextArn, relation }: ToldAsked): boolean {
  return (
    action === 'kms:GenerateDataKey' &&
    viaS3 === true &&
    encryptionContextArn !== undefined &&
    relation === 'cross-account'
  );
}

/** If the cause is unknown, the first step is to find it. The service can do that. */
const howToTell: Remedy = {
  side: 'service',
  instruction:
    "Run the check with this customer's test event: `secure-inbox check --event EVENT.json --local`. It sends the same " +
    'requests one by one, as the same role, and says which one is denied and by which policy.',
};

/** A text may be about any account, and pasting a statement gives its principal access. */
function firstOfAll(
  remedy: Remedy,
  { action, principal, principalAccountId, relation, isDelivery, roleArn }: ToldAsked,
): Remedy {
  if (isDelivery === 'no') {
    const what = action === 'sts:AssumeRole' ? "the check's own role" : 'the role that delivers reports';
    return {
      ...remedy,
      instruction: `If ${nameOf(principal)} is ${what}: ${remedy.instruction} Otherwise denying it may be right.`,
    };
  }
  if (!remedy.statement?.['Principal'] || relation === 'same-account' || !principalAccountId) return remedy;
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  const path =
    principal?.includes(':assumed-role/') && roleArn === undefined
      ? ' If the role has a path, add it to the Principal: the ARN of a session does not show it.'
      : '';
  return {
    ...remedy,
    instruction: `First confirm that ${principalAccountId} is the service's account and ${nameOf(principal)} is its delivery role.${path} ${remedy.instruction}`,
  };
}

function doubtOf({ action, operation, principal, isDelivery, resource }: ToldAsked): string {
  if (!isNeeded(action, resource)) {
    return `No delivery of reports needs ${action ?? operation ?? 'it'}${action ? ' there' : ''}.`;
  }
  const who = nameOf(principal) ?? 'the caller';
  return isDelivery === 'unknown'
    ? 'Only the delivery role needs this permission.'
    : `A delivery needs ${action}, but nothing indicates that ${who} is the role that delivers reports.`;
}

function howToFindOut(
  { denial }: Diagnosis,
  { action, operation: call, principal, principalAccountId, resource, isDelivery }: ToldAsked,
): string {
  const who = principal ?? 'A caller that the text does not name';
  const [service = '', operation = ''] = action?.split(':') ?? [];
  const wanted = action ?? call;
  const what = wanted ? `asked for ${wanted}${resource ? ` on ${resource}` : ''}` : `asked for ${resource ?? 'it'}`;
  const trail =
    service === 's3' && /Object|ListBucket/.test(operation)
      ? "the bucket's server access log or CloudTrail's data events"
      : `CloudTrail in ${principalAccountId ? `account ${principalAccountId}` : "the caller's account"}`;
  const whom = (denial.layer && layerRow(denial.layer).keeper) ?? 'the owner of the resource';
  const renamed =
    isDelivery === 'no' && isNeeded(action, resource) && principal
      ? ' If it is the role that delivers reports, pass its ARN with --delivery-role to get the change that allows it.'
      : '';
  return (
    `${who} ${what}. First find out who that is and why: ${trail} has the request with its time, IP address and user agent. ` +
    `Before you allow anything, ask ${whom} whether it should be possible.${renamed}`
  );
}
