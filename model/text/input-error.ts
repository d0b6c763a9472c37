export interface InputProblem {
  /** Of what file; absent where it is not about one. */
  readonly file?: string;
  /** Of what field of {@link InputProblem.file}, or of the answers; absent where the place says it. */
  readonly field?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Something that the person at the keyboard can mend. The message says what and how; it is all that is printed. */
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
