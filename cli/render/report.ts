import type { Report, StepResult } from '../../lambda/customer_configuration_check/report.ts';
import { type Verdict, verdicts } from '../../lambda/customer_configuration_check/vocabulary.ts';
import { renderDiagnosis } from './diagnosis.ts';
import { fields, type Page, wrap } from './page.ts';
import { renderPattern } from './pattern.ts';
import { statusMarks, verdictMarks } from './status.ts';

export interface ReportView {
  /** Where the test event came from, where there are several to tell apart. */
  readonly title?: string;
  /** Show AWS's raw answers: every field, for every step. */
  readonly verbose?: boolean;
}

/** A report for somebody who is woken by it: what is wrong first, then on what grounds, then what to do now. */
export function renderReport(report: Report, page: Page, { title, verbose = false }: ReportView = {}): string {
  const { width, paint } = page;
  const blocks = [
    title === undefined ? [] : wrap(title, width).map((line) => paint.strong(line)),
    headline(report, page),
    report.principal ? wrap(report.principal, width, '      ', '  as  ') : [],
    stepLines(report, page),
    renderPattern(report, page),
    ...report.steps.filter(({ error }) => error !== undefined).map((step) => answerOfAws(step, page, verbose)),
    ...report.diagnoses.map((diagnosis, at) =>
      renderDiagnosis(diagnosis, at + 1, page, { deliverer: report.principal, verbose }),
    ),
    nextStep(report, page),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n').trimEnd())
    .join('\n\n')}\n`;
}

/** One line: the customer, the verdict, where, and what the verdict means. */
export function headline({ customer, verdict, deniedStep }: Report, { width, paint }: Page, source?: string): string[] {
  const { mark, tone } = verdictMarks[verdict];
  const where = deniedStep ? ` at ${deniedStep}` : '';
  const from = source === undefined ? '' : ` (${source})`;
  const lines = wrap(`${mark} ${customer}${from}: ${verdict}${where}. ${verdicts[verdict]}`, width, '  ', '');
  return lines.map((line) => paint.strong(paint[tone](line)));
}

function stepLines({ steps }: Report, { width, paint }: Page): string[] {
  const nameWidth = Math.max(...steps.map(({ step }) => step.length));
  return steps.flatMap((result) => {
    const { mark, tone } = statusMarks[result.status];
    const time = result.status === 'skipped' ? '' : `${Math.round(result.durationMs)} ms`;
    const start = `  ${mark} ${result.step.padEnd(nameWidth)}  ${result.status.padEnd('skipped'.length)}  ${time.padStart(8)}`;
    const [first = '', ...rest] = wrap(noteOf(result), width, ' '.repeat(start.length + 2), `${start}  `);
    return [first.replace(start.trimEnd(), paint[tone](start.trimEnd())), ...rest];
  });
}

function noteOf({ error, reason }: StepResult): string {
  if (!error) return reason ?? '';
  const status = error.httpStatus === undefined ? '' : `, HTTP ${error.httpStatus}`;
  return reason ? `${error.code}${status}: ${reason}` : `${error.code}${status}`;
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

const whatNext: Readonly<Record<Verdict, string>> = {
  passed: '',
  denied: 'This report has no diagnosis: run the check again with --diagnosis service-account, or full.',
  misconfigured: "AWS's words above say what is not as it must be; mend that and run the check again.",
  inconclusive:
    "Nothing needs to be changed on the customer's side because of this. See AWS's words and the reasons above, and run the check again.",
};

/** A report without a diagnosis must not leave its reader without a next step. */
function nextStep({ verdict, diagnoses }: Report, { width }: Page): string[] {
  const text = whatNext[verdict];
  return diagnoses.length > 0 || text === '' ? [] : wrap(text, width, '  ');
}
