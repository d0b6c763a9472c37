/** The user wants an end; the process follows. */
export class Interrupted extends Error {
  constructor(readonly status: number) {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/** @throws Interrupted as soon as the signal is aborted; what is under way is left to the end of the process */
export function unlessInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted(Number(signal.reason) || 130));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
