import { unlessInterrupted } from './interrupted.ts';
import { type LiveProgress, progressOn } from './progress.ts';
import type { CommandSurroundings } from './surroundings.ts';

/**
 * Does what tells on stderr how far it is, and leaves nothing half-written there, whatever the end.
 *
 * @throws Interrupted as soon as the user wants an end
 */
export function withProgress<T>(
  { stderr, interrupted }: Pick<CommandSurroundings, 'stderr' | 'interrupted'>,
  work: (progress: LiveProgress) => Promise<T>,
): Promise<T> {
  const progress = progressOn(stderr);
  return unlessInterrupted(interrupted, work(progress)).finally(() => progress.end());
}
