import { printable } from '../core/printable.ts';
import { type CommandSurroundings, type Output, unlessInterrupted } from './command.ts';

/** Progress on stderr. */
export interface Progress {
  /** Always shows a stage, which may take a moment. */
  stage(text: string): void;
  /** Shows the progress of a stage in one line that is redrawn, on a terminal only. */
  counter(text: string): void;
  /** Leaves no unfinished line. */
  end(): void;
}

export interface LiveProgress extends Progress {
  /** True for a terminal, whose last lines can be redrawn. */
  readonly isLive: boolean;
  /** Shows lines above the counter that are redrawn with it, on a terminal only. */
  live(lines: readonly string[]): void;
}

export const noProgress: Progress = { stage() {}, counter() {}, end() {} };

/** ECMA-48 control sequences: up some lines, and erase from the cursor to the end of the screen. */
const up = (lines: number) => (lines > 0 ? `\u001b[${lines}A` : '');
const eraseBelow = '\u001b[J';

export function progressOn(output: Output): LiveProgress {
  let drawn = 0;
  let lines: readonly string[] = [];
  let count = '';

  function clear(): string {
    const erasing = drawn > 0 ? `${up(drawn - 1)}\r${eraseBelow}` : '';
    drawn = 0;
    return erasing;
  }
  function draw(before = ''): void {
    const shown = [...lines, ...(count === '' ? [] : [count])];
    const width = (output.columns ?? 80) - 1;
    const erasing = clear();
    // One write for as much as possible avoids flicker.
    const text = `${before}${shown.map((line) => printable(line).slice(0, width)).join('\n')}`;
    if (output.control) {
      if (erasing !== '') output.control(erasing);
      if (text !== '') output.write(text);
    } else if (erasing + text !== '') output.write(erasing + text);
    drawn = shown.length;
  }

  return {
    isLive: output.isTTY === true,
    stage(text) {
      count = '';
      draw(`${text}\n`);
    },
    counter(text) {
      if (!output.isTTY) return;
      count = text;
      draw();
    },
    live(next) {
      if (!output.isTTY) return;
      lines = next;
      draw();
    },
    end() {
      lines = [];
      count = '';
      draw();
    },
  };
}

/**
 * Runs work that shows its progress on stderr, and leaves no unfinished line there, however it ends.
 *
 * @throws Interrupted as soon as the user interrupts
 */
export function withProgress<T>(
  { stderr, interrupted }: Pick<CommandSurroundings, 'stderr' | 'interrupted'>,
  work: (progress: LiveProgress) => Promise<T>,
): Promise<T> {
  const progress = progressOn(stderr);
  return unlessInterrupted(interrupted, work(progress)).finally(() => progress.end());
}
