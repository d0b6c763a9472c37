import { accountIn, bucketIn, nameOf } from '../arn.ts';
import { keyTroubles } from '../aws-words/key-troubles.ts';
import type { MessageDenial } from '../aws-words/message.ts';
import type { Wording } from '../aws-words/reasons.ts';
import type { ResourceRole } from '../permissions.ts';
import { upperFirst } from '../printable.ts';
import type { Denial } from '../report.ts';
import type { Confidence } from '../vocabulary.ts';
import type { Asked } from './asked.ts';
import { missingRole, type SentenceNames, sentencesOn } from './by-layer.ts';

/** One sentence that says who denies which request. Its first words say how certain that is. */
export function summaryOf(denial: Denial, asked: Asked, message: MessageDenial, confidence: Confidence): string {
  const names = namesFor(denial, asked, message);
  if (!denial.layer) {
    if (message.wording === 'condition')
      return `AWS refused the request for a reason other than a policy. ${message.means ?? 'Its message says which.'}`;
    const request = denial.action
      ? `The request of ${names.who} for ${names.action} ${names.on}`
      : (asked.operation ?? 'The request');
    return `${request} was refused; ${refusers[message.wording] ?? "AWS doesn't say by which policy"}.`;
  }
  const kinds = asked.missing && denial.layer === 'role-trust-policy' ? missingRole : sentencesOn(denial.layer);
  const sentence = ((denial.effect && kinds[denial.effect]) ?? kinds.refused)(names);
  return `${certainty[confidence]}${confidence === 'proven' ? upperFirst(sentence) : sentence}`;
}

/** Policies that are not layers. */
const refusers: Partial<Record<Wording, string>> = {
  named: 'AWS names the policy of that resource',
  unattributed: 'AWS says that a Deny statement denies it, but not in which policy',
  cut: 'the text is cut off before it says by which policy',
};

/** The start of a sentence that names a layer. If that is not even likely, AWS's answers contradict each other. */
const certainty: Readonly<Record<Confidence, string>> = {
  proven: '',
  inferred: 'Most likely, ',
  unknown: "AWS's answers contradict each other. One possibility: ",
};

const buckets: Partial<Record<ResourceRole, string>> = {
  'internal-object': 'the internal bucket',
  'inbox-object': 'the Secure Inbox',
};

const keys: Partial<Record<ResourceRole, string>> = {
  'internal-key': 'the KMS key of the internal bucket',
  'inbox-key': 'the KMS key of the Secure Inbox',
};

/** Staged reports use the customer's key too, and the person who fixes the problem must know whose key it is. */
function keyNameOf(keyArn: string | undefined, { role, delivery }: Asked): string {
  const owner = accountIn(keyArn);
  const isCustomers = delivery && owner === delivery.inbox.accountId && owner !== delivery.internal.accountId;
  return isCustomers ? "the customer's KMS key" : ((role && keys[role]) ?? 'the KMS key');
}

function namesFor(
  { principal, action, resource }: Denial,
  asked: Asked,
  { expectedRegion, subject, keyTrouble }: MessageDenial,
): SentenceNames {
  const { role } = asked;
  const bucketName = bucketIn(resource);
  const keyArn = resource?.includes(':kms:') ? resource : undefined;
  const isOfKey = keyArn !== undefined || subject === 'key';
  const bucket = (role && buckets[role]) ?? 'the bucket';
  const key = keyNameOf(keyArn, asked);
  const named = {
    bucket: bucketName ? `${bucket} (${bucketName})` : bucket,
    key: keyArn ? `${key} (${keyArn})` : key,
  };
  return {
    ...named,
    subject: isOfKey ? named.key : named.bucket,
    who: nameOf(principal) ?? nameOf(delivererIn(asked)) ?? 'the caller',
    action: action ?? 'this',
    on: resource ? `on ${resource}` : 'there',
    assumed: resource ?? 'the role',
    trouble: keyTrouble
      ? keyTroubles[keyTrouble].is
      : "is disabled, pending deletion, without key material, or of a type that S3 can't use.",
    elsewhere: expectedRegion ? `: ${isOfKey ? 'its ARN names' : 'S3 expects'} ${expectedRegion}` : '',
  };
}

/** No step needed this permission yet; the delivery role will. */
function delivererIn({ delivery, step }: Asked): string | undefined {
  return step === 'assume-delivery-role' ? undefined : delivery?.deliveryRoleArn;
}
