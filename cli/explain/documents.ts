import { linesOf, type Piece, type Range, restOf, type Taken, type TextEvent } from './event.ts';
import { isJson, normalized, parsedJson } from './fields.ts';
import { jsonSpans, type Span } from './json-spans.ts';
import { saysWhatIsRefused } from './messages.ts';
import { eventsOfRecord } from './records.ts';

/** JSON anywhere in a text: all of it, one document after another, one in a line of a log, or what is whole of one. */
export function documents(piece: Piece): Taken {
  const lineAt = linesOf(piece);
  const events: TextEvent[] = [];
  const taken: Range[] = [];
  for (const span of jsonSpans(piece.text)) {
    const value = parsedJson(piece.text.slice(span.from, span.to));
    if (value === undefined || !(span.isWhole || isEvent(value))) continue;
    const found = eventsOfRecord(value, lineAt(span.from));
    if (found.length === 0) continue;
    for (const event of found) events.push(event);
    taken.push(found.some(({ kind }) => kind !== 'succeeded') ? withItsLine(piece.text, span, taken.at(-1)?.to) : span);
  }
  return { events, rest: restOf(piece, taken) };
}

/** In a document that was cut off, only what is an event by itself: all else is a part of the one that is incomplete. */
function isEvent(value: object): boolean {
  return isJson(value) && Object.keys(value).some((name) => whole.has(normalized(name)));
}

const whole: ReadonlySet<string> = new Set(['eventname', 'cloudtrailevent', 'steps', 'denial', 'message', 'timestamp']);

/** What a line of a log says around a document is said of it, unless it is a whole sentence of AWS. */
function withItsLine(text: string, { from, to }: Span, taken = 0): Range {
  const begin = Math.max(text.lastIndexOf('\n', from) + 1, taken);
  const newline = text.indexOf('\n', to);
  const end = newline < 0 ? text.length : newline;
  return {
    from: from - begin < 2_000 && !saysWhatIsRefused(text.slice(begin, from)) ? begin : from,
    to: end - to < 2_000 && !saysWhatIsRefused(text.slice(to, end)) && !/[{[]/.test(text.slice(to, end)) ? end : to,
  };
}
