/** A fact that holds, does not, or is `unknown` because it depends on something that no one knows. */
export type Truth = boolean | 'unknown';

/** Kleene's three-valued logic: unknown only where the operand that is known doesn't settle it. */
export function and(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  return a === true ? b : a;
}

export function or(a: Truth, b: Truth): Truth {
  if (a === true || b === true) return true;
  return a === false ? b : a;
}

export function not(truth: Truth): Truth {
  return truth === 'unknown' ? 'unknown' : !truth;
}

/** True if it holds for any, or for all; evaluation stops at the first that settles it. */
export function any<T>(all: readonly T[], holds: (one: T) => Truth): Truth {
  let truth: Truth = false;
  for (const one of all) {
    truth = or(truth, holds(one));
    if (truth === true) return true;
  }
  return truth;
}

export function every<T>(all: readonly T[], holds: (one: T) => Truth): Truth {
  return not(any(all, (one) => not(holds(one))));
}
