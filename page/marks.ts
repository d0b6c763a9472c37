import type { DeskDocument } from './desk.ts';
import type { Mark } from './editor.ts';
import type { PageFindings } from './findings.ts';

/** Marks in a document: problems, faults, questions and notes. */
export function marksOf(
  document: DeskDocument,
  { places, report, problems, questions }: PageFindings,
): readonly Mark[] {
  const at = (line: number | undefined, column: number | undefined, tone: Mark['tone'], message: string | undefined) =>
    line === undefined || message === undefined ? [] : [{ line, column: column ?? 1, tone, message }];
  const isHere = ({ document: id }: { readonly document?: string }) => id === document.id;
  return [
    ...problems.filter(isHere).flatMap(({ line, column, message }) => at(line, column, 'error', message)),
    ...places
      .filter(isHere)
      .flatMap(({ diagnosis, line, column, focusLine = line, focusColumn = column }) =>
        at(focusLine, focusColumn, 'error', report?.diagnoses[diagnosis]?.summary),
      ),
    ...questions.filter(isHere).flatMap(({ line, column, text }) => at(line, column, 'warning', `Not known: ${text}`)),
    ...(report?.notes ?? [])
      .filter(({ file, kind }) => file === document.name && kind !== 'unknown')
      .flatMap(({ line, column, detail }) => at(line, column, 'info', detail)),
  ];
}
