import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Figure } from '../../bench/benchmark.ts';
import { benchmarks } from '../../bench/benchmarks.ts';
import { bench } from '../../bench/command.ts';
import { describeMachine } from '../../bench/machine.ts';
import { masked } from '../masked.ts';

const size: Figure = { what: 'entry', value: 67.34, unit: 'kB', goal: { atMost: 160 } };
const speed: Figure = {
  what: 'wall / calls',
  value: 1.25,
  unit: 'ratio',
  goal: { atMost: 1.1 },
  spread: { runs: 3, min: 1, median: 1.25, max: 2 },
  note: 'with a grain of salt',
};

function fake(name: string, figures: readonly Figure[]): Benchmark {
  return { name, question: `How ${name}?`, measure: async () => figures };
}

const machine = describeMachine();
const fakes = [fake('large', [size]), fake('slow', [speed])];

async function run(...args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const status = await bench(args, fakes, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    machine: () => machine,
  });
  return { status, ...written };
}

it('prints the number, the goal, whether it is met, the spread and the note', async () => {
  const { status, stdout } = await run();
  expect(status).toBe(0);
  expect(masked(stdout)).toMatchSnapshot();
});

it('runs only the named benchmarks', async () => {
  const { stdout } = await run('slow');
  expect(masked(stdout)).toMatchSnapshot();
});

it('prints nothing but JSON with --json', async () => {
  const { status, stdout } = await run('--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    machine: { node: process.version },
    benchmarks: [
      { name: 'large', figures: [{ value: 67.34, goal: { atMost: 160 }, met: true }] },
      { name: 'slow', figures: [{ value: 1.25, met: false, spread: { median: 1.25 } }] },
    ],
  });
});

it('counts a value exactly at the goal as met, unless it must be below it', async () => {
  const figures: readonly Figure[] = [
    { what: 'at', value: 256, unit: 'MiB', goal: { atMost: 256 } },
    { what: 'not below', value: 256, unit: 'MiB', goal: { below: 256 } },
    { what: 'no goal', value: 256, unit: 'MiB' },
  ];
  let stdout = '';
  await bench([], [fake('limits', figures)], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
  });
  expect(masked(stdout)).toMatchSnapshot();
});

it('refuses unknown names, and lists the known ones', async () => {
  const { status, stdout, stderr } = await run('large', 'nope', 'neither');
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(masked(stderr)).toMatchSnapshot();
});

it('refuses unknown options', async () => {
  const { status, stderr } = await run('--fast');
  expect(status).toBe(2);
  expect(masked(stderr)).toMatchSnapshot();
});

it('prints help', async () => {
  const { status, stdout } = await run('--help');
  expect(status).toBe(0);
  expect(masked(stdout)).toMatchSnapshot();
});

it.each(benchmarks.map(({ name }) => name))('docs/internals/benchmarks.md explains %s', (name) => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/internals/benchmarks.md'), 'utf8');
  expect(text).toContain(`### ${name}\n`);
});
