import type { ScenarioParts } from './scenario-parts.ts';

/**
 * Removes everything from a world that isn't needed for the report to be wrong: fields, policies, statements,
 * conditions. fast-check's shrinking only goes back in lists of choices; this also simplifies the chosen values.
 *
 * @param isStillWrong also false for something that is not a valid world
 */
export async function simplify(
  parts: ScenarioParts,
  isStillWrong: (candidate: ScenarioParts) => Promise<boolean>,
): Promise<ScenarioParts> {
  for (const candidate of smaller(parts)) {
    if (await isStillWrong(candidate as ScenarioParts)) return simplify(candidate as ScenarioParts, isStillWrong);
  }
  return parts;
}

/** Copies without one of the parts, largest parts first. */
function* smaller(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const at of value.keys()) yield value.toSpliced(at, 1);
    for (const [at, item] of value.entries()) for (const less of smaller(item)) yield value.with(at, less);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const isStatement = 'Effect' in value;
    for (const [key] of entries) {
      if (isStatement ? optionalInStatement.has(key) : !alwaysInPolicy.has(key)) yield without(value, key);
    }
    for (const [key, item] of entries) {
      // A statement may apply to less, but not to nothing.
      if (isStatement && key !== 'Condition' && !(Array.isArray(item) && item.length > 1)) continue;
      for (const less of smaller(item)) yield { ...value, [key]: less };
    }
  }
}

const optionalInStatement: ReadonlySet<string> = new Set(['Sid', 'Condition']);
const alwaysInPolicy: ReadonlySet<string> = new Set(['Version', 'Statement']);

function without(value: object, key: string): unknown {
  return Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
}
