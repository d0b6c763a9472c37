import { unwrap } from '../../core/aws-words/unwrap.ts';
import { toldByTrailEvent } from './cloudtrail.ts';
import { endOfLine, eventOf, linesOf, type Piece, type Range, restOf, type Taken } from './event.ts';

/** The paths of fields that are not at the top level of a CloudTrail event. */
const paths: Readonly<Record<string, string>> = {
  accountid: 'useridentityaccountid',
  keyid: 'requestparameterskeyid',
  'aws:s3:arn': 'requestparametersencryptioncontextawss3arn',
  bucketname: 'requestparametersbucketname',
  key: 'requestparameterskey',
  rolearn: 'requestparametersrolearn',
  arn: 'useridentityarn',
};

/** An event has each of these once, so the second one starts the next event. */
const once: ReadonlySet<string> = new Set([
  'eventversion',
  'eventtime',
  'eventsource',
  'eventname',
  'errorcode',
  'errormessage',
]);

const field =
  /(?<![\w:.])(["']?)(eventVersion|eventTime|eventSource|eventName|awsRegion|errorCode|errorMessage|recipientAccountId|accountId|keyId|aws:s3:arn|bucketName|key|roleArn|arn)\1[ \t]*[:=][ \t]*/gi;

/**
 * CloudTrail events that are not valid JSON: cut off at either end, without braces, as YAML, printed by a program, or
 * with typographic quotation marks.
 */
export function brokenEvents(piece: Piece): Taken {
  if (!/event_?(?:Name|Source)\W{1,6}/i.test(piece.text) || !/error_?(?:Code|Message)\W/i.test(piece.text)) {
    return { events: [], rest: [piece] };
  }
  const text = plain(piece.text);
  const found = eventsOf(text);
  const lineAt = linesOf({ ...piece, text });
  const events = found.map(({ fields, from }) => eventOf(toldByTrailEvent(fields), lineAt(from)));
  return { events, rest: restOf({ ...piece, text }, found) };
}

/** Removes the escapes of quotation marks, for JSON within a string. */
function plain(text: string): string {
  const escaped = /\\"event(?:Name|Source|Version)\\"/i.test(text) ? text.replace(/\\(["\\/])/g, '$1') : text;
  return /[\u201c\u201d\u2018\u2019]|&quot;|&#34;/.test(escaped) ? unwrap(escaped) : escaped;
}

interface Found extends Range {
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

function eventsOf(text: string): readonly Found[] {
  const found: Found[] = [];
  let current: { fields: Map<string, string[]>; from: number; to: number } | undefined;
  const close = () => {
    if (current && isTelling(current.fields)) found.push(current);
    current = undefined;
  };
  for (const match of text.matchAll(field)) {
    if (current && match.index < current.to) continue;
    const name = (match[2] ?? '').toLowerCase();
    const value = valueAt(text, match.index + match[0].length, indentOf(text, match.index));
    // A cut-off name is a different name, but a cut-off message is still useful.
    if (value.isCut && name !== 'errormessage') {
      if (current) current.to = value.to;
      continue;
    }
    const path = pathOf(name, value.text);
    if (once.has(name) && current?.fields.has(path)) close();
    if (current && match.index - current.to > farthest && !isTelling(current.fields)) current = undefined;
    current ??= { fields: new Map(), from: match.index, to: match.index };
    const values = current.fields.get(path);
    if (values) values.push(value.text);
    else current.fields.set(path, [value.text]);
    current.to = value.to;
  }
  close();
  return found;
}

/** The maximum distance between two fields of one event, in characters. */
const farthest = 2_000;

function pathOf(name: string, value: string): string {
  if (name === 'arn' && /:kms:/.test(value)) return 'resourcesarn';
  return paths[name] ?? name;
}

/** Words in a log may look like one field, but hardly like these. */
function isTelling(fields: ReadonlyMap<string, readonly string[]>): boolean {
  const has = (name: string) => fields.has(name);
  return has('eventname') && (has('errorcode') || has('errormessage'));
}

function indentOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

const longest = 8_000;

interface Value {
  readonly text: string;
  readonly to: number;
  /** True if the text ends before the closing quotation mark. */
  readonly isCut?: boolean;
}

/** A quoted value, or a YAML value that continues on lines with a deeper indentation. */
function valueAt(text: string, from: number, indent: number): Value {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    const end = endOfQuoted(text, from + 1, quote);
    const inner = text.slice(from + 1, end).replace(/\\?\n[ \t]*\\?/g, ' ');
    const unescaped = quote === "'" ? inner.replaceAll("''", "'") : inner.replace(/\\(["\\/])/g, '$1');
    return { text: unescaped, to: Math.min(end + 1, text.length), isCut: end >= text.length };
  }
  const line = endOfLine(text, from);
  const first = text.slice(from, line);
  const isBlock = /^[>|][+-]?\s*$/.test(first);
  const plainValue = first.replace(/[,}\]]\s*$/, '').trim();
  let to = line;
  const lines = isBlock ? [] : [plainValue];
  while (to < text.length && to - from < longest) {
    const end = endOfLine(text, to + 1);
    const next = text.slice(to + 1, end);
    const deeper = (next.match(/^ */)?.[0].length ?? 0) > indent;
    if (!deeper || !/\S/.test(next) || (!isBlock && /^\s*(?:-\s|["']?[\w:]+["']?\s*:)/.test(next))) break;
    lines.push(next.trim());
    to = end;
  }
  return { text: lines.join(' '), to };
}

function endOfQuoted(text: string, from: number, quote: string): number {
  const limit = Math.min(text.length, from + longest);
  for (let at = from; at < limit; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++;
      else return at;
    }
  }
  return limit;
}
