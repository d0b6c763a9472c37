import { isObject } from '../../core/json.ts';
import { endOfLine, linesOf, type Piece, type Range, restOf, type Taken, type TextEvent } from './event.ts';
import { normalized, parsedJson } from './fields.ts';
import { saysWhatIsRefused } from './messages.ts';
import { eventsOfOutput, type OutputLine, outputLine } from './output-lines.ts';
import { eventsOfRecord } from './records.ts';

/** JSON anywhere in a text: all of it, several documents, one in a log line, or the complete parts of one. */
export function documents(piece: Piece): Taken {
  const lineAt = linesOf(piece);
  const events: TextEvent[] = [];
  const taken: Range[] = [];
  let output: (OutputLine & Range & { readonly line: number })[] = [];
  const take = (found: readonly TextEvent[], spans: readonly Range[]) => {
    if (found.length === 0) return;
    for (const event of found) events.push(event);
    const tells = found.some(({ kind }) => kind !== 'succeeded');
    for (const span of spans) taken.push(tells ? withItsLine(piece.text, span, taken.at(-1)?.to) : span);
  };
  const close = () => {
    take(eventsOfOutput(output), output);
    output = [];
  };
  for (const span of jsonSpans(piece.text)) {
    const value = parsedJson(piece.text.slice(span.from, span.to));
    if (value === undefined || !(span.isWhole || isEvent(value))) continue;
    const line = lineAt(span.from);
    const one = outputLine(value);
    if (one) {
      output.push({ ...one, from: span.from, to: span.to, line });
      continue;
    }
    close();
    take(eventsOfRecord(value, line), [span]);
  }
  close();
  return { events, rest: restOf(piece, taken) };
}

/** In a document that was cut off, only complete events count. Everything else is part of the incomplete one. */
function isEvent(value: object): boolean {
  return isObject(value) && Object.keys(value).some((name) => whole.has(normalized(name)));
}

const whole: ReadonlySet<string> = new Set(['eventname', 'cloudtrailevent', 'steps', 'denial', 'message', 'timestamp']);

/** Text around a document in a log line belongs to the document, unless it is a complete sentence of AWS. */
function withItsLine(text: string, { from, to }: Range, taken = 0): Range {
  const begin = Math.max(text.lastIndexOf('\n', from) + 1, taken);
  const end = endOfLine(text, to);
  return {
    from: from - begin < 2_000 && !saysWhatIsRefused(text.slice(begin, from)) ? begin : from,
    to: end - to < 2_000 && !saysWhatIsRefused(text.slice(to, end)) && !/[{[]/.test(text.slice(to, end)) ? end : to,
  };
}

interface Span extends Range {
  /** False if something around it is never closed, so that it is part of a document that was cut off. */
  readonly isWhole: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const pairs: Readonly<Record<number, number>> = { 125: 0x7b, 93: 0x5b };

/**
 * Finds possible JSON in a text: each outermost pair of brackets that looks like a document. Reads the text once,
 * whatever its nesting and wherever it is cut off.
 */
function jsonSpans(text: string): readonly Span[] {
  const open: { readonly from: number; readonly bracket: number }[] = [];
  const count: Record<number, number> = { 123: 0, 91: 0 };
  const found: Span[] = [];
  for (let at = 0; at < text.length; at++) {
    // Outside of documents, only an opening bracket matters.
    if (open.length === 0) at = nextOpening(text, at);
    const character = text.charCodeAt(at);
    if (character === quote) {
      at = endOfString(text, at);
    } else if (character === 0x7b || character === 0x5b) {
      if (open.length === 0 && !beginsDocument(text, at)) continue;
      open.push({ from: at, bracket: character });
      count[character] = (count[character] ?? 0) + 1;
    } else if (character === 0x7d || character === 0x5d) {
      const wanted = pairs[character] ?? 0;
      if (!count[wanted]) continue;
      const { from, isNested } = pop(open, count, wanted);
      while ((found.at(-1)?.from ?? -1) > from) found.pop();
      // JSON.parse would reject it, but slowly.
      if (isNested) found.push({ from, to: at + 1, isWhole: open.length === 0 });
    }
  }
  return found;
}

/** Brackets of the other type that are still open are never closed. */
function pop(
  open: { readonly from: number; readonly bracket: number }[],
  count: Record<number, number>,
  wanted: number,
): { readonly from: number; readonly isNested: boolean } {
  const depth = open.length - 1;
  for (let top = open.pop(); top; top = open.pop()) {
    count[top.bracket] = (count[top.bracket] ?? 0) - 1;
    if (top.bracket === wanted) return { from: top.from, isNested: open.length === depth };
  }
  return { from: 0, isNested: false };
}

const opening = /[{[]/g;

function nextOpening(text: string, from: number): number {
  opening.lastIndex = from;
  return opening.exec(text)?.index ?? text.length;
}

const beginning = /[{[]\s{0,2000}(.)/y;

/** Most brackets in logs are not JSON. */
function beginsDocument(text: string, at: number): boolean {
  beginning.lastIndex = at;
  const next = beginning.exec(text)?.[1];
  return next === '"' || (text[at] === '[' && (next === '{' || next === '['));
}

/** A JSON string ends on its line. A quotation mark without a partner is just a character. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === backslash) at++;
    else if (character === quote) return at;
    else if (character === 0x0a) return from;
  }
  return from;
}
