import { counted } from '../../../core/printable.ts';
import type { ExplainedDenial, Explanations } from '../../explain/explanations.ts';
import { renderDiagnosis } from './diagnosis.ts';
import { itemIndent as indent, type Page, wrap } from './page.ts';

/** Readers need no more, and repetitions are merged anyway. */
const mostShown = 20;

/** Shows each denial in a text, its meaning and what to do, or why there is no denial. */
export function renderExplanations(explanations: Explanations, page: Page): string {
  if (explanations.kind !== 'denials') {
    const hint = explanations.kind === 'not-understood' ? [whatCanBeExplained] : [];
    return `${[explanations.diagnosis.summary, ...hint].flatMap((text) => wrap(text, page.width)).join('\n')}\n`;
  }
  const { denials, others, unread } = explanations;
  const blocks = denials.slice(0, mostShown).map((denial, at) => [
    ...titleOf(denial, denials[at - 1], page),
    // In full, because there is no longer form elsewhere.
    ...renderDiagnosis(denial.diagnosis, at + 1, page, { verbose: true }),
    ...adviceOf(denial, page),
    ...placeOf(denial, page),
  ]);
  const left = denials.length + unread - blocks.length;
  if (left > 0) blocks.push(wrap(`Not shown: ${counted(left, 'further denial')}.`, page.width, '  '));
  if (others.length > 0)
    blocks.push(others.slice(0, mostOthers).flatMap((one) => wrap(`Besides: ${one}`, page.width, '  ')));
  return blocks.map((lines) => `${lines.join('\n').trimEnd()}\n`).join('\n');
}

const mostOthers = 5;

/** Shown instead of a remedy if a change might give someone access who should have none. */
function adviceOf({ advice }: ExplainedDenial, { width, paint }: Page): string[] {
  if (advice === undefined) return [];
  return ['', paint.strong(`${indent}How to find out`), ...wrap(advice, width, indent)];
}

/** Where and how often a longer text reports the denial. */
function placeOf({ line, times }: ExplainedDenial, { width, paint }: Page): string[] {
  if (line === 1 && times === 1) return [];
  const again = times > 1 ? `, and ${times === 2 ? 'once' : `${times - 1} times`} again` : '';
  return ['', ...wrap(`In line ${line}${again}.`, width, indent).map((text) => paint.faint(text))];
}

const whatCanBeExplained = '`secure-inbox explain --help` shows what can be explained.';

/** In a batch, the report's customer. */
function titleOf(
  { customer }: ExplainedDenial,
  previous: ExplainedDenial | undefined,
  { width, paint }: Page,
): string[] {
  if (customer === undefined || customer === previous?.customer) return [];
  return [...wrap(customer, width).map((line) => paint.strong(line)), ''];
}
