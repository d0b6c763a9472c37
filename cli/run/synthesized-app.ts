import { InputError } from '../../model/text/input-error.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import type { Progress } from '../progress.ts';

/**
 * Account A as the CDK app makes it. What synthesizes it is loaded only now.
 *
 * @throws InputError where the app does not synthesize
 */
export async function synthesizedApp(progress: Progress): Promise<Assembly> {
  const { assembly, AssemblyError } = await import('../../sandbox/assembly.ts');
  return assembly({ onProgress: progress.stage }).catch((error: unknown) => {
    throw error instanceof AssemblyError ? new InputError(error.message) : error;
  });
}
