import { type Benchmark, type Figure, type Goal, isMet, units } from './benchmark.ts';
import type { Machine } from './machine.ts';
import type { Spread } from './statistics.ts';

export interface Measured {
  readonly name: string;
  readonly question: string;
  readonly figures: readonly Figure[];
}

export function renderMachine({ node, platform, processor, processors, load, sameWork }: Machine): string {
  const noise = (sameWork.max / sameWork.min).toFixed(2);
  return [
    `Node.js ${node}, ${platform}, ${processors} × ${processor}, load ${load.toFixed(1)}`,
    `The same work, ${sameWork.runs} times: ${spreadText(sameWork, 1)} ms, the slowest ${noise} × the fastest`,
    '',
  ].join('\n');
}

export function renderMeasured({ name, question, figures }: Measured): string {
  return `${[`${name}: ${question}`, ...figures.map(renderFigure)].join('\n')}\n`;
}

export function renderList(benchmarks: readonly Pick<Benchmark, 'name' | 'question'>[]): string {
  const width = Math.max(...benchmarks.map(({ name }) => name.length));
  return benchmarks.map(({ name, question }) => `  ${name.padEnd(width)}  ${question}`).join('\n');
}

const marks = { true: '✓', false: '✗', undefined: ' ' } as const;
const detailIndent = ' '.repeat(18);

function renderFigure(figure: Figure): string {
  const { what, value, unit, goal, spread, note } = figure;
  const decimals = units[unit];
  const met = isMet(figure);
  const number = `${value.toFixed(decimals)} ${unit === 'ratio' ? '×' : unit}`;
  const verdict = goal === undefined ? '' : `  (goal ${goalText(goal)}: ${met ? 'met' : 'MISSED'})`;
  const lines = [`  ${marks[`${met}`]} ${number.padStart(12)}  ${what}${verdict}`];
  if (spread) lines.push(`${detailIndent}min / median / max of ${spread.runs}: ${spreadText(spread, decimals)}`);
  if (note !== undefined) lines.push(`${detailIndent}${note}`);
  return lines.join('\n');
}

function goalText(goal: Goal): string {
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `< ${goal.below}`;
}

function spreadText({ min, median, max }: Spread, decimals: number): string {
  return [min, median, max].map((number) => number.toFixed(decimals)).join(' / ');
}
