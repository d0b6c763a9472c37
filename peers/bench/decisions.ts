import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Case } from '../policies/case.ts';
import { iamSimulate, ourAnswer, simulationOf } from '../policies/engines.ts';
import { generate } from '../policies/generate.ts';
import { Random } from '../policies/random.ts';

/**
 * Measures the decisions per second of processor time of `policy/` and iam-simulate, alternating between them on the
 * same cases in the same run. Most rounds come after the compiler has optimized both. `new` uses documents that were
 * never seen before, so that nothing is cached.
 */
const count = 1000;
const rounds = 25;

const random = new Random(7);
const cases: Case[] = [];
while (cases.length < count) {
  const one = generate(random);
  if (!(await iamSimulate.decide(one)).startsWith('error')) cases.push(one);
}

const copied = (): readonly Case[] => cases.map((one) => structuredClone(one));
/** Outcomes are added up, so that the compiler can't leave out a decision. */
let allowed = 0;

function ours(all: readonly Case[]): Promise<void> {
  for (const one of all) if (ourAnswer(one) === 'allowed') allowed++;
  return Promise.resolve();
}

async function theirs(all: readonly Case[]): Promise<void> {
  for (const simulation of all.map(simulationOf)) {
    const outcome = await runSimulation(simulation, {});
    if (outcome.resultType === 'single' && outcome.overallResult === 'Allowed') allowed++;
  }
}

async function perSecond(decideAll: (all: readonly Case[]) => Promise<void>, all: readonly Case[]): Promise<number> {
  // Moves young objects twice before measuring: the documents are the caller's, and so is the cost of moving them.
  for (let times = 0; times < 2; times++) globalThis.gc?.({ type: 'minor' });
  const before = process.cpuUsage();
  await decideAll(all);
  const { user, system } = process.cpuUsage(before);
  return (all.length / (user + system)) * 1_000_000;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

await ours(cases);
await theirs(cases);
for (const [name, documents] of [
  ['new documents', copied],
  ['known documents', () => cases],
] as const) {
  const speeds: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    speeds.ours.push(await perSecond(ours, documents()));
    speeds.theirs.push(await perSecond(theirs, documents()));
  }
  const [our, their] = [median(speeds.ours), median(speeds.theirs)];
  console.log(
    `${name}: policy/ ${Math.round(our)} decisions in a second of processor time, iam-simulate ${Math.round(their)}: ${(our / their).toFixed(1)} times as many`,
  );
}
console.log(`${count} cases, ${rounds} rounds, medians; Node.js ${process.version}; ${allowed} times allowed`);
