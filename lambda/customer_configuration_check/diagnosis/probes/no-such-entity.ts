import type { Reply } from '../probe.ts';

/** IAM's code for what does not exist, and the name that the SDK gives it. */
const codes: readonly string[] = ['NoSuchEntity', 'NoSuchEntityException'];

export function isNoSuchEntity(reply: Reply<unknown>): boolean {
  return !reply.ok && codes.includes(reply.failure.error.code);
}
