import type { Report } from '../../core/report.ts';

/** Whether nothing is left to mend: also nothing that does not change the verdict, as the clean-up. */
export function wholeCheckPasses({ verdict, diagnoses, steps }: Report): boolean {
  const isInOrder = steps.every(({ status }) => status === 'passed' || status === 'skipped');
  return verdict === 'passed' && diagnoses.length === 0 && isInOrder;
}
