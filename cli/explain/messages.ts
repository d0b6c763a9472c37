import { type MessageDenial, readMessage } from '../../core/aws-words/message.ts';
import { operationIn, type Piece, type TextEvent } from './event.ts';
import { type LinePart, longest, margin, Others, PageOfLines, withoutMargins } from './lines.ts';
import { bareSign, codeOfCondition, codes, reason, sentence, sign, wordsOfCondition, wordsOfOthers } from './signs.ts';

// Longer than 250 lines: one pass over a log, whose limits, search and counts depend on each other.

/** The maximum distance from the start of a message to its sentence, in characters. */
const before = 2_000;
/** Longer logs repeat themselves, so more messages than this are only counted. */
const mostMessages = 200_000;

const mostDifferent = 10_000;
/** The limit for places that only look like a denial. */
const mostVain = 5_000;

interface MessageOptions {
  /** True within one record, whose summary is about the same failure as its message. */
  readonly isOne?: boolean;
}

/**
 * AWS's messages in text that a person or a program wrote: sentences that say who may not do what, problems with a
 * bucket, a key or a policy, and “Access Denied” alone if its message contains neither.
 */
export function messages(piece: Piece, { isOne = false }: MessageOptions = {}): readonly TextEvent[] {
  const text = withoutMargins(piece.text);
  const page = new PageOfLines(text);
  const parts: LinePart[] = sentencesIn(page);
  for (const part of signsIn(page, parts)) parts.push(part);
  const told = parts.length;
  for (const part of baresIn(page, parts, isOne && told > 0)) parts.push(part);
  parts.sort((one, other) => one.from - other.from);
  return (isOne ? withoutRepeated(text, parts) : parts).map((part) =>
    failed(text.slice(part.from, part.to), piece.line + part.line, part.isBare),
  );
}

export function saysWhatIsRefused(text: string): boolean {
  return text.length > 0 && text.search(sentence) >= 0;
}

function failed(text: string, line: number, isBare = false): TextEvent {
  const message = text.replaceAll(margin, '').trim();
  const viaS3 = saysThatS3Asked(message);
  const all = isBare ? { isBare, operation: operationIn(message) } : {};
  const isAnonymous = /\bAnonymous (?:access is forbidden|users cannot)/.test(message) && { isAnonymous: true };
  return { kind: 'failed', line, told: { message, source: 'service-message', viaS3, ...all, ...isAnonymous } };
}

/** S3 reports a denial by KMS as AccessDenied, while KMS itself says AccessDeniedException. */
function saysThatS3Asked(text: string): boolean {
  return (
    /\bAccessDenied\b(?!Exception)/.test(text) || /(?:Put|Get|Copy|Head)Object|UploadPart|MultipartUpload/.test(text)
  );
}

function sentencesIn(page: PageOfLines): LinePart[] {
  const { text } = page;
  const found: { readonly from: number; readonly at: number; readonly to: number }[] = [];
  for (const { index, 0: words } of text.matchAll(sentence)) {
    found.push({ from: startOfSentence(text, found.at(-1)?.to ?? 0, index), at: index, to: index + words.length });
    if (found.length === mostMessages) break;
  }
  return found.map(({ from, at, to }, number) => {
    const next = found[number + 1]?.from ?? text.length;
    const first = page.lineAt(userBefore(text, from, at));
    return {
      from: Math.max(from, at - before),
      to: Math.min(next, at + longest),
      line: first,
      lines: [first, page.lineAt(to)] as const,
    };
  });
}

/** A record's stack trace often repeats its message. */
function withoutRepeated(text: string, parts: readonly LinePart[]): readonly LinePart[] {
  const seen = new Set<string>();
  return parts.filter(({ from, to }) => {
    const line = /User[^\n]*|$/.exec(text.slice(from, to))?.[0] ?? '';
    if (seen.has(line)) return false;
    if (line !== '') seen.add(line);
    return true;
  });
}

/** The start of the line in which the sentence starts. If a line has two sentences, the second's own “User:”. */
function startOfSentence(text: string, previous: number, index: number): number {
  const begin = userBefore(text, previous, index);
  const line = text.lastIndexOf('\n', begin) + 1;
  return previous === 0 || line > previous ? Math.max(line, begin - before) : begin;
}

function userBefore(text: string, previous: number, index: number): number {
  const from = Math.max(previous, index - before);
  const user = text.slice(from, index).lastIndexOf('User');
  return user < 0 ? index : from + user;
}

/** A recognized line of a message. */
interface Signed {
  readonly at: number;
  readonly line: number;
  readonly last: number;
  /** True for a code without words, or words without a code. The other half may be on a different line. */
  readonly isHalf: boolean;
  readonly kind: string;
}

function signsIn(page: PageOfLines, sentences: readonly LinePart[]): readonly LinePart[] {
  const reading = readingOnce();
  const others = new Others(page, sentences);
  const parts: LinePart[] = [];
  let group: Signed[] = [];
  const close = () => {
    for (const part of partsOf(page, others, group, reading)) parts.push(part);
    group = [];
  };
  for (const signed of signedLines(page, sentences, reading)) {
    const first = group[0];
    const isSame = first && page.entryOf(first.line) === page.entryOf(signed.line);
    if (first && !(isSame && page.startOf(signed.line) - page.startOf(first.line) < longest / 2)) close();
    group.push(signed);
  }
  close();
  return parts;
}

function* signedLines(page: PageOfLines, sentences: readonly LinePart[], reading: Reading): Generator<Signed> {
  const others = new Others(page, sentences);
  let done = -1;
  for (const { index, 0: words } of page.text.matchAll(sign)) {
    const line = page.lineAt(index);
    const last = page.lineAt(index + words.length);
    if (line <= done || others.hasLine(line) || isTail(page, sentences, index, words)) continue;
    done = last;
    const text = page.text.slice(
      Math.max(page.startOf(line), index - before),
      Math.min(page.startOf(last + 1), index + longest),
    );
    const { layer, subject } = reading(text);
    const code = text.match(codes)?.[0];
    const hasCode = code !== undefined || codeOfCondition.test(text);
    yield {
      at: index,
      line,
      last,
      isHalf: hasCode !== wordsOfCondition.test(text),
      kind: layer ? `${layer} ${subject}` : (code ?? ''),
    };
  }
}

/** If a message is about one thing, all of it; otherwise the lines of each thing. */
function partsOf(page: PageOfLines, others: Others, group: readonly Signed[], reading: Reading): readonly LinePart[] {
  const [first] = group;
  const last = group.at(-1);
  if (!first || !last) return [];
  const kinds = new Set(group.flatMap(({ kind }) => (kind === '' ? [] : [kind])));
  const isOne = kinds.size < 2 || group.length < 2 || (group.length === 2 && group.every(({ isHalf }) => isHalf));
  const parts = isOne
    ? [wholeOf(page, others, first.line, last.last, first.at)]
    : group.map(({ line, last: end, at }) => partOf(page, line, end, at));
  return parts.filter(({ from, to }) => tellsSomething(page.text.slice(from, to), reading));
}

function tellsSomething(text: string, reading: Reading): boolean {
  const { wording } = reading(text);
  return (wording !== 'none' && wording !== 'opaque') || codes.test(text) || wordsOfOthers.test(text);
}

/** True if this is the reason of an earlier sentence, which may continue on the following lines. */
function isTail(page: PageOfLines, sentences: readonly LinePart[], index: number, words: string): boolean {
  if (!reason.test(words)) return false;
  // A message of its own.
  if (/access denied/i.test(page.text.slice(page.startOf(page.lineAt(index)), index))) return false;
  const at = lastBefore(sentences, index);
  return at !== undefined && index < at.to && index - page.startOf(at.line) < before;
}

function lastBefore(parts: readonly LinePart[], index: number): LinePart | undefined {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.from ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return parts[low - 1];
}

/** These lines. If they are very long, only the part around the message. */
function partOf(page: PageOfLines, first: number, last: number, at: number): LinePart {
  return around(page, first, last, at, [first, last]);
}

/** Adds the rest of the message that these lines belong to, up to the maximum length. */
function wholeOf(page: PageOfLines, others: Others, first: number, last: number, at: number): LinePart {
  const entry = page.entryOf(first);
  const isOfIt = (line: number) =>
    page.entryOf(line) === entry && !others.hasLine(line) && !/access denied/i.test(page.lineOf(line));
  let [begin, end] = [first, last];
  while (begin > 0 && at - page.startOf(begin - 1) < before && isOfIt(begin - 1)) begin--;
  while (page.startOf(end + 2) - at < longest && isOfIt(end + 1)) end++;
  return { ...around(page, begin, end, at, [first, last]), isWhole: true };
}

function around(page: PageOfLines, begin: number, end: number, at: number, lines: LinePart['lines']): LinePart {
  const from = Math.max(page.startOf(begin), at - before);
  const to = Math.min(page.startOf(end + 1), at + longest - before);
  return { from, to, line: lines[0], lines };
}

/** One message may report a denial twice. If the operations differ, the denials do too. */
function isOfAnother(page: PageOfLines, line: number, told: readonly number[]): boolean {
  const operation = operationIn(page.lineOf(line));
  const others = told.map((one) => operationIn(page.lineOf(one)));
  return operation !== undefined && !others.includes(undefined) && !others.includes(operation);
}

/** More operations than a delivery has. */
const mostOperations = 20;

type Reading = (message: string) => Pick<MessageDenial, 'wording' | 'layer' | 'subject'>;

/** Logs repeat the same message with different numbers, which don't affect what was denied and how. */
function readingOnce(): Reading {
  const known = new Map<string, MessageDenial>();
  return (message) => {
    const words = message.replace(/\d+/g, (digits) => (digits === '403' ? digits : '0'));
    const read = known.get(words) ?? readMessage(message);
    if (known.size < mostDifferent) known.set(words, read);
    return read;
  };
}

/** A person who quotes AWS's words may also write about them: “Access denied makes no sense to me”. */
function isProse(text: string, index: number, words: string): boolean {
  return (
    /^access denied$/i.test(words) &&
    !words.endsWith('Denied') &&
    proseAfter.test(text.slice(index + words.length, index + 60))
  );
}

/** Clients that print “Access denied” continue with what was denied. */
const proseAfter = /^ (?!when|while|for|to|on|by|because|calling|writing|reading)[a-z]+ [a-z]/;

/** The text after this is the whole message. */
const endOfNaming = /\boperation(?: \(reached max retries: \d+\))?: $/;

/** A line may end between an error's code and its message. */
const betweenCodeAndWords = /^(?::?\s*|\W*(?:occurred\s+)?when\s+calling\s+the\s+\w+\s+operation\W*)$/;

function baresIn(page: PageOfLines, parts: readonly LinePart[], isTold: boolean): readonly LinePart[] {
  if (isTold) return [];
  const { text } = page;
  const others = new Others(page, parts);
  const found: LinePart[] = [];
  /** For each entry, the last lines that report a denial. */
  const entries = new Map<number, number[]>();
  const signed = parts.filter(({ isWhole }) => isWhole);
  const reading = readingOnce();
  let vain = 0;
  let code = 0;
  for (const { index, 0: words } of text.matchAll(bareSign)) {
    const isCode = !/\s/.test(words);
    const isWrapped = !isCode && code > 0 && betweenCodeAndWords.test(text.slice(code, Math.min(index, code + 200)));
    code = isCode ? index + words.length : 0;
    if (isWrapped && found.length > 0) continue;
    const line = page.lineAt(index);
    const entry = page.entryOf(line);
    const told = entries.get(entry) ?? [];
    if (told.at(-1) === line || (told.length > 0 && !isOfAnother(page, line, told))) continue;
    const isAll = endOfNaming.test(text.slice(Math.max(0, index - 60), index));
    if (others.hasLine(line) || (!isAll && others.follows(line, index + words.length))) continue;
    if (parts.length > 0 && isProse(text, index, words)) continue;
    const sign = lastBefore(signed, index);
    if (sign && index < sign.to) continue;
    const last = page.lineAt(index + words.length);
    const isEcho = isCode || words.includes('403') || page.isChain(line);
    if (isEcho && others.hasEntryOf(line)) continue;
    const part = others.hasEntryOf(line) ? partOf(page, line, last, index) : wholeOf(page, others, line, last, index);
    const { wording } = reading(text.slice(part.from, part.to));
    if (wording === 'none') {
      // Avoids reading a very long line again and again.
      if (++vain > mostVain) break;
      continue;
    }
    entries.set(entry, [...told, line].slice(-mostOperations));
    found.push({ ...part, ...(wording === 'opaque' && { isBare: true }) });
    if (found.length === mostMessages) break;
  }
  return found;
}
