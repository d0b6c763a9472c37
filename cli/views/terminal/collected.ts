import { counted, printable } from '../../../core/printable.ts';
import type { Summary } from '../../collect/collect-scenario.ts';
import { inShort, type UnreadPart } from '../../collect/read-results.ts';
import { verdictAt } from '../report-words.ts';
import { describeFault } from './expectation.ts';
import { fields, type Page, wrap } from './page.ts';

/** The result of `collect`. Shows unknown parts first, because the rest is in the file. */
export function renderCollected(
  { customer, accounts, read, unknown, expect }: Summary,
  file: string,
  page: Page,
): string {
  const { paint, width } = page;
  const sides = Object.entries(accounts).map(
    ([side, { accountId, as }]) => [side, `${accountId}, ${as ?? 'no credentials: nothing was read'}`] as const,
  );
  const faults = (expect.denials ?? []).map((fault) => `    ${describeFault(fault)}`);
  return `${[
    paint.strong(`${printable(customer)}: ${counted(read.length, 'part')} read, ${unknown.length} unknown.`),
    '',
    ...fields([...sides, ['file', file]], width, '  '),
    ...wrap('The file holds the policies of both accounts. Share it only with those who may see them.', width, '  '),
    ...(unknown.length > 0 ? ['', '  Unknown, and what it takes to know:'] : []),
    ...byReason(unknown).flatMap(({ parts, reason }) => [
      ...fields(
        parts.map(({ part, needs }) => [`${paint.warn('?')} ${part}`, needs]),
        width,
        '  ',
      ),
      ...wrap(reason, width, '      ').map((line) => paint.faint(line)),
    ]),
    '',
    `  By what is known: ${verdictAt(expect)}.`,
    ...faults,
  ].join('\n')}\n`;
}

/** Groups parts by reason, because several often have the same one. */
function byReason(
  unknown: readonly UnreadPart[],
): readonly { readonly reason: string; readonly parts: readonly UnreadPart[] }[] {
  const reasons = [...new Set(unknown.map(({ reason }) => inShort(reason)))];
  return reasons.map((reason) => ({ reason, parts: unknown.filter((one) => inShort(one.reason) === reason) }));
}
