import { beginsMessage } from './margins.ts';

/** How much of a text one message of AWS may be, in characters. */
export const longest = 8_000;

export interface LinePart {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** The lines on which the message itself is, of all that is read with it. */
  readonly lines: readonly [first: number, last: number];
  /** True where nothing else in it is a message of its own. */
  readonly isWhole?: true;
  readonly isBare?: true;
}

/** A text by its lines. */
export class PageOfLines {
  readonly #starts: number[] = [0];
  /** Of each line, the number of the message that it belongs to. */
  readonly #entries: number[] = [];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
    let entry = 0;
    for (let line = 0; line < this.#starts.length; line++) {
      const head = text.slice(this.startOf(line), Math.min(this.startOf(line) + 2_000, this.startOf(line + 1)));
      if (line > 0 && beginsMessage(head)) entry++;
      this.#entries.push(entry);
    }
  }

  startOf(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  lineOf(line: number): string {
    return this.text.slice(this.startOf(line), Math.min(this.startOf(line + 1), this.startOf(line) + longest));
  }

  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  entryOf(line: number): number {
    return this.#entries[line] ?? -1;
  }
}

/** What stands on the lines of others, or directly before them, is theirs. */
export class Others {
  readonly #lines = new Set<number>();
  readonly #entries = new Set<number>();

  constructor(
    readonly page: PageOfLines,
    parts: readonly LinePart[],
  ) {
    for (const { lines } of parts) {
      for (let line = lines[0]; line <= lines[1]; line++) {
        this.#lines.add(line);
        this.#entries.add(page.entryOf(line));
      }
    }
  }

  hasLine(line: number): boolean {
    return this.#lines.has(line);
  }

  hasEntryOf(line: number): boolean {
    return this.#entries.has(this.page.entryOf(line));
  }

  /** Whether another one begins within the next lines, with nothing but a few words in between. */
  follows(line: number, offset: number): boolean {
    for (let next = line + 1; next <= line + 3; next++) {
      if (!this.#lines.has(next)) continue;
      const between = this.page.text.slice(offset, this.page.startOf(next)).replace(/\s+/g, ' ');
      const isSame = this.page.entryOf(next) === this.page.entryOf(line);
      return isSame ? /^[^.]{0,160}$/.test(between) : /^\W*(?:when calling the \w+ operation)?\W*$/.test(between);
    }
    return false;
  }
}
