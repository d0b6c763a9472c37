/** Whether something holds: `unknown` where it hangs on a fact about the request that nobody knows. */
export type Truth = boolean | 'unknown';

/** Kleene's three-valued logic: unknown only where the operands that are known don't settle it. */
export function and(...all: readonly Truth[]): Truth {
  let truth: Truth = true;
  for (const one of all) {
    if (one === false) return false;
    if (one === 'unknown') truth = 'unknown';
  }
  return truth;
}

export function or(...all: readonly Truth[]): Truth {
  if (all.includes(true)) return true;
  return all.includes('unknown') ? 'unknown' : false;
}

export function not(truth: Truth): Truth {
  return truth === 'unknown' ? 'unknown' : !truth;
}
