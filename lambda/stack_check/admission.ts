import * as v from 'valibot';

/** The recent requests of one customer's account. Times are in milliseconds since 1970. */
export const recordSchema = v.object({
  /**
   * The running check: its invocation of the function, whose ID stays the same when Lambda retries it, and the time by
   * which Lambda has ended that invocation in any case.
   */
  running: v.optional(v.object({ by: v.string(), until: v.number() })),
  /** Checks that were started, oldest first. */
  started: v.array(v.object({ requestId: v.string(), by: v.string(), at: v.number() })),
});

export type AccountRecord = v.InferOutput<typeof recordSchema>;

/** A request from CloudFormation that would start a check. */
export interface Asking {
  readonly requestId: string;
  readonly invocationId: string;
  readonly now: number;
  /** The latest time at which the invocation ends. */
  readonly until: number;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly record: AccountRecord }
  /** Another invocation answers it or has answered it. */
  | { readonly kind: 'repeated' }
  /** Another check of the account is running. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'too-many' };

const hourMs = 3_600_000;

/** Longer than a response URL is valid, so that repeating a request has no effect. */
const rememberedMs = 3 * hourMs;

/**
 * Decides if a check may start: one at a time per account, a limited number per hour, and only once for each request.
 * An invocation that Lambda retries may continue.
 */
export function admission(record: AccountRecord, asking: Asking, checksPerHour: number): Admission {
  const { requestId, invocationId, now, until } = asking;
  const started = record.started.filter(({ at }) => now - at < rememberedMs);
  const same = started.find((one) => one.requestId === requestId);
  if (same !== undefined && same.by !== invocationId) return { kind: 'repeated' };
  const { running } = record;
  if (running !== undefined && running.by !== invocationId && running.until > now) return { kind: 'busy' };
  const isRetry = same !== undefined;
  if (!isRetry && started.filter(({ at }) => now - at < hourMs).length >= checksPerHour) return { kind: 'too-many' };
  return {
    kind: 'admitted',
    record: {
      running: { by: invocationId, until },
      started: isRetry ? started : [...started, { requestId, by: invocationId, at: now }],
    },
  };
}

/** The record after a check has ended; unchanged if another one is running. */
export function released(record: AccountRecord, invocationId: string): AccountRecord {
  return record.running?.by === invocationId ? { started: record.started } : record;
}
