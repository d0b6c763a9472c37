/** A part of a text that tells of one thing. */
export interface Passage {
  readonly text: string;
  /** Whose report it is from. */
  readonly customer?: string;
}

/**
 * Takes apart what may tell of several denials: reports, alone or in lists, their diagnoses and steps, CloudTrail's
 * events in all forms in which it hands them out, and logs with several messages.
 *
 * @returns at least one passage, in the order of the text, each small where the text is not
 */
export function passagesIn(text: string): readonly Passage[] {
  const passages = documentsIn(text).flatMap((document) => unfold(document));
  return passages.length > 0 ? passages : messagesIn(text).map((message) => ({ text: message }));
}

type Json = Readonly<Record<string, unknown>>;

/** The JSON in a text: all of it, what stands between other words, one document after another, or one in a log line. */
function documentsIn(text: string): readonly unknown[] {
  const one = parsed(text) ?? parsed(between(text, '[', ']')) ?? parsed(between(text, '{', '}'));
  if (one !== undefined) return [one];
  const documents = text.split(/\n(?=[[{])/).flatMap((document) => parsed(document) ?? []);
  if (documents.some((document) => unfold(document).length > 0)) return documents;
  const lines = text.split('\n').filter((line) => line.includes('{'));
  return lines.flatMap((line) => parsed(line.slice(line.indexOf('{'))) ?? []);
}

function between(text: string, opening: string, closing: string): string {
  return text.slice(text.indexOf(opening), text.lastIndexOf(closing) + 1);
}

/** @returns undefined at once for most of what is no document: a refusal by JSON.parse is slow */
function parsed(text: string): object | undefined {
  const last = text.trimEnd().at(-1);
  if (last !== '}' && last !== ']') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What holds several: a batch's answer, a report's diagnoses, a log file of CloudTrail, the answer of LookupEvents. */
const lists = ['reports', 'diagnoses', 'Records', 'Events'] as const;

/** What is read as a whole: an event, one of LookupEvents or of EventBridge; a report; a diagnosis. */
const wholes: readonly ((value: Json) => boolean)[] = [
  (value) => typeof value['eventSource'] === 'string',
  (value) => typeof value['CloudTrailEvent'] === 'string',
  (value) => isObject(value['detail']),
  (value) => typeof value['verdict'] === 'string' && Array.isArray(value['steps']),
  (value) => isObject(value['denial']) && Array.isArray(value['evidence']),
];

/** Deeper than any of them lies within another. */
const deepest = 8;

function unfold(value: unknown, customer?: string, depth = 0): readonly Passage[] {
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((one) => unfold(one, customer, depth + 1));
  if (!isObject(value)) return [];
  const owner = typeof value['customer'] === 'string' ? value['customer'] : customer;
  const list = lists.map((name) => value[name]).find((found) => Array.isArray(found) && found.length > 0);
  if (list !== undefined) return unfold(list, owner, depth + 1);
  if (!wholes.some((isWhole) => isWhole(value))) return [];
  return stepsOf(value).map((part) => ({
    text: JSON.stringify(part),
    ...(owner !== undefined && { customer: owner }),
  }));
}

/** A report without diagnoses: each step that AWS refused is a thing of its own. */
function stepsOf(value: Json): readonly Json[] {
  const { steps } = value;
  const refused = Array.isArray(steps) ? steps.filter((step) => isObject(step) && 'error' in step) : [];
  return refused.length > 1 ? refused.map((step) => ({ ...value, steps: [step] })) : [value];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** However it is broken into lines, and escaped. */
const sentence = /\bnot(?:\W|\\n){1,200}authorized(?:\W|\\n){1,200}to(?:\W|\\n){1,200}perform\b/gi;
/** What else an answer of AWS may be recognized by: words of its messages, ends of its codes. */
const sign =
  /denied|forbidden|\b403\b|does not (?:exist|allow)|is (?:disabled|pending|wrong)|BlockPublic|incompatible for|Invalid arn|\bKMS\.|NoSuch|(?:Exception|Redirect|Malformed|NotSupported|Ownership)\b/gi;

/** What stands before and after an answer of AWS and may belong to it, in characters. */
const before = 2_000;
const after = 6_000;

/** Longer logs repeat themselves. */
export const mostMessages = 2_000;

/** Each sentence of AWS with what stands around it; in a log without one, each place that looks like its answer. */
function messagesIn(text: string): readonly string[] {
  const sentences = placesOf(sentence, text);
  if (sentences.length > 0) {
    const starts = sentences.map((index, at) => startOf(text, sentences[at - 1], index));
    return sentences.map((index, at) => around(text, starts[at] ?? 0, index, starts[at + 1] ?? text.length));
  }
  if (text.length <= before + after) return [text];
  const places = placesOf(sign, text);
  return places.length > 0 ? [...new Set(places.map((index) => linesAt(text, index)))] : [text.slice(0, after)];
}

function placesOf(pattern: RegExp, text: string): readonly number[] {
  const places: number[] = [];
  for (const { index } of text.matchAll(pattern)) {
    places.push(index);
    if (places.length === mostMessages) break;
  }
  return places;
}

/** Where the line begins with which the sentence begins; in a line that tells of two, its own “User:”. */
function startOf(text: string, previous: number | undefined, index: number): number {
  if (previous === undefined) return 0;
  const user = text.lastIndexOf('User:', index);
  const begin = user > previous ? user : index;
  const line = text.lastIndexOf('\n', begin) + 1;
  return line > previous ? line : begin;
}

function around(text: string, from: number, index: number, to: number): string {
  if (to - from <= before + after) return text.slice(from, to);
  return text.slice(Math.max(from, index - before), Math.min(to, index + after));
}

/** A line, as much of it as one message may be, and the next one: XML and stack traces tell code and message apart. */
function linesAt(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf('\n', index);
  const next = end < 0 ? -1 : text.indexOf('\n', end + 1);
  return around(text, start, index, next < 0 ? text.length : next);
}
