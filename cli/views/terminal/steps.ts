import type { Report, StepResult } from '../../../core/report.ts';
import { type Page, statusMarks, withShortNames, wrap } from './page.ts';
import { drawingWidth, renderPattern } from './pattern.ts';

/** If narrower, a note is not next to its step. */
const narrowestNote = 24;
/** If narrower, only the mark is shown, without the word. */
const narrowestWithWords = 42;

/** Each step with its mark, status, time, and reason if it has one. */
export function stepLines({ steps }: Report, { width, paint }: Page): string[] {
  const nameWidth = nameWidthOf(steps);
  return steps.flatMap((result, at) => {
    const { tone } = statusMarks[result.status];
    const start = `  ${inShort(result, nameWidth, width)}`;
    const note = newNoteOf(result, steps[at - 1]);
    const column = start.length + 2;
    if (width - column < narrowestNote) return [paint[tone](start.trimEnd()), ...below(note, width)];
    const [first = '', ...rest] = wrap(note, width, ' '.repeat(column), `${start}  `);
    return [first.replace(start.trimEnd(), () => paint[tone](start.trimEnd())), ...rest];
  });
}

/** The same as a separate column, with each note below its step. */
function stepColumn({ steps }: Report, { paint }: Page, width: number): readonly Line[] {
  const nameWidth = nameWidthOf(steps);
  return steps.flatMap((result, at) => {
    const text = `  ${inShort(result, nameWidth, width)}`.trimEnd();
    const notes = below(newNoteOf(result, steps[at - 1]), width).map((line) => ({ text: line, painted: line }));
    return [{ text, painted: paint[statusMarks[result.status].tone](text) }, ...notes];
  });
}

interface Line {
  /** Without color, to measure it. */
  readonly text: string;
  readonly painted: string;
}

function nameWidthOf(steps: readonly StepResult[]): number {
  return Math.max(0, ...steps.map(({ step }) => step.length));
}

function inShort({ step, status, durationMs }: StepResult, nameWidth: number, width: number): string {
  const time = status === 'skipped' ? '' : `${Math.round(durationMs)} ms`;
  const word = width < narrowestWithWords ? '' : `  ${status.padEnd('skipped'.length)}`;
  return `${statusMarks[status].mark} ${step.padEnd(nameWidth)}${word}  ${time.padStart(7)}`;
}

function below(note: string, width: number): string[] {
  return note === '' ? [] : wrap(note, width, '    ');
}

/** A note that applies to several steps appears once. */
function newNoteOf(result: StepResult, before: StepResult | undefined): string {
  const note = noteOf(result);
  return before && !result.error && note === noteOf(before) ? '' : note;
}

function noteOf({ error, reason }: StepResult): string {
  const why = reason && withShortNames(reason);
  if (!error) return why ?? '';
  const status = error.httpStatus === undefined ? '' : `, HTTP ${error.httpStatus}`;
  return why ? `${error.code}${status}: ${why}` : `${error.code}${status}`;
}

const narrowestColumn = 42;

/** The steps with their times, and the drawing. They are next to each other if both fit. */
export function renderDelivery(report: Report, page: Page): string[] {
  const pattern = renderPattern(report, page);
  if (pattern.length === 0) return stepLines(report, page);
  const columnWidth = Math.min(page.width - drawingWidth, 60);
  if (columnWidth < narrowestColumn) return [...stepLines(report, page), '', ...pattern];
  const steps = stepColumn(report, page, columnWidth);
  // A word that is too long for the column would misalign the drawing.
  if (steps.some(({ text }) => text.length > columnWidth)) return [...stepLines(report, page), '', ...pattern];
  return Array.from({ length: Math.max(steps.length, pattern.length) }, (_, at) => {
    const { text, painted } = steps[at] ?? { text: '', painted: '' };
    return `${painted}${' '.repeat(columnWidth - text.length)}${pattern[at] ?? ''}`.trimEnd();
  });
}
