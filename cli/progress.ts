import type { Output } from './surroundings.ts';

/** What is going on, on stderr. */
export interface Progress {
  /** A stage that may take a moment; always shown. */
  stage(text: string): void;
  /** How far a stage is; on a terminal only, in one line that is rewritten. */
  counter(text: string): void;
  /** Leaves nothing half-written. */
  end(): void;
}

export const noProgress: Progress = { stage() {}, counter() {}, end() {} };

const eraseLine = '\r\u001b[2K';

export function progressOn(output: Output): Progress {
  let open = false;
  function clear(): void {
    if (open) output.write(eraseLine);
    open = false;
  }
  return {
    stage(text) {
      clear();
      output.write(`${text}\n`);
    },
    counter(text) {
      if (!output.isTTY) return;
      output.write(`${eraseLine}${text.slice(0, (output.columns ?? 80) - 1)}`);
      open = true;
    },
    end: clear,
  };
}
