import type { Stack } from './from-templates.ts';
import type { Bucket, Key } from './world.ts';

/** By what the inbox and its key can be told from whatever else a template makes. */
export interface InboxNames {
  readonly serviceAccountId: string;
  /** As a test event has it. */
  readonly inboxBucket?: string | undefined;
}

/** Undefined where it can't be told. */
export function inboxIn({ buckets }: Stack, { serviceAccountId, inboxBucket }: InboxNames): Bucket | undefined {
  return firstTold(buckets, [
    ({ name }) => name === inboxBucket,
    () => true,
    ({ policy }) => speaksOf(policy, serviceAccountId),
    ({ name }) => name.startsWith('secure-inbox-'),
  ]);
}

export function inboxKeyIn({ keys }: Stack, inbox: Bucket, { serviceAccountId }: InboxNames): Key | undefined {
  return firstTold(keys, [
    ({ arn }) => arn === inbox.defaultEncryption.kmsKeyArn,
    () => true,
    ({ policy }) => speaksOf(policy, serviceAccountId),
  ]);
}

/** By the first of several marks that one of them has, and no other one. */
function firstTold<T>(items: readonly T[], marks: readonly ((item: T) => boolean)[]): T | undefined {
  for (const mark of marks) {
    const [marked, ...others] = items.filter(mark);
    if (marked !== undefined && others.length === 0) return marked;
  }
  return undefined;
}

function speaksOf(policy: unknown, accountId: string): boolean {
  return JSON.stringify(policy ?? null).includes(accountId);
}
