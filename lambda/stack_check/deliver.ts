import { within } from '../../core/time.ts';
import type { Send } from './send.ts';

export type Delivered =
  | { readonly kind: 'delivered' }
  /** S3 does not want it, now or later: the URL has expired, or was never signed. */
  | { readonly kind: 'refused'; readonly status: number }
  /** Worth another invocation. */
  | { readonly kind: 'unreachable'; readonly why: string };

export interface Delivering {
  readonly send: Send;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly remainingMs: () => number;
}

const oneAttemptMs = 5_000;
const pausesMs: readonly number[] = [250, 500, 1_000, 2_000];

/** Sends a response, again where S3 was busy or out of reach, as long as there is time. Sending it twice does no harm. */
export async function deliver(url: URL, body: string, { send, pause, remainingMs }: Delivering): Promise<Delivered> {
  for (let nth = 0; ; nth++) {
    const delivered = await once(url, body, send, Math.min(oneAttemptMs, remainingMs()));
    const pauseMs = pausesMs[nth];
    if (delivered.kind !== 'unreachable' || pauseMs === undefined || remainingMs() < pauseMs) return delivered;
    await pause(pauseMs);
  }
}

async function once(url: URL, body: string, send: Send, milliseconds: number): Promise<Delivered> {
  try {
    const { status } = await within(milliseconds, (signal) => send(url, body, signal));
    if (status >= 200 && status < 300) return { kind: 'delivered' };
    const isBusy = status >= 500 || status === 429;
    return isBusy ? { kind: 'unreachable', why: `S3 answered ${status}.` } : { kind: 'refused', status };
  } catch (error) {
    // The code alone: messages of the network may have the URL in them.
    const { name, code } = error as { name?: string; code?: string };
    return { kind: 'unreachable', why: `S3 could not be reached: ${code ?? name ?? 'unknown'}.` };
  }
}
