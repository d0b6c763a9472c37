import type { Readable } from 'node:stream';

/** All that a command may use of the process that it runs in. */
export interface CommandSurroundings {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  /** The answer and nothing else. */
  readonly stdout: Output;
  /** Progress and complaints. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ctrl-C, or the request of a supervisor to end. */
  readonly interrupted: AbortSignal;
  /** Nobody reads our stdout any more, as after `| head`. */
  readonly outputClosed: AbortSignal;
}

export interface Output {
  write(text: string): unknown;
  /** Takes a control sequence of ours, and never text. Without it, `write` takes both. */
  control?(sequence: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** https://no-color.org and https://force-color.org, below what the command line says. */
export function wantsColour({ env }: CommandSurroundings, output: Output, option: boolean): boolean {
  if (!option || env['NO_COLOR']) return false;
  return env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : output.isTTY === true && env['TERM'] !== 'dumb';
}
