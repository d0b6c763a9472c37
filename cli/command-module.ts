import type { Command } from 'commander';
import type { ExitStatus } from './exit-status.ts';
import type { CommandSurroundings } from './surroundings.ts';

/** A command: what it accepts, and what it does. */
export interface CommandModule {
  /** Adds arguments, options and help texts to a command that already has its name and summary. */
  declare(command: Command): void;
  /** @throws InputError for what the user can mend; anything else that is thrown is a bug */
  run(command: Command, surroundings: CommandSurroundings): Promise<ExitStatus>;
}
