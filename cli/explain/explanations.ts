import { setImmediate } from 'node:timers/promises';
import { identityOf } from '../../core/arn.ts';
import type { Diagnosis } from '../../core/report.ts';
import { defined } from '../../core/values.ts';
import {
  explain as explainEvent,
  type Known,
  nothing,
  succeeded,
} from '../../lambda/customer_configuration_check/diagnosis/explain.ts';
import type { Explained } from '../../lambda/customer_configuration_check/diagnosis/explained.ts';
import type { ReadText } from '../../lambda/customer_configuration_check/diagnosis/failure-in-text.ts';
import { accessLogLines } from './access-log.ts';
import { alarmIn, alarmSummary } from './alarm.ts';
import { asWritten } from './as-written.ts';
import { brokenEvents } from './broken-events.ts';
import { asSentences } from './console.ts';
import type { Piece, Taken, TextEvent } from './event.ts';
import { documents } from './json-spans.ts';
import { messages } from './messages.ts';
import { tables } from './tables.ts';

export interface ExplainedDenial {
  readonly diagnosis: Diagnosis;
  /** How to find out more, if no remedy may be given. */
  readonly advice?: string;
  readonly customer?: string;
  readonly line: number;
  readonly times: number;
}

export type Explanations =
  | {
      readonly kind: 'denials';
      readonly denials: readonly [ExplainedDenial, ...ExplainedDenial[]];
      /** Other failures, and why they are not denials. */
      readonly others: readonly string[];
      /** The number of other denials that were not read. */
      readonly unread: number;
    }
  /** Nothing is denied in it, or not because of a permission. The summary says why. */
  | { readonly kind: 'no-denial'; readonly diagnosis: Diagnosis }
  /** It is unknown if anything is denied in it. */
  | { readonly kind: 'not-understood'; readonly diagnosis: Diagnosis };

/** More distinct denials than these are only counted, because no one reads so many. */
const mostExplained = 2_000;
/** A text without findings, read as one message. */
const longestMessage = 8_000;

/** The maximum time between pauses for other work, such as handling an interruption, in milliseconds. */
const longestPart = 50;

/** Every denial in a text, in order, each once even if a log repeats it. */
export async function explanationsOf(text: string, known: Known): Promise<Explanations> {
  const reading = explainInParts(text, known);
  for (let since = Date.now(); ; ) {
    const { done, value } = reading.next();
    if (done) return value;
    if (Date.now() - since < longestPart) continue;
    await setImmediate();
    since = Date.now();
  }
}

/** The same in parts, so that other work can run in between. */
export function* explainInParts(text: string, known: Known): Generator<undefined, Explanations> {
  const alarm = alarmIn(text);
  if (alarm) return { kind: 'no-denial', diagnosis: { ...succeeded.diagnosis, summary: alarmSummary(alarm) } };
  const read = new Reading(known);
  const events = withoutEchoes(yield* eventsIn(text));
  for (const event of events) {
    read.add(event);
    yield;
  }
  if (!events.some(({ kind }) => kind === 'failed' || kind === 'diagnosed')) {
    if (events.length > 0) return { kind: 'no-denial', diagnosis: succeeded.diagnosis };
    // It may contain a denial whose wording no reader recognizes.
    const message = text.slice(0, longestMessage);
    if (/\S/.test(message)) read.add({ kind: 'failed', line: 1, told: { message, source: 'service-message' } });
  }
  return read.explanations();
}

/** Fields of one record may contain the same denial with and without the operation. */
function withoutEchoes(events: readonly TextEvent[]): readonly TextEvent[] {
  const bare = (event: TextEvent) => (event.kind === 'failed' && event.told.isBare ? event.told : undefined);
  const named = new Set(events.filter((event) => bare(event)?.operation).map(({ line }) => line));
  return events.filter((event) => !named.has(event.line) || !bare(event) || bare(event)?.operation);
}

type Counted = { -readonly [P in keyof ExplainedDenial]: ExplainedDenial[P] };

class Reading {
  /** Cached result for an event with this text. */
  readonly #byWords = new Map<string, Counted | undefined>();
  readonly #found = new Map<string, Counted>();
  readonly #others = new Set<string>();
  #notUnderstood: Diagnosis | undefined;
  #unread = 0;

  constructor(readonly known: Known) {}

  add(event: TextEvent): void {
    if (event.kind === 'succeeded') return;
    const words = JSON.stringify([event.customer, event.kind === 'failed' ? wordsOf(event.told) : event.diagnosis]);
    if (this.#byWords.has(words)) {
      const known = this.#byWords.get(words);
      if (known) known.times++;
      return;
    }
    if (this.#byWords.size >= mostExplained) {
      this.#unread++;
      return;
    }
    this.#byWords.set(words, this.#explained(event));
  }

  #explained(event: Exclude<TextEvent, { kind: 'succeeded' }>): Counted | undefined {
    const { kind, diagnosis, advice }: Explained =
      event.kind === 'failed' ? explainEvent(event.told, this.known) : ofReport(event.diagnosis);
    if (kind === 'no-denial') this.#others.add(diagnosis.summary);
    if (kind === 'not-understood') this.#notUnderstood ??= diagnosis;
    if (kind !== 'denial') return undefined;
    const { line, customer } = event;
    const one: Counted = { diagnosis, line, times: 1, ...defined({ advice, customer }) };
    const sameness = samenessOf(one);
    const same = this.#found.get(sameness);
    if (same) same.times++;
    else this.#found.set(sameness, one);
    return same ?? one;
  }

  explanations(): Explanations {
    const [first, ...rest] = this.#found.values();
    const [other] = this.#others;
    if (first) {
      return { kind: 'denials', denials: [first, ...rest], others: [...this.#others], unread: this.#unread };
    }
    if (other !== undefined) {
      const diagnosis = { ...succeeded.diagnosis, summary: [...this.#others].join('\n') };
      return { kind: 'no-denial', diagnosis };
    }
    return { kind: 'not-understood', diagnosis: this.#notUnderstood ?? nothing.diagnosis };
  }
}

/** A report may contain a diagnosis that names no denial. */
function ofReport(diagnosis: Diagnosis): Explained {
  const { denial, candidates, remedy } = diagnosis;
  const tells = Object.keys(denial).length > 0 || candidates.length > 0 || remedy !== undefined;
  return { kind: tells ? 'denial' : 'no-denial', diagnosis };
}

/** IDs of requests don't make denials different. */
const ids =
  /\b(?:request|x-amz-request|extended|host)[-_ ]?id["']?\s*[:=]?\s*["']?[\w+/=-]{6,200}|(?<!key\/)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const sessions = /(:assumed-role\/[^/\s"]+\/)[^\s"/]+/g;
const clocks = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,]*|\b\d{2}:\d\d:\d\d[\d.,]*/g;

function wordsOf({ message, principal, isBare, ...told }: ReadText): unknown {
  // In a message without a reason, numbers make no difference.
  const words = isBare
    ? message.replace(/\d+/g, '')
    : message.replace(ids, '').replace(sessions, '$1').replace(clocks, '');
  return [words, principal && identityOf(principal), told];
}

/** Different sessions of a role don't make denials different. */
function samenessOf({ customer, diagnosis: { step, summary, denial, confidence } }: ExplainedDenial): string {
  const { principal, ...refused } = denial;
  return JSON.stringify([customer, step, summary, refused, confidence]);
}

/** One for each format that may wrap a text. Each takes what it understands and leaves the rest. */
const readers: readonly ((piece: Piece) => Taken)[] = [
  tables,
  documents,
  accessLogLines,
  brokenEvents,
  (piece) => ({ events: messages(piece), rest: [] }),
];

/**
 * All events in a text, in order, whatever format they are wrapped in. Yields between the parts of a long text, so that
 * other work can run.
 */
function* eventsIn(text: string): Generator<undefined, readonly TextEvent[]> {
  let pieces: readonly Piece[] = [{ text: asSentences(asWritten(text)), line: 1 }];
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
