import { accessLogLines } from './access-log.ts';
import { brokenEvents } from './broken-events.ts';
import { documents } from './documents.ts';
import type { Piece, Taken, TextEvent } from './event.ts';
import { messages } from './messages.ts';
import { tables } from './tables.ts';

/** One for each kind of thing that a text may be wrapped in: each takes what it understands and leaves the rest. */
const readers: readonly ((piece: Piece) => Taken)[] = [
  tables,
  documents,
  accessLogLines,
  brokenEvents,
  (piece) => ({ events: messages(piece), rest: [] }),
];

/**
 * All that a text tells of, in its order: a text is a stream of events, in whatever they are wrapped. It yields between
 * the parts of a long one, so that something else can be done.
 */
export function* eventsIn(text: string): Generator<undefined, readonly TextEvent[]> {
  let pieces: readonly Piece[] = [{ text: text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'), line: 1 }];
  const events: TextEvent[] = [];
  for (const read of readers) {
    const rest: Piece[] = [];
    for (const piece of pieces) {
      const taken = read(piece);
      yield;
      for (const event of taken.events) events.push(event);
      for (const left of taken.rest) rest.push(left);
    }
    pieces = rest;
  }
  return events.sort((one, other) => one.line - other.line);
}
