import { printable } from '../../../core/printable.ts';
import type { SourceDocument } from '../../../model/text/document.ts';
import { eventProblemsIn } from '../../../model/text/event-problems-in.ts';
import type { FunctionAnswer } from '../../run/answer.ts';

type Problem = Exclude<FunctionAnswer, { kind: 'reports' }>;

/** Why there is no report, with file and line in front of each field that the function refused. */
export function renderProblem({ kind, message }: Problem, title: string, source?: SourceDocument): string {
  if (kind === 'failed' || !source) return `${title}: ${printable(message)}\n`;
  return `${eventProblemsIn(source, message)
    .map(({ file, line, message: text }) => `${file}:${line === undefined ? '' : `${line}:`} ${text}`)
    .join('\n')}\n`;
}
