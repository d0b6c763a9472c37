export interface InputProblem {
  /** The file; absent if the problem is not about one. */
  readonly file?: string;
  /** The field of {@link InputProblem.file} or of the answers; absent if the place says it. */
  readonly field?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Something that the person at the keyboard can fix. The message says what and how; it is all that is printed. */
export class InputError extends Error {
  constructor(
    message: string,
    /** The same with the place of each. */
    readonly problems: readonly InputProblem[] = [{ message }],
  ) {
    super(message);
    this.name = 'InputError';
  }
}
