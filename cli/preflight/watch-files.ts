import { InputError } from '../../model/text/input-error.ts';
import { type CommandSurroundings, unlessInterrupted } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import type { PreflightInput } from './preflight-inputs.ts';

/** Editors write a file in several steps, and chokidar reports one every 50 ms. A run must wait for the last one. */
const settledAfterMs = 60;

/**
 * Runs immediately, and again whenever one of the given files changes.
 *
 * @param run prints its result. Errors that the user can fix are printed, and the command waits for a change
 * @throws Interrupted on Ctrl-C
 */
export async function watch(
  input: PreflightInput,
  { stdout, stderr, interrupted }: CommandSurroundings,
  run: () => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const files = watchedPaths(input);
  if (files.includes('-')) throw new InputError('--watch: standard input (-) cannot be watched. Give files.');
  const { watch: watchFiles } = await import('chokidar');
  const watcher = watchFiles([...files], { ignoreInitial: true, depth: 0 });
  const turns = new Turns(async () => {
    const startedAt = performance.now();
    await run().catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      stderr.write(`${error.message}\n`);
    });
    stderr.write(`${Math.round(performance.now() - startedAt)} ms. Watching until Ctrl-C.\n`);
  });
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stdout.write('\n');
      turns.another();
    }, settledAfterMs);
  });
  try {
    // An earlier change would be mistaken for the initial state.
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
    turns.another();
    return await unlessInterrupted(interrupted, turns.failed);
  } finally {
    clearTimeout(timer);
    await watcher.close();
  }
}

/** Runs one after the other. A change during a run is handled by the next one. */
class Turns {
  readonly failed: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  #running = false;
  #isWanted = false;

  constructor(private readonly run: () => Promise<void>) {
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
  }

  another(): void {
    this.#isWanted = true;
    if (!this.#running) this.#go().catch(this.#fail);
  }

  async #go(): Promise<void> {
    this.#running = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await this.run();
      }
    } finally {
      this.#running = false;
    }
  }
}

function watchedPaths({ paths, events, scenarios, policies, templates }: PreflightInput): readonly string[] {
  const files = [...paths, ...events, ...scenarios, ...Object.values(policies).flat(), ...templates];
  return files.length === 0 ? ['.'] : files;
}
