import type { Explained, Explanations } from '../run/explanations.ts';
import { renderDiagnosis } from './diagnosis.ts';
import { counted, type Page, wrap } from './page.ts';

/** Nobody reads more at once; what repeats itself is told once anyway. */
const mostShown = 20;

/** For people: each denial that a text tells of, what it means and what to do; or why there is none. */
export function renderExplanations(explanations: Explanations, page: Page): string {
  if (explanations.kind !== 'denials') {
    const hint = explanations.kind === 'not-understood' ? [whatCanBeExplained] : [];
    return `${[explanations.diagnosis.summary, ...hint].flatMap((text) => wrap(text, page.width)).join('\n')}\n`;
  }
  const { denials } = explanations;
  const blocks = denials.slice(0, mostShown).map((denial, at) => [
    ...titleOf(denial, denials[at - 1], page),
    // Nothing is left out: there is no longer form of it elsewhere.
    ...renderDiagnosis(denial.diagnosis, at + 1, page, { verbose: true }),
  ]);
  const left = denials.length - blocks.length;
  if (left > 0) blocks.push(wrap(`Not shown: ${counted(left, 'further denial')}.`, page.width, '  '));
  return blocks.map((lines) => `${lines.join('\n').trimEnd()}\n`).join('\n');
}

const whatCanBeExplained = '`secure-inbox explain --help` shows what can be explained.';

/** In a batch, whose report it is. */
function titleOf({ customer }: Explained, previous: Explained | undefined, { width, paint }: Page): string[] {
  if (customer === undefined || customer === previous?.customer) return [];
  return [...wrap(customer, width).map((line) => paint.strong(line)), ''];
}
