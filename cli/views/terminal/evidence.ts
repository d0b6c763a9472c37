import type { Evidence } from '../../../core/report.ts';
import { withShortNames, wrap } from './page.ts';

/** Of what is not AWS's own answer; somebody in a hurry needs no more to believe a diagnosis. */
const mostShown = 2;
const mostLines = 2;
/** On a narrow page two lines hold too little. */
const leastCharacters = 160;

/**
 * Evidence as it is shown without --verbose: AWS's answer verbatim, then the reasoning, in short.
 *
 * @param room columns of its text
 */
export function evidenceInShort(evidence: readonly Evidence[], room: number): readonly string[] {
  const answers = evidence.filter(isAnswer);
  const others = evidence.filter((one) => !isAnswer(one));
  const shown = others.toSorted((a, b) => weightOf(b) - weightOf(a)).slice(0, mostShown);
  return [
    ...answers.map((one) => (one.source === 'service-message' ? one.detail : textOf(one))),
    ...shown.map((one) => clipped(withShortNames(withoutPages(textOf(one))), room)),
  ];
}

export function textOf({ source, detail }: Evidence): string {
  return `${source}: ${detail}`;
}

/** AWS's own words about what was refused, which end the evidence that quotes them. */
export function isAnswer({ detail }: Evidence): boolean {
  return /^(?!Could not ask ).*?AWS answered /s.test(detail);
}

/** What AWS's answer means says more than what was asked besides, and that more than what could not be asked. */
function weightOf({ source, detail }: Evidence): number {
  if (source === 'service-message') return 1;
  return detail.startsWith('Could not ask ') ? -1 : 0;
}

function withoutPages(text: string): string {
  return text.replace(/ ?https:\/\/\S+/g, '');
}

/** As many whole sentences as fit; if not even the first does, as much of it as does. */
function clipped(text: string, room: number): string {
  const lines = wrap(text, room);
  const most = Math.max(mostLines, Math.ceil(leastCharacters / room));
  if (lines.length <= most) return text;
  const fitting = lines.slice(0, most).join(' ');
  const end = fitting.search(/\.(?= [A-Z])(?!.*\.(?= [A-Z]))/);
  return end > room / 2 ? fitting.slice(0, end + 1) : `${fitting.slice(0, most * room - 2).trimEnd()} …`;
}
