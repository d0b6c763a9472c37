import { isObject } from '../../core/json.ts';
import type { TextEvent } from './event.ts';
import { margin } from './lines.ts';
import { messages } from './messages.ts';

/** One line of a program's output, which a log stores as a separate record. */
export interface OutputLine {
  readonly text: string;
  /** The program, if one log contains the output of several. */
  readonly source: unknown;
  readonly at: number;
  /** True if the record ends before the line does. */
  readonly isPart: boolean;
}

/**
 * Where such records store the text, and a field that identifies the format.
 *
 * https://docs.docker.com/engine/logging/drivers/json-file/, https://systemd.io/JOURNAL_EXPORT_FORMATS/,
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html
 */
const forms = [
  { text: 'log', sign: /^(?:stream|container_id|kubernetes)$/, time: 'time', source: 'container_id' },
  { text: 'MESSAGE', sign: /^(?:__CURSOR|__REALTIME_TIMESTAMP|_PID)$/, time: '__REALTIME_TIMESTAMP', source: '_PID' },
  { text: 'message', sign: /^(?:ingestionTime|logStreamName)$/, time: 'timestamp', source: 'logStreamName' },
] as const;

/** @returns undefined for any other record, and for a line that is itself a document */
export function outputLine(record: unknown): OutputLine | undefined {
  if (!isObject(record)) return undefined;
  const names = Object.keys(record);
  const form = forms.find(
    ({ text, sign }) => typeof record[text] === 'string' && names.some((name) => sign.test(name)),
  );
  const text = form && String(record[form.text]);
  if (!form || text === undefined || /[{[]\s*["{[]/.test(text)) return undefined;
  // Docker splits long lines; only the last part ends in a line break.
  const isPart = 'stream' in record && 'time' in record && !text.endsWith('\n');
  return { text: text.replace(/\r?\n$/, ''), source: record[form.source], at: timeOf(record[form.time]), isPart };
}

/** Journald's times are in microseconds. */
function timeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return /^\d+$/.test(String(value)) ? Number(value) / 1_000 : Date.parse(String(value));
}

/** A program writes the lines of one message together, and sends no other request in between. */
const mostBetween = 20;

/** @param lines each with the line of the log where its record starts */
export function eventsOfOutput(lines: readonly (OutputLine & { readonly line: number })[]): readonly TextEvent[] {
  let text = '';
  const numbers: number[] = [];
  lines.forEach(({ text: one, source, at, line }, index) => {
    const before = lines[index - 1];
    if (before && !before.isPart) text += '\n';
    const isSame = before?.source === source && !(at - (before?.at ?? at) > mostBetween);
    text += !before || isSame || before.isPart ? one : margin + one;
    for (let more = one.split('\n').length - (before?.isPart ? 1 : 0); more > 0; more--) numbers.push(line);
  });
  return messages({ text, line: 1 }).map((event) => ({ ...event, line: numbers[event.line - 1] ?? event.line }));
}
