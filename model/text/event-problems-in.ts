import { printable } from '../../core/printable.ts';
import type { SourceDocument } from './document.ts';
import type { InputProblem } from './input-error.ts';

/** What a refused event's message says, each field that it names with its line. */
export function eventProblemsIn({ file, lineOf }: SourceDocument, message: string): readonly InputProblem[] {
  return printable(message)
    .split('\n')
    .map((line) => {
      const field = /^- ([^\s:]+): /.exec(line)?.[1];
      return field ? { file, line: lineOf(pathOf(field)), message: line.slice(2) } : { file, message: line };
    });
}

/** `steps[1]` is `['steps', 1]`; `event` stands for the event itself. */
function pathOf(field: string): (string | number)[] {
  if (field === 'event') return [];
  return field.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}
