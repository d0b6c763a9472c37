import { stringify } from 'yaml';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import type { ScenarioParts } from './scenario-parts.ts';
import type { Truth } from './truth.ts';
import type { Violation } from './violations.ts';

/** A world in which a promise was broken, simplified as far as possible. */
export interface Counterexample {
  readonly parts: ScenarioParts;
  readonly truth: Truth;
  readonly violation: Violation;
}

/** A scenario to save in `scenarios/`. Its `expect` is the truth. */
export function scenarioFileOf({ parts, truth }: Pick<Counterexample, 'parts' | 'truth'>): ScenarioFile {
  const [{ verdict, deniedStep }] = truth.outcomes;
  return {
    name: 'A world that was found at random',
    why: 'test/random-worlds',
    ...parts,
    expect: {
      verdict,
      ...(deniedStep && { deniedStep }),
      ...(truth.faults.length > 0 && {
        denials: truth.faults.map(({ step, action, layer, effect, side }) => ({
          step,
          action,
          layer,
          ...(effect && { effect }),
          side,
        })),
      }),
    },
  };
}

export function describe({ violation, ...world }: Counterexample): string {
  const { kind, expected, got } = violation;
  return [
    `Broken promise: ${kind}`,
    `Expected: ${indented(expected)}`,
    `Got: ${indented(got)}`,
    '',
    stringify(scenarioFileOf(world), { lineWidth: 0, aliasDuplicateObjects: false }),
  ].join('\n');
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
