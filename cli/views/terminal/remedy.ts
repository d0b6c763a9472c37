import { printable } from '../../../core/printable.ts';
import type { Diagnosis, Remedy } from '../../../core/report.ts';
import { sideAndAccount } from '../../../core/vocabulary.ts';
import { inParts } from '../report-words.ts';
import { itemIndent as indent, type Page, withShortNames, wrap } from './page.ts';

export function renderRemedy(remedy: Remedy | undefined, page: Page): string[] {
  return remedy ? renderRemedies([remedy], page) : [];
}

/** Remedies for the same document (`goTogether`) differ only in their statements. */
export function renderRemedies(remedies: readonly Remedy[], { width, paint }: Page, verbose = false): string[] {
  const [first] = remedies;
  if (!first) return [];
  const who = first.side ? `What to do, by the ${sideAndAccount(first.side, first.accountId)}` : 'What to do';
  const statements = remedies.flatMap(({ statement }) => (statement ? [statement] : []));
  return [
    '',
    ...wrap(who, width, indent).map((line) => paint.strong(line)),
    ...wrap(
      verbose ? first.instruction : inParts(first.instruction, withShortNames, (typed) => `\`${typed}\``).join(''),
      width,
      indent,
    ),
    ...statements.flatMap((statement, at) => [
      ...(at === 0 ? [''] : wrap('Add this statement to the same document:', width, indent)),
      ...statementLines(statement, width, indent),
    ]),
    ...(remedies.every(({ verified }) => verified) ? wrap(verifiedRemedy, width, indent) : []),
  ];
}

/** One change may not be enough, because a fixed fault can reveal another. */
const verifiedRemedy =
  'Tested in a simulation of both accounts: with this change, and any others that the check asks for, the whole check passes. It grants nothing else.';

/** True if one change of the same document, with the same instruction, fixes both. */
export function goTogether(one: Diagnosis, other: Diagnosis): boolean {
  const [a, b] = [one.remedy, other.remedy];
  if (!a?.statement || !b?.statement || !a.document) return false;
  const isSamePlace = a.document === b.document && a.target === b.target && a.side === b.side;
  if (one.denial.effect !== other.denial.effect) return false;
  return isSamePlace && a.accountId === b.accountId && a.verified === b.verified;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * A statement as JSON to paste. Parts that fit on one line are on one line, to keep it short. Strings are never
 * broken.
 */
export function statementLines(statement: Readonly<Record<string, unknown>>, width: number, indent: string): string[] {
  const json = JSON.parse(JSON.stringify(statement)) as Json;
  return laidOut(json, width - indent.length, true).map((line) => `${indent}${printable(line)}`);
}

function laidOut(value: Json, width: number, isOutermost = false): readonly string[] {
  const flat = inOneLine(value);
  if (!isOutermost && flat.length <= width) return [flat];
  if (Array.isArray(value))
    return enclosed(
      '[',
      value.map((one) => laidOut(one, width - 3)),
      ']',
    );
  if (typeof value !== 'object' || value === null) return [flat];
  const members = Object.entries(value).map(([name, inner]) => {
    const label = `${JSON.stringify(name)}: `;
    const [first = '', ...rest] = laidOut(inner, width - 3);
    const isOneLine = rest.length === 0 && label.length + first.length <= width - 3;
    if (isOneLine || typeof inner !== 'object' || inner === null) return [`${label}${first}`, ...rest];
    const [opened = '', ...others] = rest.length > 0 ? [first, ...rest] : laidOut(inner, 0);
    return [`${label}${opened}`, ...others];
  });
  const [only = []] = members;
  if (members.length === 1 && !isOutermost) {
    return only.map((line, at) => `${at === 0 ? '{ ' : ''}${line}${at === only.length - 1 ? ' }' : ''}`);
  }
  return enclosed('{', members, '}');
}

function enclosed(open: string, members: readonly (readonly string[])[], close: string): readonly string[] {
  const lines = members.flatMap((member, at) => {
    const last = member.length - 1;
    return member.map((line, nth) => `  ${line}${nth === last && at < members.length - 1 ? ',' : ''}`);
  });
  return [open, ...lines, close];
}

function inOneLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${inOneLine(inner)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
