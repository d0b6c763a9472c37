import type { Diagnosis, Remedy } from '../../../core/report.ts';
import { type Side, sides } from '../../../core/vocabulary.ts';
import { type Page, wrap } from './page.ts';
import { withShortNames } from './short-names.ts';
import { statementLines } from './statement.ts';

const indent = '     ';

/** What to do, who does it, and what to paste. */
export function renderRemedy(remedy: Remedy | undefined, page: Page): string[] {
  return remedy ? renderRemedies([remedy], page) : [];
}

/** Several for the same document: what holds for all of them is said once. */
export function renderRemedies(remedies: readonly Remedy[], { width, paint }: Page, verbose = false): string[] {
  const [first] = remedies;
  if (!first) return [];
  const who = first.side ? `What to do, by the ${ownerOf(first.side, first.accountId)}` : 'What to do';
  const sentences = new Set(remedies.flatMap(({ instruction }) => instruction.split(betweenSentences)));
  const instruction = [...sentences].join(' ');
  const statements = remedies.flatMap(({ statement }) => (statement ? [statement] : []));
  return [
    '',
    ...wrap(who, width, indent).map((line) => paint.strong(line)),
    ...wrap(verbose ? instruction : withShortNamesInProse(instruction), width, indent),
    ...statements.flatMap((statement, at) => [
      ...(at === 0 ? [''] : wrap('And this one, to the same document:', width, indent)),
      ...statementLines(statement, width, indent),
    ]),
    ...(remedies.every(({ verified }) => verified) ? wrap(verifiedRemedy, width, indent) : []),
  ];
}

/** Between backticks stands what is to be typed, which needs its names in full. */
function withShortNamesInProse(text: string): string {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 0 ? withShortNames(part) : part))
    .join('`');
}

const betweenSentences = /(?<=[.”]) (?=[A-Z])/;

/** A mended fault may show another one behind it, so one change alone need not be enough. */
const verifiedRemedy =
  'Verified in a model of both accounts: with this change, and whatever else the check then asks for, the whole check passes; nothing else is opened.';

/** Whether one visit to the same document mends both. */
export function goTogether(one: Diagnosis, other: Diagnosis): boolean {
  const [a, b] = [one.remedy, other.remedy];
  if (!a?.statement || !b?.statement || !a.document) return false;
  const isSamePlace = a.document === b.document && a.target === b.target && a.side === b.side;
  return isSamePlace && a.accountId === b.accountId && a.verified === b.verified;
}

/** `customer (Account B, 222222222222)`. */
export function ownerOf(side: Side, accountId: string | undefined): string {
  const account = side === 'service' ? 'Account A' : 'Account B';
  const described = accountId ? `${account}, ${accountId}` : sides[side].replace(/\.$/, '');
  return `${side} (${described})`;
}
