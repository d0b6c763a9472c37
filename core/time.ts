/** Waiting must never keep the check from reporting. */
export class TimeoutError extends Error {
  constructor(milliseconds: number) {
    super(milliseconds > 0 ? `No answer within ${Math.round(milliseconds)} ms.` : 'No time was left to try it.');
    this.name = 'TimeoutError';
  }
}

/**
 * @param work gets a signal when no one waits for it anymore; it is left behind even if it does not listen
 * @throws TimeoutError when the time is over, at once where there is none
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

/** Kept back for putting the answer together and sending it. */
const answerMs = 500;
/** An AWS service that is silent for so long will not answer this request. */
const longestMs = 10_000;

/**
 * A part of the time that is left, so that whatever comes after still has its own.
 *
 * @param remainingMs until Lambda ends the invocation
 * @param share this part's weight
 * @param laterShares the weights of all that comes after it
 */
export function budgetMs(remainingMs: number, share: number, laterShares: number): number {
  return Math.min(longestMs, ((remainingMs - answerMs) * share) / (share + laterShares));
}
