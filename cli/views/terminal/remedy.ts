import type { Diagnosis, Remedy } from '../../../core/report.ts';
import { sideAndAccount } from '../../../core/vocabulary.ts';
import { type Page, withShortNames, wrap } from './page.ts';
import { statementLines } from './statement.ts';

const indent = '     ';

/** What to do, who does it, and what to paste. */
export function renderRemedy(remedy: Remedy | undefined, page: Page): string[] {
  return remedy ? renderRemedies([remedy], page) : [];
}

/** Several for the same document (`goTogether`) differ in their statements alone. */
export function renderRemedies(remedies: readonly Remedy[], { width, paint }: Page, verbose = false): string[] {
  const [first] = remedies;
  if (!first) return [];
  const who = first.side ? `What to do, by the ${sideAndAccount(first.side, first.accountId)}` : 'What to do';
  const statements = remedies.flatMap(({ statement }) => (statement ? [statement] : []));
  return [
    '',
    ...wrap(who, width, indent).map((line) => paint.strong(line)),
    ...wrap(verbose ? first.instruction : withShortNamesInProse(first.instruction), width, indent),
    ...statements.flatMap((statement, at) => [
      ...(at === 0 ? [''] : wrap('Add this statement to the same document:', width, indent)),
      ...statementLines(statement, width, indent),
    ]),
    ...(remedies.every(({ verified }) => verified) ? wrap(verifiedRemedy, width, indent) : []),
  ];
}

/** Between backticks is what to type, which needs its names in full. */
function withShortNamesInProse(text: string): string {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 0 ? withShortNames(part) : part))
    .join('`');
}

/** A fixed fault may reveal another one behind it, so one change alone need not be enough. */
const verifiedRemedy =
  'Tested in a simulation of both accounts: with this change, and any others that the check asks for, the whole check passes. It grants nothing else.';

/** Whether one change of the same document fixes both, by the same instruction. */
export function goTogether(one: Diagnosis, other: Diagnosis): boolean {
  const [a, b] = [one.remedy, other.remedy];
  if (!a?.statement || !b?.statement || !a.document) return false;
  const isSamePlace = a.document === b.document && a.target === b.target && a.side === b.side;
  if (one.denial.effect !== other.denial.effect) return false;
  return isSamePlace && a.accountId === b.accountId && a.verified === b.verified;
}
