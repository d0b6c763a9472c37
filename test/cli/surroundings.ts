import { Readable } from 'node:stream';
import type { CommandSurroundings } from '../../cli/command.ts';

export interface TestSurroundings extends CommandSurroundings {
  /** The output so far. */
  readonly written: { stdout: string; stderr: string };
}

/** A process that only exists in the test. */
export function testSurroundings(rest: Partial<CommandSurroundings> & { input?: string } = {}): TestSurroundings {
  const written = { stdout: '', stderr: '' };
  return {
    written,
    stdin: Readable.from([Buffer.from(rest.input ?? '')]),
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    env: {},
    interrupted: new AbortController().signal,
    outputClosed: new AbortController().signal,
    ...rest,
  };
}
