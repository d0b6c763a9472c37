import type { SourceDocument } from '../text/document.ts';
import { policyFileOf } from '../text/read-policy-file.ts';
import type { GivenPolicy } from './document-set.ts';
import type { Guess } from './guess.ts';
import { type GivenSetting, isOfKey } from './settings.ts';
import { places, type SlotName, slotNames, slots } from './slots.ts';
import type { Owner, RenderedPolicy, RenderedSetting } from './terraform.ts';

/** A Terraform plan or state, which contains all of an account's buckets and keys. */
export type Plan = Extract<Guess, { readonly holds: 'terraform' }> & { readonly file: string };

interface OfDelivery {
  readonly policies: readonly GivenPolicy[];
  readonly settings: readonly GivenSetting[];
  readonly unused: readonly { readonly file: string; readonly why: string }[];
  readonly unread: readonly { readonly file: string; readonly why: string; readonly slots: readonly SlotName[] }[];
}

interface Inbox {
  readonly bucket?: string;
  readonly kmsKeyArn?: string;
}

/** The parts of plans that are about an event's bucket and key; from other documents, everything that may be. */
export function ofDelivery(plans: readonly Plan[], events: readonly SourceDocument[]): OfDelivery {
  const inboxes = events.map(({ value }) => (value as { inbox?: Inbox }).inbox ?? {});
  const all = plans.flatMap(({ file, rendered }) => rendered.map((one) => ({ ...one, file })));
  const mine = all.filter((one) => isOfDelivery(one, inboxes));
  const others = all.filter((one) => !mine.includes(one));
  return {
    policies: slotNames.flatMap((slot) => {
      const some = mine.filter((one) => one.slot === slot);
      return (slots[slot].several ? some : chosenOf(some, inboxes, events)).map(policyOf);
    }),
    settings: settingsOf(
      plans.flatMap(({ file, settings }) => settings.map((one) => ({ ...one, file }))),
      inboxes,
    ),
    unused: [
      ...others.map(({ file, address, bucket, keyArn }) => ({
        file: `${file}#${address}`,
        why: `is the policy of another ${bucket === undefined ? `key, ${keyArn}` : `bucket, ${bucket}`}`,
      })),
      ...plans.flatMap(({ file, endpoints }) =>
        endpoints.map(({ address, why }) => ({ file: `${file}#${address}`, why })),
      ),
    ],
    unread: others.map(({ file, address, slot }) => ({
      file,
      why: `has the policy of another resource (${address})`,
      slots: [slot],
    })),
  };
}

function isOfDelivery(one: Owner, inboxes: readonly Inbox[]): boolean {
  const isOf = ({ bucket, kmsKeyArn }: Inbox) =>
    (one.bucket === undefined || bucket === undefined || one.bucket === bucket) && isOfKey(one, kmsKeyArn);
  return inboxes.length === 0 || inboxes.some(isOf);
}

type InFile<T> = T & { readonly file: string };

/** If there are several policies of a type, the inbox's own, or the one about the event's bucket or role. */
function chosenOf(
  some: readonly InFile<RenderedPolicy>[],
  inboxes: readonly Inbox[],
  events: readonly SourceDocument[],
): readonly InFile<RenderedPolicy>[] {
  if (some.length < 2 || inboxes.length === 0) return some;
  const certain = some.filter(({ bucket, keyArn }) => (bucket ?? keyArn) !== undefined);
  if (certain.length > 0) return certain;
  const roles = events.map(({ value }) => (value as { deliveryRoleArn?: string }).deliveryRoleArn);
  const marks = [...inboxes.map(({ bucket }) => bucket && `:::${bucket}`), ...roles].flatMap((mark) => mark || []);
  const told = marks
    .map((mark) => some.filter(({ document }) => names(JSON.stringify(document), mark)))
    .find((found) => found.length === 1);
  return told ?? some;
}

/** Doesn't match names that only start with the ARN. */
function names(text: string, arn: string): boolean {
  return ['"', '/', '*'].some((end) => text.includes(arn + end));
}

/** Terraform stores policies as strings within JSON, so they are treated as files with their own lines. */
function policyOf({ file, address, slot, document }: InFile<RenderedPolicy>): GivenPolicy {
  const text = JSON.stringify(document, null, 2);
  return { slot, policy: policyFileOf(text, `${file}#${address}.json`, places[slot].kind) };
}

/**
 * If a plan doesn't show a setting's owner, there must be only one. There may be several grants if there is one key.
 */
function settingsOf(all: readonly RenderedSetting[], inboxes: readonly Inbox[]): readonly GivenSetting[] {
  const fitting = all.filter((one) => isOfDelivery(one, inboxes));
  const hasOneKey = all.filter(({ part }) => part === 'customer.key.state').length < 2;
  return fitting.filter((one) => {
    const isNamed = inboxes.length > 0 && (one.bucket ?? one.keyArn) !== undefined;
    const addsUp =
      one.type === 'aws_s3_account_public_access_block' || (hasOneKey && one.part === 'customer.key.grants');
    return (
      isNamed ||
      addsUp ||
      fitting.every(
        (other) => other === one || other.part !== one.part || other.type === 'aws_s3_account_public_access_block',
      )
    );
  });
}

export function withoutPolicies({ untold }: Pick<Plan, 'untold'>): string {
  const reasons = untold.map(({ why }) => `; it ${why}`).join('');
  return `is a plan or state of Terraform in which no policy of a bucket or key is known${reasons}`;
}
