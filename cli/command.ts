import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { ExitStatus } from './exit-status.ts';

/** The parts of the process that a command may use. */
export interface CommandSurroundings {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  /** Only the answer. */
  readonly stdout: Output;
  /** Progress and errors. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C, or if a supervisor ends the process. */
  readonly interrupted: AbortSignal;
  /** Aborted if no one reads stdout anymore, as after `| head`. */
  readonly outputClosed: AbortSignal;
}

export interface Output {
  write(text: string): unknown;
  /** Writes one of our control sequences, never text. Without it, `write` accepts both. */
  control?(sequence: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** https://no-color.org and https://force-color.org; the command line takes precedence. */
export function wantsColor({ env }: CommandSurroundings, output: Output, option: boolean): boolean {
  if (!option || env['NO_COLOR']) return false;
  return env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : output.isTTY === true && env['TERM'] !== 'dumb';
}

/** The output of `--json`. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** True if the user confirms by typing the text. */
export async function isTyped(
  answer: string,
  question: string,
  { stdin, stderr }: Pick<CommandSurroundings, 'stdin' | 'stderr'>,
): Promise<boolean> {
  stderr.write(question);
  const lines = createInterface({ input: stdin });
  try {
    for await (const line of lines) return line.trim() === answer;
    return false;
  } finally {
    lines.close();
  }
}

/** The user interrupted the command, and the process ends. */
export class Interrupted extends Error {
  constructor(readonly status: number) {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/** @throws Interrupted as soon as the signal is aborted; running work is abandoned */
export function unlessInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted(Number(signal.reason) || 130));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Resolves when the user interrupts, or no one reads the output anymore. */
export function untilEnded({ interrupted, outputClosed }: CommandSurroundings): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of [interrupted, outputClosed]) {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}

export interface CommandModule {
  /** Adds arguments, options and help texts to a command that has its name and summary. */
  declare(command: Command): void;
  /** @throws InputError for errors that the user can fix; any other exception is a bug */
  run(command: Command, surroundings: CommandSurroundings): Promise<ExitStatus>;
}
