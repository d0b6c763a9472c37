/** A period of time, in milliseconds from any common start. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The largest number of overlapping windows. A window that ends when another begins doesn't overlap it. */
export function mostAtOnce(windows: readonly Window[]): number {
  const edges = windows
    .flatMap(({ from, to }) => [
      { at: from, change: 1 },
      { at: to, change: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.change - b.change);
  let open = 0;
  let most = 0;
  for (const { change } of edges) {
    open += change;
    most = Math.max(most, open);
  }
  return most;
}

/** The longest sequence of calls. Of concurrent ones, only one counts. */
export function longestChain(windows: readonly Window[]): number {
  let length = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to } of windows.toSorted((a, b) => a.to - b.to)) {
    if (from < end) continue;
    length++;
    end = to;
  }
  return length;
}

/**
 * When requests were in progress, computed from when they were served after an injected latency. Slightly shorter than
 * the latency: timers and timestamps are only exact to a millisecond, and consecutive requests must not seem to
 * overlap.
 */
export function windowsOf(calls: readonly { readonly at: Date }[], latencyMs: number): readonly Window[] {
  return calls.map(({ at }) => ({ from: at.getTime() - 0.9 * latencyMs, to: at.getTime() }));
}
