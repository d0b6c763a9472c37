import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with all of stdout as soon as it contains the text. */
  printed(text: string): Promise<string>;
}

const children = new Set<ChildProcess>();

/** Cleans up after a test that failed before its end. */
export function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}

interface StartOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly entry?: string;
  readonly cwd?: string;
}

/** Starts the command line like a user, without npm. */
export function start(
  args: readonly string[],
  { input = '', env = {}, entry = 'bin/secure-inbox.mjs', cwd = root }: StartOptions = {},
): Started {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  const waiting: (() => void)[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => {
      children.delete(child);
      resolve({ status, stdout, stderr });
    });
  });
  return {
    child,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (stdout.includes(text)) resolve(stdout);
        };
        waiting.push(look);
        look();
        ended.then(() => reject(new Error(`It ended without printing ${text}: ${stdout}${stderr}`)));
      }),
  };
}

export function run(args: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ended> {
  return start(args, options).ended;
}
