import * as fc from 'fast-check';
import type { TestEvent } from '../../core/event.ts';
import { type Report, reportSchema } from '../../core/report.ts';
import { ScenarioError } from '../../model/world/scenario-error.ts';
import { scenarioSchema } from '../../model/world/scenario-schema.ts';
import type { World } from '../../model/world/world.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { defaultScenario, scenarioOf } from '../../sandbox/scenario-files.ts';
import { type Checker, startChecker } from './checker.ts';
import { type Counterexample, scenarioFileOf } from './counterexample.ts';
import { randomWorld } from './random-world.ts';
import type { ScenarioParts } from './scenario-parts.ts';
import { shippedStatements } from './shipped-statements.ts';
import { simplify } from './simplify.ts';
import { type Truth, truthOf } from './truth.ts';
import { type Violation, violationsOf } from './violations.ts';

export interface Hunt {
  readonly assembly: Assembly;
  readonly worlds: number;
  readonly seed: number;
  /** From fast-check's output: goes directly to one world of the seed. */
  readonly path?: string;
  /** Kinds of known violations, which are ignored. */
  readonly known?: ReadonlySet<string>;
  /** Called with every world before the first wrong one. */
  readonly onWorld?: (seen: SeenWorld) => void;
}

export interface SeenWorld {
  readonly truth: Truth;
  /** Absent if the function answered something else. */
  readonly report?: Report;
}

export interface Prey {
  readonly counterexample: Counterexample;
  readonly seed: number;
  readonly path: string;
  /** The number of worlds before it that kept every promise. */
  readonly after: number;
}

/** @returns the first world with a wrong report, simplified as far as possible; undefined if there is none */
export async function hunt(options: Hunt): Promise<Prey | undefined> {
  const { assembly, worlds, seed, path, known = new Set(), onWorld } = options;
  const { world: shippedWorld } = await defaultScenario(assembly);
  const checker = await startChecker(assembly);
  let found: Counterexample | undefined;
  let after = 0;
  const property = fc.asyncProperty(randomWorld(shippedStatements(shippedWorld)), async (parts) => {
    const seen = await look(parts, assembly, checker);
    // A policy that IAM would not save, or an event that the function rejects, doesn't make a world.
    fc.pre(seen !== undefined);
    const [violation] = seen.violations.filter(
      ({ kind }) => !known.has(kind) && (!found || found.violation.kind === kind),
    );
    if (violation) {
      found = { parts, truth: seen.truth, violation };
      return false;
    }
    if (!found) {
      after += 1;
      onWorld?.(seen);
    }
    return true;
  });
  try {
    const details = await fc.check(property, {
      numRuns: worlds,
      seed,
      maxSkipsPerRun: 10,
      ...(path !== undefined && { path }),
    });
    if (details.errorInstance instanceof Error && !found) throw details.errorInstance;
    if (!details.failed) return undefined;
    if (!found) throw new Error(`No worlds could be made: ${details.numSkips} of them were refused.`);
    const { kind } = found.violation;
    let simplest = found;
    await simplify(found.parts, async (parts) => {
      const seen = await look(parts, assembly, checker);
      const violation = seen?.violations.find((other) => other.kind === kind);
      if (seen && violation) simplest = { parts, truth: seen.truth, violation };
      return violation !== undefined;
    });
    return { counterexample: simplest, seed, path: details.counterexamplePath ?? '', after };
  } finally {
    await checker.stop();
  }
}

/** Counts passed checks. The function keeps their sessions, which don't exist in the next world. */
let passed = 0;

async function look(parts: ScenarioParts, assembly: Assembly, checker: Checker): Promise<Look | undefined> {
  const scenario = await built(parts, `customer-${passed}`, assembly);
  if (!scenario) return undefined;
  const { world, event } = scenario;
  const observation = await checker.check(scenario);
  const truth = truthUnlessBroken(world, event);
  const parsed = reportSchema.safeParse(observation.answer);
  if (parsed.data?.verdict === 'passed') passed += 1;
  if (truth instanceof Error) return { truth: unknown, violations: [notEvaluated(truth)] };
  return {
    truth,
    violations: violationsOf(world, truth, observation),
    ...(parsed.success && { report: parsed.data }),
  };
}

function truthUnlessBroken(world: World, event: TestEvent): Truth | Error {
  try {
    return truthOf(world, event);
  } catch (cause) {
    return new Error('no truth', { cause });
  }
}

interface Look extends SeenWorld {
  readonly violations: readonly Violation[];
}

const unknown: Truth = { faults: [], outcomes: [{ verdict: 'inconclusive' }] };

function notEvaluated({ cause }: Error): Violation {
  const got = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return { kind: 'sandbox: a policy that it cannot evaluate', expected: 'the faults of the world', got };
}

/** Builds the world for another customer, because policies contain the scenario's customer name too. */
async function built(parts: ScenarioParts, customer: string, assembly: Assembly) {
  const renamed = JSON.parse(JSON.stringify(parts).replaceAll('acme', customer)) as ScenarioParts;
  const file = scenarioSchema.safeParse(
    scenarioFileOf({
      parts: { ...renamed, event: { ...renamed.event, customer } },
      truth: { faults: [], outcomes: [{ verdict: 'passed' }] },
    }),
  );
  if (!file.success) return undefined;
  try {
    return await scenarioOf(file.data, assembly);
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}
