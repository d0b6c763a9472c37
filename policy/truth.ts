/** Whether something holds, or `unknown` if it depends on an unknown fact. */
export type Truth = boolean | 'unknown';

/** Kleene's three-valued logic: unknown only if the known operand doesn't decide. */
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

/** True if it holds for any (or all); evaluation stops at the first that decides. */
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
