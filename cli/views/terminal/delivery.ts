import type { Report } from '../../../core/report.ts';
import type { Page } from './page.ts';
import { drawingWidth, renderPattern } from './pattern.ts';
import { stepColumn, stepLines } from './steps.ts';

const narrowestColumn = 42;

/** The steps with their times and the drawing: beside each other where there is room, so that both fit one look. */
export function renderDelivery(report: Report, page: Page): string[] {
  const pattern = renderPattern(report, page);
  const columnWidth = Math.min(page.width - drawingWidth, 60);
  if (columnWidth < narrowestColumn) return [...stepLines(report, page), '', ...pattern];
  const steps = stepColumn(report, page, columnWidth);
  // A word that is too long for the column would push the drawing out of line.
  if (steps.some(({ text }) => text.length > columnWidth)) return [...stepLines(report, page), '', ...pattern];
  return Array.from({ length: Math.max(steps.length, pattern.length) }, (_, at) => {
    const { text, painted } = steps[at] ?? { text: '', painted: '' };
    return `${painted}${' '.repeat(columnWidth - text.length)}${pattern[at] ?? ''}`.trimEnd();
  });
}
