import type { Report, StepResult } from '../../../core/report.ts';
import { type Verdict, verdicts } from '../../../core/vocabulary.ts';
import { isOpen } from '../html/headline.ts';
import { renderDiagnoses } from './diagnosis.ts';
import { isAnswer } from './evidence.ts';
import { fields, type Page, verdictMarks, wrap } from './page.ts';
import { renderDelivery } from './steps.ts';

interface ReportView {
  /** Where the test event came from, where there are several to tell apart. */
  readonly title?: string;
  /** Show AWS's raw answers, every field for every step, and all that the diagnoses say. */
  readonly verbose?: boolean;
}

/** A report for somebody who is woken by it: what is wrong first, then on what grounds, then what to do now. */
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
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n').trimEnd())
    .join('\n\n')}\n`;
}

/** One line: the customer, the verdict, where, and what the verdict means. */
export function headline(report: Report, { width, paint }: Page, source?: string): string[] {
  const { customer, verdict, deniedStep, notes = [] } = report;
  // What AWS would not save is not deployed, whatever it would allow.
  const isRefused = verdict === 'passed' && notes.some(({ kind }) => kind === 'contradiction');
  const { mark, tone } = verdictMarks[isRefused ? 'misconfigured' : verdict];
  const where = deniedStep ? ` at ${deniedStep}` : '';
  const from = source === undefined ? '' : ` (${source})`;
  const meaning = isRefused
    ? 'But these documents cannot be used as they are: fix what is listed first.'
    : isOpen(report)
      ? 'It depends on facts that no document states.'
      : verdicts[verdict];
  const lines = wrap(`${mark} ${customer}${from}: ${verdict}${where}. ${meaning}`, width, '  ', '');
  return lines.map((line) => paint.strong(paint[tone](line)));
}

/** Without --verbose only those that no diagnosis quotes. */
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

/** A report without a diagnosis must not leave its reader without a next step. */
function nextStep({ verdict, diagnoses }: Report, { width }: Page): string[] {
  const text = whatNext[verdict];
  return diagnoses.length > 0 || text === '' ? [] : wrap(text, width, '  ');
}
