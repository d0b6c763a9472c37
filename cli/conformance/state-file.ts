import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { asError } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import { codeOf } from '../output-files.ts';

/** The tag of everything that a run creates. Its value is the run's prefix. */
export const runTag = 'secure-inbox-conformance';

const resource = z.object({
  kind: z.enum(['role', 'policy', 'bucket', 'key']),
  side: z.enum(['service', 'customer']),
  /** The name of a role or bucket, the ARN of a policy, or the run's label for a key. */
  name: z.string(),
  /** For a key, once it exists. */
  arn: z.optional(z.string()),
  /** Written before the request that creates it, and again after AWS has confirmed it. */
  state: z.enum(['planned', 'created']),
});
export type Resource = z.infer<typeof resource>;

const account = z.object({ accountId: z.string(), profile: z.optional(z.string()) });

const stateSchema = z.object({
  format: z.literal('secure-inbox conformance state 1'),
  prefix: z.string(),
  region: z.string(),
  startedAt: z.string(),
  accounts: z.object({ service: account, customer: account }),
  resources: z.array(resource),
});
type State = z.infer<typeof stateSchema>;

export const stateFormat = 'secure-inbox conformance state 1';

/** The resources that a run has created or is about to create. They are on disk before they are in AWS. */
export class StateFile {
  #state: State;

  constructor(
    readonly path: string,
    state: State,
  ) {
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  /** @throws InputError if it can't be written, before anything is created */
  set(changed: Resource): void {
    const others = this.#state.resources.filter((one) => !isSame(one, changed));
    this.#write([...others, changed]);
  }

  remove(gone: Resource): void {
    const left = this.#state.resources.filter((one) => !isSame(one, gone));
    if (left.length > 0) this.#write(left);
    else {
      this.#state = { ...this.#state, resources: [] };
      rmSync(this.path, { force: true });
    }
  }

  #write(resources: readonly Resource[]): void {
    this.#state = { ...this.#state, resources: [...resources] };
    const whole = `${this.path}.new`;
    try {
      // Even if the program is killed, the file is either the old or the new one.
      writeFileSync(whole, `${JSON.stringify(this.#state, null, 2)}\n`, { mode: 0o600 });
      renameSync(whole, this.path);
    } catch (error) {
      const { message } = asError(error);
      throw new InputError(
        `${this.path}: the state file cannot be written: ${message}. Give another one with --state.`,
      );
    }
  }
}

function isSame(one: Resource, other: Resource): boolean {
  return one.kind === other.kind && one.side === other.side && one.name === other.name;
}

/** @throws InputError if the file doesn't exist or is something else */
export function readStateFile(path: string): StateFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'there is no such file' : 'it is not JSON';
    throw new InputError(`--state ${path}: ${reason}. Give the state file that the run has written.`);
  }
  const parsed = stateSchema.safeParse(value);
  if (parsed.success) return new StateFile(path, parsed.data);
  throw new InputError(`--state ${path}: is no state file of this version. Give the file that the run has written.`);
}
