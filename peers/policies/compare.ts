import { writeFileSync } from 'node:fs';
import type { Case } from './case.ts';
import { classes, classOf } from './classes.ts';
import { type Answer, type Engine, engines, ourAnswer } from './engines.ts';
import { generate } from './generate.ts';
import { Random } from './random.ts';
import { shrunk } from './shrink.ts';

/** Runs random cases through `policy/` and each engine, and counts the disagreements by class. */
async function main(args: readonly string[]): Promise<number> {
  const option = (name: string, fallback: number) => Number(args[args.indexOf(name) + 1] ?? fallback) || fallback;
  const has = (name: string) => args.includes(name);
  const count = has('--cases') ? option('--cases', 1000) : 1000;
  const seed = has('--seed') ? option('--seed', 1) : 1;
  const random = new Random(seed);
  const cases = Array.from({ length: count }, () => generate(random));
  console.log(
    `${count} cases, seed ${seed}; ${cases.filter((one) => ourAnswer(one) === 'allowed').length} allowed by policy/`,
  );
  if (has('--write')) writeFileSync(args[args.indexOf('--write') + 1] ?? 'cases.jsonl', jsonLines(cases));
  let unexplained = 0;
  for (const engine of engines()) unexplained += await compareWith(engine, cases, has('--verbose'));
  console.log(unexplained === 0 ? 'Every disagreement has a class.' : `${unexplained} disagreements have no class.`);
  return unexplained === 0 ? 0 : 1;
}

async function compareWith(engine: Engine, cases: readonly Case[], verbose: boolean): Promise<number> {
  const tally = new Map<string, number>();
  let [compared, agreed, undecided] = [0, 0, 0];
  for (const one of cases) {
    if (!engine.canDecide(one)) continue;
    const theirs = await engine.decide(one);
    if (theirs.startsWith('error')) {
      undecided++;
      if (verbose) console.log(theirs);
      continue;
    }
    compared++;
    if (theirs === ourAnswer(one)) {
      agreed++;
      continue;
    }
    const smallest = await shrunk(one, (smaller) => disagrees(engine, smaller));
    const ours = ourAnswer(smallest);
    const found = classOf(engine.name, smallest);
    tally.set(found ?? 'none', (tally.get(found ?? 'none') ?? 0) + 1);
    if (verbose || found === undefined)
      console.log(JSON.stringify({ engine: engine.name, class: found, ours, ...smallest }));
  }
  engine.close();
  console.log(
    `\n${engine.name}: ${compared} compared, ${agreed} agree, ${compared - agreed} disagree, ${undecided} that it could not decide`,
  );
  for (const [name, times] of [...tally].toSorted((a, b) => b[1] - a[1]))
    console.log(`  ${String(times).padStart(5)}  ${name}: ${classes[name]?.what ?? 'not explained'}`);
  return tally.get('none') ?? 0;
}

/** Cases for other engines, with the decision of `policy/` as `expect`. */
function jsonLines(cases: readonly Case[]): string {
  return cases.map((one, index) => `${JSON.stringify({ id: `R${index}`, ...one, expect: ourAnswer(one) })}\n`).join('');
}

async function disagrees(engine: Engine, one: Case): Promise<boolean> {
  if (!engine.canDecide(one)) return false;
  const theirs: Answer = await engine.decide(one);
  return !theirs.startsWith('error') && theirs !== ourAnswer(one);
}

process.exitCode = await main(process.argv.slice(2));
