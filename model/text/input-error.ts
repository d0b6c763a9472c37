export interface InputProblem {
  /** Absent if the problem is not about a file. */
  readonly file?: string;
  /** The field in {@link InputProblem.file} or in the answers; absent if the position already shows it. */
  readonly field?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** An error that the user can fix. Only its message is printed, which says what is wrong and how to fix it. */
export class InputError extends Error {
  constructor(
    message: string,
    /** The same problems, each with its place. */
    readonly problems: readonly InputProblem[] = [{ message }],
  ) {
    super(message);
    this.name = 'InputError';
  }
}
