import type { Diagnosis } from '../../core/report.ts';
import type { ReadText } from '../../lambda/customer_configuration_check/diagnosis/failure-in-text.ts';

/** One event in a text: something that AWS denied or did. */
export type TextEvent = {
  /** The line where it starts, counted from 1. */
  readonly line: number;
  readonly customer?: string;
} & (
  | { readonly kind: 'failed'; readonly told: ReadText }
  /** A report already has its diagnosis. */
  | { readonly kind: 'diagnosed'; readonly diagnosis: Diagnosis }
  | { readonly kind: 'succeeded' }
);

/** @param told the facts of one record */
export function eventOf(told: ReadText | 'succeeded', line: number): TextEvent {
  return told === 'succeeded' ? { kind: 'succeeded', line } : { kind: 'failed', line, told };
}

/** A part of a text that no reader has processed yet. */
export interface Piece {
  readonly text: string;
  readonly line: number;
}

/** The events that a reader found in a piece. The rest is left to the readers after it. */
export interface Taken {
  readonly events: readonly TextEvent[];
  readonly rest: readonly Piece[];
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** @param taken in text order, without overlaps */
export function restOf(piece: Piece, taken: readonly Range[]): readonly Piece[] {
  const lineAt = linesOf(piece);
  const rest: Piece[] = [];
  let from = 0;
  for (const range of [...taken, { from: piece.text.length, to: piece.text.length }]) {
    const text = piece.text.slice(from, range.from);
    if (/\S/.test(text)) rest.push({ text, line: lineAt(from) });
    from = range.to;
  }
  return rest;
}

/** @returns a function from an offset to its line, to be called in ascending order */
export function linesOf({ text, line }: Piece): (offset: number) => number {
  let at = 0;
  let current = line;
  return (offset) => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < offset; next = text.indexOf('\n', at)) {
      at = next + 1;
      current++;
    }
    return current;
  };
}

/** The position before the line break. */
export function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** How SDKs, the AWS CLI in any language, and CloudFormation name the failed API operation. */
const namings: readonly RegExp[] = [
  /\bcalling the ([A-Z]\w{2,60}) operation/,
  /\boperation error [\w ]{2,40}: ([A-Z]\w{2,60})\b/,
  /\bAWS Error [A-Z_]{2,60} during ([A-Z]\w{2,60}) operation/,
  /\bAPI: [a-z0-9-]{2,30}:([A-Z]\w{2,60})\b/,
  /\bError executing "([A-Z]\w{2,60})" on "https:/,
  /\b([A-Z]\w{2,60}) API responded with error=|\bRaw ([A-Z]\w{2,60}) response: HTTP/,
  /\bCall failed: ([a-z]\w{2,60})\(/,
  /\(AccessDenied\w*\)[^()\n]{0,60}\b([A-Z][a-z]+[A-Z]\w{2,40}): Access Denied/,
];

export function operationIn(text: string): string | undefined {
  for (const naming of namings) {
    const name = naming.exec(text)?.slice(1).find(Boolean);
    if (name !== undefined) return name.charAt(0).toUpperCase() + name.slice(1);
  }
  return undefined;
}
