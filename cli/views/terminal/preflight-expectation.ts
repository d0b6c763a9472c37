import type { Report } from '../../../core/report.ts';
import type { Fault } from '../../../model/analysis/faults.ts';
import type { Expectation } from '../../../model/world/scenario.ts';
import { describeFault } from './expectation.ts';

/** One line where a preflight found what its scenario expects, else what it expects and what was found. */
export function renderPreflightExpectation(
  report: Pick<Report, 'verdict' | 'deniedStep'>,
  expect: Expectation,
  faults: readonly Fault[],
  asExpected: boolean,
): string {
  if (asExpected) return `as expected: ${outcome(expect)}\n`;
  const lines = [
    `NOT as expected: expected ${outcome(expect)}, got ${outcome(report)}`,
    ...expect.denials.map((fault) => `  expected: ${describeFault(fault)}`),
    ...faults.map((fault) => `  found: ${describeFault(fault)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function outcome({ verdict, deniedStep }: { verdict: string; deniedStep?: string | undefined }): string {
  return deniedStep ? `${verdict} at ${deniedStep}` : verdict;
}
