import { namesOf } from '../../../core/vocabulary.ts';
import type { Removed } from '../../conformance/clean-up.ts';
import { aspects, type Difference } from '../../conformance/compare.ts';
import { talliesOf, type WorldResult } from '../../conformance/results.ts';
import type { Choice } from '../../conformance/worlds.ts';
import { counted, fields, type Page, wrap } from './page.ts';

export interface Told {
  readonly results: readonly WorldResult[];
  readonly planned: number;
  readonly leftOut: readonly Extract<Choice, { kind: 'left-out' }>[];
  readonly recording: string;
}

/** What differs, world by world, and then how much is the same. */
export function renderConformance({ results, planned, leftOut, recording }: Told, page: Page): string {
  const { width, paint } = page;
  const different = results.filter(({ outcome }) => outcome !== 'same');
  const ended = results.length < planned ? ` The run ended before the other ${planned - results.length}.` : '';
  const wrong = results.filter(({ wronglyProven }) => wronglyProven > 0);
  return `${[
    ...different.flatMap((result) => [...renderWorld(result, page), '']),
    ...table(results),
    '',
    different.length === 0
      ? paint.good(`✓ AWS and the sandbox say the same in ${counted(results.length, 'world')}.${ended}`)
      : paint.bad(`✗ ${counted(different.length, 'world')} of ${results.length} differ.${ended}`),
    ...(wrong.length > 0
      ? [paint.bad(`✗ Called proven on AWS, and wrong: ${wrong.map(({ file }) => file).join(', ')}`)]
      : []),
    ...wrap(
      `${leftOut.length > 0 ? `${counted(leftOut.length, 'world')} can't be put into two accounts; --plan says why. ` : ''}What was answered is in ${recording}, without your account ids.`,
      width,
    ),
  ].join('\n')}\n`;
}

function renderWorld(
  { file, name, differences, refusal, isStable, checks }: WorldResult,
  { width, paint }: Page,
): string[] {
  const heading = wrap(`✗ ${file}: ${name}`, width, '  ', '').map((line) => paint.bad(line));
  if (refusal) {
    const { operation, code, message } = refusal;
    return [...heading, ...wrap(`AWS refused ${operation}: ${code}: ${message}`, width, '    ')];
  }
  const unstable = isStable ? [] : wrap(`AWS's answer still changed after ${checks} checks.`, width, '    ');
  return [...heading, ...unstable, ...differences.flatMap((difference) => renderDifference(difference, width))];
}

function renderDifference({ aspect, where, aws, sandbox }: Difference, width: number): string[] {
  return [
    ...wrap(`${aspect}: ${where}`, width, '      ', '    '),
    ...fields(
      [
        ['AWS', aws ?? '(nothing)'],
        ['sandbox', sandbox ?? '(nothing)'],
      ],
      width,
      '      ',
    ),
  ];
}

function table(results: readonly WorldResult[]): string[] {
  const columns = namesOf(aspects);
  const head = ['', 'worlds', ...columns.map((aspect) => `same ${aspect}`), 'refused'];
  const rows = talliesOf(results).map((tally) => [
    tally.folder,
    String(tally.worlds),
    ...columns.map((aspect) => String(tally[aspect])),
    String(tally.notPut),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line);
}

/** What became of all that the run had created. */
export function renderRemovals(removed: readonly Removed[], again: string, { width, paint }: Page): string {
  const count = (outcome: Removed['outcome']) => removed.filter((one) => one.outcome === outcome).length;
  const left = removed.filter(({ outcome }) => outcome === 'left');
  const keys = count('scheduled');
  const gone = `${counted(count('removed') + count('was-not-there'), 'resource')} removed${keys > 0 ? `, ${counted(keys, 'key')} scheduled for deletion in 7 days` : ''}.`;
  if (left.length === 0) return `${removed.length === 0 ? 'Nothing was created.' : gone}\n`;
  return `${[
    gone,
    paint.bad(`✗ Still there: ${counted(left.length, 'resource')}`),
    ...left.flatMap(({ resource, why = '' }) =>
      wrap(`${resource.kind} ${resource.name} (${resource.side}): ${why}`, width, '    ', '  '),
    ),
    ...wrap(`Remove them with \`${again}\`, with credentials that work.`, width),
  ].join('\n')}\n`;
}
