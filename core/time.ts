/** Thrown if an answer takes too long: waiting must never keep the check from reporting. */
export class TimeoutError extends Error {
  constructor(milliseconds: number) {
    super(milliseconds > 0 ? `No answer within ${Math.round(milliseconds)} ms.` : 'No time was left to try it.');
    this.name = 'TimeoutError';
  }
}

/**
 * @param work gets a signal that aborts when no one waits for the result anymore; it may ignore it
 * @throws TimeoutError when the time is up; immediately if no time is left
 */
export async function within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (milliseconds <= 0) throw new TimeoutError(milliseconds);
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeoutError(milliseconds));
      controller.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Reserved for building and sending the answer. */
const answerMs = 500;
/** If an AWS service doesn't answer for this long, it won't answer this request. */
const longestMs = 10_000;

/**
 * A share of the remaining time, so that later parts still have theirs.
 *
 * @param remainingMs time until Lambda ends the invocation
 * @param share weight of this part
 * @param laterShares weights of all later parts
 */
export function budgetMs(remainingMs: number, share: number, laterShares: number): number {
  return Math.min(longestMs, ((remainingMs - answerMs) * share) / (share + laterShares));
}
