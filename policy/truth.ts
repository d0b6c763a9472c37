/** Whether something holds: `unknown` where it hangs on a fact about the request that nobody knows. */
export type Truth = boolean | 'unknown';

/** Kleene's three-valued logic: unknown only where the operands that are known don't settle it. */
export function and(...all: readonly Truth[]): Truth {
  if (all.includes(false)) return false;
  return all.includes('unknown') ? 'unknown' : true;
}

export function or(...all: readonly Truth[]): Truth {
  if (all.includes(true)) return true;
  return all.includes('unknown') ? 'unknown' : false;
}

export function not(truth: Truth): Truth {
  return truth === 'unknown' ? 'unknown' : !truth;
}
