import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import type { Diagnosis } from '../../core/report.ts';
import type { Step } from '../../core/vocabulary.ts';
import type { ReadText } from '../../lambda/customer_configuration_check/diagnosis/failure-in-text.ts';
import { isLogLine, toldByLogRecord } from './access-log.ts';
import { isTrailEvent, toldByTrailEvent } from './cloudtrail.ts';
import { isDecodedMessage, toldByDecodedMessage } from './decoded-message.ts';
import { eventOf, type TextEvent } from './event.ts';
import { fieldsOf, normalized, parsedJson, type RecordFields } from './fields.ts';
import { messages, saysWhatIsRefused } from './messages.ts';
import { eventsOfOutput, outputLine } from './output-lines.ts';
import { toldByReplication } from './replication.ts';
import { unzipped } from './unzipped.ts';

/** Deeper than any wrapper nests an event. */
const deepest = 24;

/**
 * Reads a record: a report, an event from CloudTrail or S3's access log, or a wrapper around some. Texts in any other
 * record are read like a program's output.
 */
export function eventsOfRecord(record: unknown, line: number, customer?: string, depth = 0): readonly TextEvent[] {
  if (depth > deepest) return [];
  if (Array.isArray(record)) return eventsOfList(record, line, customer, depth);
  if (!isObject(record)) return typeof record === 'string' ? eventsOfText(record, line, depth) : [];
  // LookupEvents returns the event as a text, in addition to a summary.
  const inner = firstNames(record).find((name) => normalized(name) === 'cloudtrailevent' && isText(record[name]));
  if (inner !== undefined) return eventsOfRecord(record[inner], line, customer, depth + 1);
  const known = eventsOfKnown(record, line, customer);
  if (known) return known;
  return eventsOfParts(record, line, customer, depth);
}

type Reader = (fields: RecordFields) => ReadText | 'succeeded';

/** Recognizes a record by its field names. */
const readers: readonly (readonly [reads: (has: (name: string) => boolean) => boolean, read: Reader])[] = [
  [isDecodedMessage, toldByDecodedMessage],
  [isTrailEvent, toldByTrailEvent],
  [isLogLine, toldByLogRecord],
];

/** @returns undefined if the record itself is none of these */
function eventsOfKnown(record: Json, line: number, customer?: string): readonly TextEvent[] | undefined {
  const report = eventsOfReport(record, line, customer);
  if (report) return report;
  const names = namesOf(record);
  const has = (name: string) => names.has(name);
  // S3's other notifications report what happened to an object, not a request.
  const ofS3 = has('replicationeventdata') ? toldByReplication : undefined;
  const read = record['eventSource'] === 'aws:s3' ? ofS3 : readers.find(([reads]) => reads(has))?.[1];
  return read && [eventOf(read(fieldsOf(record)), line)];
}

/** No known record has that many fields. */
const mostNames = 1_000;

function firstNames(record: Json): readonly string[] {
  return Object.keys(record).slice(0, mostNames);
}

function namesOf(record: Json): ReadonlySet<string> {
  return new Set(firstNames(record).map(normalized));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** `aws logs get-query-results` returns each row as a list of fields. */
function isRow(list: readonly unknown[]): list is readonly { readonly field: string; readonly value: string }[] {
  return (
    list.length > 0 && list.every((one) => isObject(one) && isText(one['field']) && typeof one['value'] === 'string')
  );
}

function eventsOfList(list: readonly unknown[], line: number, customer: string | undefined, depth: number) {
  if (isRow(list)) {
    const record = Object.create(null) as Record<string, string>;
    for (const { field, value } of list) record[field] = value;
    return eventsOfRecord(record, line, customer, depth + 1);
  }
  // A text's lines are often stored as a list.
  if (list.every((one) => typeof one === 'string')) {
    return messages({ text: list.join('\n'), line: 1 }).map((event) => ({ ...event, line }));
  }
  const output = list.map(outputLine);
  if (output.every((one) => one !== undefined)) return eventsOfOutput(output.map((one) => ({ ...one, line })));
  return list.flatMap((one) => eventsOfRecord(one, line, customer, depth + 1));
}

function eventsOfParts(record: Json, line: number, customer: string | undefined, depth: number): readonly TextEvent[] {
  const owner = isText(record['customer']) ? record['customer'] : customer;
  const inside: TextEvent[] = [];
  const own: string[] = [];
  for (const value of Object.values(record)) {
    const text = isText(value) ? (unzipped(value) ?? value) : value;
    const nested = isText(text) ? parsedJson(text) : text;
    if (typeof nested === 'object' && nested !== null) {
      for (const event of eventsOfRecord(nested, line, owner, depth + 1)) inside.push(event);
    } else if (isText(text) || typeof text === 'number') own.push(String(text));
  }
  const fails = inside.some(({ kind }) => kind !== 'succeeded');
  // A record's short description belongs to its failure, unless the failure is only a code and the record has AWS's
  // words.
  if (fails && !(inside.every(isBare) && saysWhatIsRefused(own.join('\n')))) return inside;
  const said = eventsOfText(own.join('\n'), line, depth);
  return said.length > 0 ? said : inside;
}

function isBare(event: TextEvent): boolean {
  return event.kind === 'succeeded' || (event.kind === 'failed' && event.told.isBare === true);
}

function eventsOfText(text: string, line: number, depth: number): readonly TextEvent[] {
  const document = parsedJson(text);
  if (document !== undefined) return eventsOfRecord(document, line, undefined, depth + 1);
  return messages({ text, line: 1 }, { isOne: true }).map((event) => ({ ...event, line }));
}

/** Reads a report of the check, or a diagnosis of one; undefined if the record is neither. */
function eventsOfReport(record: Json, line: number, customer?: string): readonly TextEvent[] | undefined {
  const owner = textAt(record, 'customer') ?? customer;
  const place = { line, ...(owner !== undefined && { customer: owner }) };
  if (isDiagnosis(record)) return [{ kind: 'diagnosed', diagnosis: record, ...place }];
  if (!('verdict' in record) || !Array.isArray(record['steps'])) return undefined;
  const diagnoses = listAt(record, 'diagnoses').filter(isDiagnosis);
  if (diagnoses.length > 0) return diagnoses.map((diagnosis) => ({ kind: 'diagnosed', diagnosis, ...place }));
  const failed = listAt(record, 'steps').flatMap((step): TextEvent[] => failedStep(record, step, place));
  return failed.length > 0 ? failed : [{ kind: 'succeeded', ...place }];
}

/** In a report without diagnoses, each denied step is a separate event. */
function failedStep(record: Json, result: unknown, place: Pick<TextEvent, 'line' | 'customer'>): TextEvent[] {
  const error = objectAt(result, 'error');
  // A step may fail although AWS reported no error: an object that is encrypted otherwise than asked for.
  const reason = textAt(result, 'status') === 'failed' ? textAt(result, 'reason') : undefined;
  const message = textAt(error, 'message') ?? reason;
  if (message === undefined) return [];
  return [
    {
      kind: 'failed',
      told: {
        message,
        source: 'service-message',
        code: textAt(error, 'code'),
        step: textAt(result, 'step') as Step | undefined,
        principal: textAt(record, 'principal'),
        viaS3: textAt(result, 'step') !== 'assume-delivery-role',
      },
      ...place,
    },
  ];
}

function isDiagnosis(value: unknown): value is Diagnosis {
  return (
    textAt(value, 'summary') !== undefined &&
    textAt(value, 'confidence') !== undefined &&
    objectAt(value, 'denial') !== undefined &&
    Array.isArray((value as Json)['evidence']) &&
    Array.isArray((value as Json)['candidates'])
  );
}
