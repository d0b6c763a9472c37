import { printable } from '../../../core/printable.ts';
import type { Report, StepResult } from '../../../core/report.ts';
import { type Verdict, verdicts } from '../../../core/vocabulary.ts';
import { eventProblemsIn, type SourceDocument } from '../../../model/text/document.ts';
import type { FunctionAnswer, JobOutcome } from '../../run/job.ts';
import { isOpen, verdictAt } from '../report-words.ts';
import { isAnswer, renderDiagnoses } from './diagnosis.ts';
import { fields, joined, type Page, verdictMarks, wrap } from './page.ts';
import { renderDelivery } from './steps.ts';
import type { SummaryRow } from './summary.ts';

interface ReportView {
  /** The source of the test event, if there are several to distinguish. */
  readonly title?: string;
  /** Show AWS's raw answers, every field of every step, and everything in the diagnoses. */
  readonly verbose?: boolean;
}

/** A report for someone who is on call: first the fault, then the evidence, then what to do. */
export function renderReport(report: Report, page: Page, { title, verbose = false }: ReportView = {}): string {
  const { width, paint } = page;
  const { principal: deliverer, diagnoses } = report;
  const answers = answersOfAws(report, verbose);
  const told = answers.flatMap(({ error }) => (error?.message ? [error.message] : []));
  const blocks = [
    title === undefined ? [] : wrap(title, width).map((line) => paint.strong(line)),
    headline(report, page),
    verbose && deliverer ? wrap(deliverer, width, '      ', '  as  ') : [],
    renderDelivery(report, page),
    ...answers.map((step) => answerOfAws(step, page, verbose)),
    ...renderDiagnoses(diagnoses, page, { deliverer, verbose, told }),
    nextStep(report, page),
    diagnoses.length > 0 && !verbose ? wrap(whatIsLeftOut, width, '  ').map(paint.faint) : [],
  ];
  return joined(blocks);
}

/** One line: the customer, the verdict, the step, and what the verdict means. */
export function headline(report: Report, { width, paint }: Page, source?: string): string[] {
  const { customer, verdict, notes = [] } = report;
  // A policy that AWS would not save can't be deployed, whatever it would allow.
  const isRefused = verdict === 'passed' && notes.some(({ kind }) => kind === 'contradiction');
  const { mark, tone } = verdictMarks[isRefused ? 'misconfigured' : verdict];
  const from = source === undefined ? '' : ` (${source})`;
  const meaning = isRefused
    ? 'But these documents cannot be used as they are: fix what is listed first.'
    : isOpen(report)
      ? 'It depends on facts that no document states.'
      : verdicts[verdict];
  const lines = wrap(`${mark} ${customer}${from}: ${verdictAt(report)}. ${meaning}`, width, '  ', '');
  return lines.map((line) => paint.strong(paint[tone](line)));
}

/** Without --verbose, only answers that no diagnosis quotes. */
function answersOfAws({ steps, diagnoses }: Report, verbose: boolean): readonly StepResult[] {
  const quoted = diagnoses.flatMap(({ evidence }) => evidence.filter(isAnswer).map(({ detail }) => detail));
  return steps.filter(
    ({ error }) => error && (verbose || error.message === '' || !quoted.some((text) => text.endsWith(error.message))),
  );
}

function answerOfAws({ step, request, error }: StepResult, { width, paint }: Page, verbose: boolean): string[] {
  if (!error) return [];
  const asked = request ? ` ${request.operation} in ${request.region}` : '';
  const heading = wrap(`AWS answered to ${step}${asked && `:${asked}`}`, width, '  ');
  const message = wrap(error.message === '' ? '(no message)' : error.message, width - 2, '  │ ').map((line) =>
    paint.warn(line),
  );
  if (!verbose) return [...heading, ...message];
  const raw = Object.entries({ ...request, ...error }).map(([name, value]): [string, string] => [name, String(value)]);
  return [
    ...heading,
    ...message,
    ...fields(
      raw.filter(([name]) => name !== 'message'),
      width,
      '  │ ',
    ),
  ];
}

const whatIsLeftOut = '--verbose adds: names in full, all evidence, what else it may be and why, raw answers.';

const whatNext: Readonly<Record<Verdict, string>> = {
  passed: '',
  denied: 'This report has no diagnosis: run the check again with --diagnosis service-account, or full.',
  misconfigured: "AWS's message above says what is wrong. Fix it and run the check again.",
  inconclusive:
    "Nothing needs to be changed on the customer's side because of this. See AWS's words and the reasons above, and run the check again.",
};

/** Even a report without a diagnosis must give its reader a next step. */
function nextStep({ verdict, diagnoses }: Report, { width }: Page): string[] {
  const text = whatNext[verdict];
  return diagnoses.length > 0 || text === '' ? [] : wrap(text, width, '  ');
}

interface OutcomeView {
  readonly verbose: boolean;
  /** True if there are several reports: the summary then lists the passed ones, and each report has a title. */
  readonly several: boolean;
}

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

/** Why there is no report. Each rejected field has its file and line. */
export function renderProblem({ kind, message }: Problem, title: string, source?: SourceDocument): string {
  if (kind === 'failed' || !source) return `${title}: ${printable(message)}\n`;
  return `${eventProblemsIn(source, message)
    .map(({ file, line, message: text }) => `${file}:${line === undefined ? '' : `${line}:`} ${text}`)
    .join('\n')}\n`;
}
