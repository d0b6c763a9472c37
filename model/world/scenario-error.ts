import { InputError } from '../text/input-error.ts';

/** A scenario that can't be loaded. The message says where and why, and is shown to the user unchanged. */
export class ScenarioError extends InputError {
  override readonly name = 'ScenarioError';
  constructor(
    readonly file: string | undefined,
    /** The field's path, such as `customer.inbox.region`; empty for the whole file. */
    readonly path: string,
    readonly reason: string,
    readonly line?: number,
  ) {
    const where = [file, line].filter((part) => part !== undefined).join(':');
    super([where, path, reason].filter((part) => part !== '').join(': '));
  }

  at(line: number | undefined): ScenarioError {
    return line === undefined || this.line !== undefined
      ? this
      : new ScenarioError(this.file, this.path, this.reason, line);
  }
}
