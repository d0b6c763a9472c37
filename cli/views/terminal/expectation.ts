import { printable } from '../../../core/printable.ts';
import type { Report } from '../../../core/report.ts';
import type { Fault } from '../../../model/analysis/faults.ts';
import type { Expectation } from '../../../model/world/scenario.ts';
import type { CheckScore } from '../../catalog/score-report.ts';
import { verdictAt } from '../report-words.ts';

/** One line if a report matches its scenario's expectation, otherwise the differences. */
export function renderExpectation(report: Report, expect: Expectation, score: CheckScore, asExpected: boolean): string {
  if (asExpected) return `as expected: ${verdictAt(expect)}\n`;
  const differences = [
    score.verdict && score.deniedStep ? [] : [`expected ${verdictAt(expect)}, got ${verdictAt(report)}`],
    score.wrongProven > 0 ? [`${score.wrongProven} of its proven diagnoses is not a fault of this scenario`] : [],
  ].flat();
  const faults = expect.denials.map((fault) => `  fault: ${describeFault(fault)}`);
  return `${[`NOT as expected: ${differences.join('; ')}`, ...faults].join('\n')}\n`;
}

interface Compared {
  readonly title: string;
  readonly asExpected: boolean;
  /** From `renderExpectation` or `renderPreflightExpectation`. */
  readonly told: string;
}

/** One comparison in full. For several, those that don't match and the number of those that do. */
export function renderExpectations(all: readonly Compared[]): string {
  if (all.length === 1) return all.map(({ told }) => told).join('');
  const wrong = all.filter(({ asExpected }) => !asExpected).map(({ title, told }) => `${title}: ${told}`);
  return `${wrong.join('')}${all.length - wrong.length} of ${all.length} as expected.\n`;
}

interface Described {
  readonly step?: string | undefined;
  readonly action?: string | undefined;
  readonly layer?: string | undefined;
  readonly effect?: string | undefined;
  readonly side?: string | undefined;
}

export function describeFault({ step, action, layer, effect, side }: Described): string {
  return printable([step, action, layer && `by ${layer}`, effect, side && `(${side})`].filter(Boolean).join(' '));
}

/** One line if a preflight found what its scenario expects, otherwise both lists. */
export function renderPreflightExpectation(
  report: Pick<Report, 'verdict' | 'deniedStep'>,
  expect: Expectation,
  faults: readonly Fault[],
  asExpected: boolean,
): string {
  if (asExpected) return `as expected: ${verdictAt(expect)}\n`;
  const lines = [
    `NOT as expected: expected ${verdictAt(expect)}, got ${verdictAt(report)}`,
    ...expect.denials.map((fault) => `  expected: ${describeFault(fault)}`),
    ...faults.map((fault) => `  found: ${describeFault(fault)}`),
  ];
  return `${lines.join('\n')}\n`;
}
