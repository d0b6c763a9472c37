import { withoutFrame } from '../../core/aws-words/unwrap.ts';

/** The maximum length of one message of AWS, in characters. */
export const longest = 8_000;

export interface LinePart {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** The lines of the message itself; `from` and `to` may include more. */
  readonly lines: readonly [first: number, last: number];
  /** True if no other part of it is a message of its own. */
  readonly isWhole?: true;
  readonly isBare?: true;
}

export class PageOfLines {
  readonly #starts: number[] = [0];
  /** For each line, the number of the message that it belongs to. */
  readonly #entries: number[] = [];
  readonly #chained = new Set<number>();

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
    let entry = 0;
    let goesOn = false;
    for (let line = 0; line < this.#starts.length; line++) {
      const head = text.slice(this.startOf(line), Math.min(this.startOf(line) + 2_000, this.startOf(line + 1)));
      if (line > 0 && !goesOn && beginsMessage(head)) entry++;
      if (chaining.test(head)) this.#chained.add(entry);
      goesOn = announcing.test(head) || (goesOn && ofTraceback.test(head));
      this.#entries.push(entry);
    }
  }

  /** True if this line's message is a chain of errors, each caused by the next, which report one denial. */
  isChain(line: number): boolean {
    return this.#chained.has(this.entryOf(line));
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

/** The words between an error's code and its message, or as many of them as are on the code's line. */
const afterCode = /^\W*(?:occurred )?(?:when(?: calling(?: the(?: \w+(?: operation)?)?)?)?)?\W*$/;

/** The lines of other messages. Text on these lines, or directly before them, belongs to those messages. */
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

  /** True if another message starts within the next lines, with only a few words in between. */
  follows(line: number, offset: number): boolean {
    for (let next = line + 1; next <= line + 3; next++) {
      if (!this.#lines.has(next)) continue;
      const between = this.page.text.slice(offset, this.page.startOf(next)).replace(/\s+/g, ' ');
      const isSame = this.page.entryOf(next) === this.page.entryOf(line);
      return isSame ? /^[^.]{0,160}$/.test(between) : afterCode.test(between);
    }
    return false;
  }
}

/** Replaces a log's prefix of a line. Patterns treat it as whitespace, but it can be told from other whitespace. */
export const margin = '\v';

const time = [
  /\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d| UTC)?\]?/,
  /\[?\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?[AP]M)?\]?/,
  /[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d/,
  /\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d/,
  /\[?\d{2}\/[A-Z][a-z]{2}\/\d{4}[: ]\d\d:\d\d:\d\d(?: [+-]\d{4})?\]?/,
  /\d{13}\b/,
];

/** In logs of containers and systems, a stream, a container's name, or a host and a program follow the time. */
const stream = String.raw`(?:[ \t]+std(?:out|err) [FP]\b|[ \t]+[\w.-]{1,60} [\w./@-]{1,60}\[\d{1,9}\]:)?`;
const times = time.map(({ source }) => source).join('|');
const stamped = new RegExp(
  String.raw`^[ \t]*(?:[\w./-]{1,60} {1,10}\| ?)?(?:${times})${stream}(?:[ \t]+[|:-](?=[ \t]))?[ \t]?`,
  'gm',
);
const container = /^[\w./-]{1,60}[-_]\d{1,3} {1,10}\| ?/gm;

/**
 * Removes what terminals, tools and logs put before each line: colors, gutters, mail quotes, timestamps. Keeps the
 * number of lines.
 */
export function withoutMargins(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colors begin with one
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
  return joinHardWraps(
    withoutFrame(plain)
      .replace(stamped, margin)
      .replace(container, margin)
      .replace(/^(\v?)##\[\w{1,20}\]/gm, '$1')
      // A runtime may print a string literal in pieces.
      .replace(/(["'`])[ \t]*\+[ \t]*\n[ \t]*\1/g, '\n'),
  );
}

const leastWidth = 40;
const mostWrapped = 60;

/**
 * If all lines are equally long, they were wrapped at that width, even within words. They are joined into one line,
 * followed by empty lines, so that the number of lines stays the same.
 */
function joinHardWraps(text: string): string {
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const width = lines[at]?.length ?? 0;
    if (width < leastWidth || lines[at + 1]?.length !== width) continue;
    let end = at + 1;
    while (lines[end + 1]?.length === width) end++;
    const last = lines[end + 1] ?? '';
    const isWrapped = last.length < width && last.trim() !== '' && end - at < mostWrapped;
    const parts = lines.slice(at, end + 2);
    if (isWrapped && parts.slice(1).every((line) => !beginning.test(line.replace(margin, '')))) {
      lines[at] = parts.map((line, number) => (number === 0 ? line : line.replace(margin, ''))).join('');
      lines.fill('', at + 1, end + 2);
    }
    at = end;
  }
  return lines.join('\n');
}

/** How a message starts, after anything that precedes it in the log. */
const beginning =
  /^\W{0,4}(?:(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\b|Error:|Traceback|Exception in|fatal error:|(?:upload|download|copy|move|delete|make_bucket) failed|panic:)|An error occurred \(|A client error \(/;

/** Python's text between an exception and the one that it caused; Java's before a cause. */
const announcing = /^\W{0,4}(?:During handling of the above exception|The above exception was the direct cause)/;
const ofTraceback = /^\s*(?:\n|$)|^\v?[ \t]|^\v?Traceback/;
const chaining = new RegExp(`${announcing.source}|^\\s*(?:Caused by|Wrapped by):`);

function beginsMessage(line: string): boolean {
  return (line.startsWith(margin) && /\S/.test(line) && !announcing.test(line)) || beginning.test(line);
}
