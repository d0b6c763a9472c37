import type { Candidate, Denial } from '../../../core/report.ts';
import { type Page, wrap } from './page.ts';
import { statementLines } from './statement.ts';

const indent = '     ';

/** They come with the likeliest first; somebody in a hurry needs no more than these. */
const mostInFull = 4;

/** Each with the reason why it may be that. */
export function renderCandidates(
  candidates: readonly Candidate[],
  heading: string,
  page: Page,
  verbose: boolean,
): string[] {
  if (candidates.length === 0) return [];
  const { width, paint } = page;
  const bullet = (text: string) => wrap(text, width, `${indent}  `, `${indent}- `);
  const inFull = verbose || candidates.length <= mostInFull + 1 ? candidates.length : mostInFull;
  const others = candidates.slice(inFull).map(nameOfCandidate);
  return [
    '',
    paint.strong(`${indent}${heading}`),
    ...candidates
      .slice(0, inFull)
      .flatMap((candidate) => [
        ...bullet(`${nameOfCandidate(candidate)}: ${candidate.why}`),
        ...otherStatement(candidate, page),
      ]),
    ...(others.length > 0 ? bullet(`${others.join(', ')} (--verbose says why)`) : []),
  ];
}

/** For the same document as the remedy, so that one look at it tells which is missing. */
export function otherStatement({ remedy }: Candidate, { width }: Page): string[] {
  if (!remedy?.statement) return [];
  const words = `If it is missing in ${remedy.target ?? 'that document'}, add this too:`;
  return ['', ...wrap(words, width, `${indent}  `), '', ...statementLines(remedy.statement, width, indent)];
}

/** The likeliest, by their names alone: `bucket-owner, region (customer); vpc-endpoint-policy (service); 2 more`. */
export function candidatesInShort(candidates: readonly Candidate[], { action }: Denial): string {
  const isLonger = candidates.length > mostInFull + 1;
  const likeliest = isLonger ? candidates.slice(0, mostInFull) : candidates;
  const bySide = [...new Set(likeliest.map(({ side }) => side))];
  const groups = bySide.map((side) => {
    const ofSide = likeliest.filter((one) => one.side === side);
    const names = ofSide.map((one) =>
      one.action === undefined || one.action === action ? one.layer : `${one.layer} for ${one.action}`,
    );
    return `${[...new Set(names)].join(', ')}${side ? ` (${side})` : ''}`;
  });
  const more = isLonger ? [`${candidates.length - likeliest.length} more`] : [];
  return [...groups, ...more].join('; ');
}

function nameOfCandidate({ layer, side, action }: Candidate): string {
  return [layer, action && `for ${action}`, side && `(${side})`].filter(Boolean).join(' ');
}
