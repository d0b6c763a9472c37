import { printable } from '../../../core/printable.ts';
import { eventProblemsIn, type SourceDocument } from '../../../model/text/document.ts';
import type { FunctionAnswer, JobOutcome } from '../../run/job.ts';
import type { Page } from './page.ts';
import { renderReport } from './report.ts';
import type { SummaryRow } from './summary.ts';

interface OutcomeView {
  readonly verbose: boolean;
  /** Whether it is one of several: then the passed ones are left to the summary, and each says which it is. */
  readonly several: boolean;
}

/** What became of one test event, for people. */
export function renderOutcome({ job, answer, log }: JobOutcome, page: Page, { verbose, several }: OutcomeView): string {
  if (answer.kind !== 'reports') return renderProblem(answer, job.title, job.source);
  const title = several ? { title: job.about ? `${job.title}: ${job.about}` : job.title } : {};
  const isOneOfMany = several || answer.reports.length > 1;
  const blocks = answer.reports
    .filter(({ verdict }) => verbose || !isOneOfMany || verdict !== 'passed')
    .map((report) => renderReport(report, page, { verbose, ...title }));
  return blocks.join('\n') + (verbose ? log.map((line) => `  log │ ${line}\n`).join('') : '');
}

export function summaryRows({ job, answer }: JobOutcome): readonly SummaryRow[] {
  if (answer.kind !== 'reports') return [{ title: job.title, report: { problem: answer.message } }];
  return answer.reports.map((report) => ({ title: job.title, report }));
}

type Problem = Exclude<FunctionAnswer, { kind: 'reports' }>;

/** Why there is no report, with file and line in front of each field that the function refused. */
export function renderProblem({ kind, message }: Problem, title: string, source?: SourceDocument): string {
  if (kind === 'failed' || !source) return `${title}: ${printable(message)}\n`;
  return `${eventProblemsIn(source, message)
    .map(({ file, line, message: text }) => `${file}:${line === undefined ? '' : `${line}:`} ${text}`)
    .join('\n')}\n`;
}
