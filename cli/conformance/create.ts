import { InputError } from '../../model/text/input-error.ts';
import { type Accounts, Refused } from './accounts.ts';
import type { Creation } from './creation.ts';
import type { StateFile } from './state-file.ts';

/**
 * Creates everything, each noted in the state file before it is there.
 *
 * @throws InputError for a name that exists already, which is left alone, and with every permission that turned out missing
 */
export async function create(
  creations: readonly Creation[],
  accounts: Accounts,
  state: StateFile,
  wanted: () => void,
): Promise<void> {
  const refused: Refused[] = [];
  for (const { resource, mustBeFree, calls } of creations) {
    wanted();
    if (mustBeFree && !(await isFree(mustBeFree, accounts))) throw exists(resource.name);
    state.set(resource);
    try {
      for (const [nth, call] of calls.entries()) {
        await accounts.send(call, nth > 0);
        const arn = resource.kind === 'key' ? accounts.known.get(`key ${resource.name}`) : undefined;
        state.set({ ...resource, state: 'created', ...(arn !== undefined && { arn }) });
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Nothing was created: whatever has the name is no business of the run's clean-up.
      const { status = 500 } = error;
      if (error.call === calls[0] && status >= 400 && status < 500) state.remove(resource);
      if (/AlreadyExists|AlreadyOwnedByYou/.test(error.code)) throw exists(resource.name);
      refused.push(error);
      if (!/AccessDenied|Unauthorized/.test(error.code)) break;
    }
  }
  if (refused.length === 0) return;
  throw new InputError(
    `AWS refused to create what the run needs. What was created is removed again.\n${refused
      .map(({ call, code, text }) => `  ${call.side}'s account, ${call.operation}: ${code}: ${text}`)
      .join('\n')}`,
  );
}

async function isFree(call: Creation['mustBeFree'] & {}, accounts: Accounts): Promise<boolean> {
  try {
    await accounts.send(call);
    return false;
  } catch (error) {
    if (error instanceof Refused && /^(NotFound|NoSuchBucket|404)$/.test(error.code)) return true;
    // 403 and 301: somebody else has it.
    if (error instanceof Refused) return false;
    throw error;
  }
}

function exists(name: string): InputError {
  return new InputError(
    `${name} exists already. It was left alone, and what this run has created is removed. Run it again: each run takes other names.`,
  );
}
