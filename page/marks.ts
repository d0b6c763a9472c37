import type { Report } from '../core/report.ts';
import type { Judgement } from './contract.ts';
import type { DeskDocument } from './desk.ts';
import type { Mark } from './editor.ts';

/** What is to be marked in a document: problems, faults, and what is worth knowing. */
export function marksOf(
  document: DeskDocument,
  { places }: Judgement,
  report: Report | undefined,
  problems: Judgement['problems'],
): readonly Mark[] {
  return [
    ...problems.flatMap(({ document: id, line, column, message }): readonly Mark[] =>
      id === document.id && line !== undefined ? [{ line, column: column ?? 1, tone: 'error', message }] : [],
    ),
    ...places.flatMap(({ diagnosis, document: id, ...at }): readonly Mark[] => {
      const [line, column] = [at.focusLine ?? at.line, at.focusColumn ?? at.column];
      const message = report?.diagnoses[diagnosis]?.summary;
      return id === document.id && line !== undefined && message !== undefined
        ? [{ line, column: column ?? 1, tone: 'error', message }]
        : [];
    }),
    ...(report?.notes ?? []).flatMap(({ file, line, column, detail, kind }): readonly Mark[] =>
      file === document.name && line !== undefined
        ? [{ line, column: column ?? 1, tone: kind === 'unknown' ? 'warning' : 'info', message: detail }]
        : [],
    ),
  ];
}
