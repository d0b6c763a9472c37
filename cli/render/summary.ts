import type { Report } from '../../lambda/customer_configuration_check/report.ts';
import { namesOf, verdicts } from '../../lambda/customer_configuration_check/vocabulary.ts';
import { type Page, printable } from './page.ts';
import { verdictMarks } from './status.ts';

export interface SummaryRow {
  readonly title: string;
  /** Why there is no report: the event was refused, or the function failed. */
  readonly report: Report | { readonly problem: string };
}

/** Whoever reads the summary wants what needs work first, and of that the slowest. */
const order = ['problem', 'denied', 'misconfigured', 'inconclusive', 'passed'] as const;

/** A table of many reports, and a line that counts them. */
export function renderSummary(rows: readonly SummaryRow[], { width, paint }: Page): string {
  const cells = rows
    .map(({ title, report }) =>
      'problem' in report ? problemCells(title, report.problem) : reportCells(title, report),
    )
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.durationMs - a.durationMs);
  const columns = [0, 1, 2].map((at) => Math.max(...cells.map(({ texts }) => texts[at]?.length ?? 0)));
  const lines = cells.map(({ texts, kind }) => {
    const line = texts.map((text, at) => (at === 1 ? text.padStart(columns[at] ?? 0) : text.padEnd(columns[at] ?? 0)));
    const tone = kind === 'problem' ? 'bad' : verdictMarks[kind].tone;
    return paint[tone](line.join('  ').slice(0, width).trimEnd());
  });
  return `${[...lines, '', count(cells.map(({ kind }) => kind))].join('\n')}\n`;
}

interface Cells {
  readonly kind: (typeof order)[number];
  readonly durationMs: number;
  readonly texts: readonly string[];
}

function reportCells(title: string, { customer, verdict, deniedStep, durationMs, diagnoses }: Report): Cells {
  const denial = diagnoses[0]?.denial;
  const where = [deniedStep && `at ${deniedStep}`, denial?.layer, denial?.action, denial?.side && `(${denial.side})`];
  return {
    kind: verdict,
    durationMs,
    texts: [
      `${verdictMarks[verdict].mark} ${verdict}`,
      `${Math.round(durationMs)} ms`,
      printable(title === customer ? customer : `${customer}: ${title}`),
      where.filter(Boolean).join(' '),
    ],
  };
}

function problemCells(title: string, problem: string): Cells {
  const [firstLine = ''] = problem.split('\n');
  return { kind: 'problem', durationMs: 0, texts: ['! no report', '', printable(title), printable(firstLine)] };
}

function count(kinds: readonly string[]): string {
  const parts = ['problem', ...namesOf(verdicts)].flatMap((kind) => {
    const many = kinds.filter((one) => one === kind).length;
    return many === 0 ? [] : [`${many} ${kind === 'problem' ? 'without a report' : kind}`];
  });
  return `${kinds.length} checked: ${parts.join(', ')}.`;
}
