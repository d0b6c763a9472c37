import { excerpt } from '../text/document.ts';
import { InputError } from '../text/input-error.ts';
import type { Origin } from './node.ts';

export interface TemplateProblem {
  readonly origin: Origin;
  readonly message: string;
}

/**
 * A template that can't be read or loaded. Lists every problem that was found, in file order, each with its line and
 * the text of that line.
 */
export class TemplateError extends InputError {
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(readonly found: readonly [TemplateProblem, ...TemplateProblem[]]) {
    super(
      listed(found),
      found.map(({ origin: { source, line, column, path }, message }) => {
        return { file: source.file, line, column, message: path === '' ? message : `${path}: ${message}` };
      }),
    );
    this.name = 'TemplateError';
    const { origin } = found[0];
    this.file = origin.source.file;
    this.line = origin.line;
    this.column = origin.column;
  }
}

const mostShown = 20;

function listed(problems: readonly TemplateProblem[]): string {
  const more = problems.length - mostShown;
  const shown = problems.slice(0, mostShown).map(render);
  return [...shown, ...(more > 0 ? [`… and ${more} more problems.`] : [])].join('\n\n');
}

/** @throws TemplateError always */
export function refuse(origin: Origin, message: string): never {
  throw new TemplateError([{ origin, message }]);
}

/** Lets a loader continue after a problem, so that the template's author sees all problems at once. */
export class ProblemList {
  readonly #problems: TemplateProblem[] = [];

  /** The value of `read`; undefined if it found a problem in the template. Any other error is thrown. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.#problems.push(...error.found);
      return undefined;
    }
  }

  /** @throws TemplateError with every problem so far, without duplicates */
  throwIfAny(): void {
    const unique = new Map(this.#problems.map((problem) => [render(problem), problem]));
    const [first, ...others] = [...unique.values()].sort(
      (a, b) => a.origin.line - b.origin.line || a.origin.column - b.origin.column,
    );
    if (first !== undefined) throw new TemplateError([first, ...others]);
  }
}

function render({ origin, message }: TemplateProblem): string {
  const { source, line, column, path } = origin;
  const subject = path === '' ? '' : ` ${path}:`;
  if (source.text === '') return `${source.file}:${subject} ${message}`;
  const text = source.text.split(/\r\n|\r|\n/)[line - 1] ?? '';
  return `${source.file}:${line}:${column}:${subject} ${message}\n${excerpt(text, line, column)}`;
}
