import { Readable } from 'node:stream';
import type { CommandSurroundings } from './command.ts';
import { main } from './main.ts';

/** Runs a command line without a terminal, and returns what it printed. */
export async function captured(
  args: readonly string[],
  env: CommandSurroundings['env'],
  interrupted = new AbortController().signal,
): Promise<Readonly<Record<'stdout' | 'stderr', string>>> {
  const said = { stdout: '', stderr: '' };
  await main(args, {
    stdin: Readable.from([]),
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    env,
    interrupted,
    outputClosed: new AbortController().signal,
  });
  return said;
}
