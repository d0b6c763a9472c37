import { printable } from '../../../core/printable.ts';
import type { SourceDocument } from '../../input/document.ts';
import type { Answer } from '../../run/answer.ts';

type Problem = Exclude<Answer, { kind: 'reports' }>;

/** Why there is no report, with file and line in front of each field that the function refused. */
export function renderProblem({ kind, message }: Problem, title: string, source?: SourceDocument): string {
  if (kind === 'failed' || !source) return `${title}: ${printable(message)}\n`;
  const lines = printable(message)
    .split('\n')
    .map((line) => {
      const field = /^- ([^\s:]+): /.exec(line)?.[1];
      return field ? `${source.file}:${source.lineOf(pathOf(field))}: ${line.slice(2)}` : `${source.file}: ${line}`;
    });
  return `${lines.join('\n')}\n`;
}

/** `steps[1]` is `['steps', 1]`; `event` stands for the event itself. */
function pathOf(field: string): (string | number)[] {
  if (field === 'event') return [];
  return field.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}
