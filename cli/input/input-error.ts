/** Something that the person at the keyboard can mend. The message says what and how; it is all that is printed. */
export class InputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InputError';
  }
}
