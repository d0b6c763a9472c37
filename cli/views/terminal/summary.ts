import { printable } from '../../../core/printable.ts';
import type { Report } from '../../../core/report.ts';
import { refusedPermissions } from '../../../core/report-permissions.ts';
import type { Verdict } from '../../../core/vocabulary.ts';
import { shortened, verdictCounts, worstVerdicts } from '../report-words.ts';
import { type Page, verdictMarks, wrap } from './page.ts';

export interface SummaryRow {
  readonly title: string;
  /** The report, or why there is none: the event was rejected, or the function failed. */
  readonly report: Report | { readonly problem: string };
}

/** Verdicts that need action come first, and the slowest first among them. */
const order: readonly ('problem' | Verdict)[] = ['problem', ...worstVerdicts];

/** The columns after the title. On a narrow terminal, the last ones are left out first. */
const headings = ['verdict', 'took', 'event', 'at', 'by', 'side', 'action'] as const;
const tookColumn = headings.indexOf('took');
/** Makes tables of different runs look the same. */
const usualTime = '1234 ms'.length;
const titleColumn = headings.indexOf('event');
const narrowestTitle = 20;
const between = '  ';

/** A table of many reports, and a line that counts them. */
export function renderSummary(rows: readonly SummaryRow[], { columns, paint }: Page): string {
  const nameOf = namesIn(rows);
  const sorted = rows
    .map((row) =>
      'problem' in row.report
        ? problemCells(row.title, row.report.problem)
        : reportCells(nameOf(row.title, row.report.customer), row.report),
    )
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.durationMs - a.durationMs);
  const widths = widthsOf(sorted, columns);
  const lines = sorted.map(({ texts, kind, note }) => {
    const tone = kind === 'problem' ? 'bad' : verdictMarks[kind].tone;
    return paint[tone](note === undefined ? line(texts, widths) : noted(texts, note, widths, columns));
  });
  return `${[paint.faint(line(headings, widths)), ...lines, '', ...wrap(count(sorted.map(({ kind }) => kind)), columns)].join('\n')}\n`;
}

/** The names that distinguish rows: the customer, the event, or both. */
function namesIn(rows: readonly SummaryRow[]): (title: string, customer: string) => string {
  const reported = rows.flatMap(({ title, report }) => ('problem' in report ? [] : [{ title, ...report }]));
  const areDistinct = (names: readonly string[]) => new Set(names).size === names.length;
  if (areDistinct(reported.map(({ customer }) => customer))) return (_, customer) => customer;
  if (areDistinct(reported.map(({ title }) => title))) return (title) => title;
  return (title, customer) => `${customer}: ${title}`;
}

interface Cells {
  readonly kind: 'problem' | Verdict;
  readonly durationMs: number;
  /** The same number as the headings. */
  readonly texts: readonly string[];
  /** Replaces all columns after the title. */
  readonly note?: string;
}

/** The widths of the columns that fit. */
function widthsOf(rows: readonly Cells[], room: number): readonly number[] {
  const natural = headings.map((heading, at) => {
    const widest = Math.max(0, ...rows.map(({ texts }) => texts[at]?.length ?? 0));
    return widest === 0 ? 0 : Math.max(widest, at === tookColumn ? usualTime : heading.length);
  });
  const titleWidth = natural[titleColumn] ?? 0;
  const total = (widths: readonly number[]) =>
    widths.reduce((sum, width) => sum + (width > 0 ? width + between.length : 0), 0);
  let shown = natural.length;
  const leastTitle = Math.min(titleWidth, narrowestTitle);
  const withoutTitle = () => total(natural.slice(0, shown)) - titleWidth - between.length;
  while (shown > titleColumn + 1 && withoutTitle() + leastTitle > room) shown--;
  return natural
    .slice(0, shown)
    .map((width, at) => (at === titleColumn ? Math.min(width, Math.max(room - withoutTitle(), 8)) : width));
}

function line(texts: readonly string[], widths: readonly number[]): string {
  const cells = widths.flatMap((width, at) => {
    if (width === 0) return [];
    const text = shortened(texts[at] ?? '', width);
    return [at === tookColumn ? text.padStart(width) : text.padEnd(width)];
  });
  return cells.join(between).trimEnd();
}

function noted(texts: readonly string[], note: string, widths: readonly number[], room: number): string {
  const start = line(texts, widths.slice(0, titleColumn + 1));
  const before = widths.slice(0, titleColumn + 1).filter((width) => width > 0);
  const column = before.reduce((sum, width) => sum + width + between.length, -between.length);
  const left = room - column - between.length;
  return left < narrowestTitle ? start : `${start.padEnd(column)}${between}${shortened(note, left)}`;
}

function reportCells(name: string, report: Report): Cells {
  const { verdict, deniedStep, durationMs, diagnoses } = report;
  const denial = diagnoses[0]?.denial;
  // If there is no diagnosis, AWS's message may still name the action that it denies.
  const action = denial ? denial.action : refusedPermissions(report)[0]?.action;
  return {
    kind: verdict,
    durationMs,
    texts: [
      `${verdictMarks[verdict].mark} ${verdict}`,
      `${Math.round(durationMs)} ms`,
      printable(name),
      deniedStep ?? '',
      denial?.layer ?? '',
      denial?.side ?? '',
      printable(action ?? ''),
    ],
  };
}

function problemCells(title: string, problem: string): Cells {
  // If the first line only announces a list, show the first entry.
  const firstLine = problem
    .split('\n')
    .slice(0, problem.includes(':\n- ') ? 2 : 1)
    .join(' ')
    .replace(': - ', ': ');
  return { kind: 'problem', durationMs: 0, texts: ['! no report', '', printable(title)], note: printable(firstLine) };
}

function count(kinds: readonly Cells['kind'][]): string {
  const found = kinds.filter((kind) => kind !== 'problem');
  const without = kinds.length - found.length;
  const parts = [...(without > 0 ? [`${without} without a report`] : []), ...verdictCounts(found)];
  return `${kinds.length} checked: ${parts.join(', ')}.`;
}
