import { counted } from '../../../core/printable.ts';
import { namesOf, sides } from '../../../core/vocabulary.ts';
import { type AnswerDifference, aspects, talliesOf, type WorldResult } from '../../conformance/compare-answers.ts';
import { type LeftOut, type Obstacle, obstacles } from '../../conformance/obstacles.ts';
import type { PreparedRun } from '../../conformance/prepare-run.ts';
import type { RemovedResource } from '../../conformance/remove-resources.ts';
import type { Count, RunPlan } from '../../conformance/run-plan.ts';
import { fields, type Page, wrap } from './page.ts';

interface Told {
  readonly results: readonly WorldResult[];
  readonly planned: number;
  readonly leftOut: readonly LeftOut[];
  readonly recording: string;
  /** The source of the answers that are compared with the sandbox's. */
  readonly from: string;
}

/** The differences for each world, then the number of matches. */
export function renderConformance({ results, planned, leftOut, recording, from }: Told, page: Page): string {
  const { width, paint } = page;
  const different = results.filter(({ outcome }) => outcome !== 'same');
  const ended = results.length < planned ? ` The run ended before the other ${planned - results.length}.` : '';
  const wrong = results.filter(({ wronglyProven }) => wronglyProven > 0);
  return `${[
    ...different.flatMap((result) => [...renderWorld(result, from, page), '']),
    ...table(results),
    '',
    verdictOn(results, from, ended, paint),
    ...(wrong.length > 0 ? [paint.bad(`✗ Called proven, and wrong: ${wrong.map(({ file }) => file).join(', ')}`)] : []),
    ...wrap(
      `${leftOut.length > 0 ? `${counted(leftOut.length, 'scenario')} can't be put into two accounts; --plan says why. ` : ''}What was answered is in ${recording}, without your account ids.`,
      width,
    ),
  ].join('\n')}\n`;
}

function verdictOn(results: readonly WorldResult[], from: string, ended: string, paint: Page['paint']): string {
  const different = results.filter(({ outcome }) => outcome !== 'same').length;
  if (results.length === 0) return paint.bad(`✗ No scenario was compared.${ended}`);
  return different === 0
    ? paint.good(`✓ ${from} and the sandbox say the same in ${counted(results.length, 'scenario')}.${ended}`)
    : paint.bad(`✗ ${different} of ${counted(results.length, 'scenario')} differ.${ended}`);
}

function renderWorld(result: WorldResult, from: string, { width, paint }: Page): string[] {
  const { file, name, differences, refusal, isStable, checks } = result;
  const heading = wrap(`✗ ${file}: ${name}`, width, '  ', '').map((line) => paint.bad(line));
  if (refusal) {
    const { operation, code, message } = refusal;
    return [...heading, ...wrap(`${from} refused ${operation}: ${code}: ${message}`, width, '    ')];
  }
  const unstable = isStable ? [] : wrap(`The answer still changed after ${checks} checks.`, width, '    ');
  const both = differences.filter(({ aws, sandbox }) => aws !== undefined && sandbox !== undefined);
  const told = both.filter(
    (one, at) => both.findIndex((other) => other.aws === one.aws && other.sandbox === one.sandbox) === at,
  );
  // After a difference the check may send other requests. The first difference explains the rest.
  const alone = differences.length - both.length;
  return [
    ...heading,
    ...unstable,
    ...told.flatMap((difference) => renderDifference(difference, from, width)),
    ...(alone > 0 ? [`    ${counted(alone, 'request or answer')} only on one side; --json has them all`] : []),
  ];
}

function renderDifference(
  { aspect, where, aws = '', sandbox = '' }: AnswerDifference,
  from: string,
  width: number,
): string[] {
  const rows = [
    [from, aws],
    ['sandbox', sandbox],
  ] as const;
  return [...wrap(`${aspect}: ${where}`, width, '      ', '    '), ...fields(rows, width, '      ')];
}

function table(results: readonly WorldResult[]): string[] {
  const columns = namesOf(aspects);
  const head = ['', 'scenarios', ...columns.map((aspect) => `same ${aspect}`), 'refused'];
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

export function renderRemovals(removed: readonly RemovedResource[], again: string, { width, paint }: Page): string {
  const count = (outcome: RemovedResource['outcome']) => removed.filter((one) => one.outcome === outcome).length;
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

/**
 * The plan of a run, for the person who must approve it.
 *
 * @param inFull list every world that is left out
 */
export function renderPlan({ plan, worlds, confirmed, unknown }: PreparedRun, page: Page, inFull: boolean): string {
  const { width, paint } = page;
  const { calls, creations, keys, cents, minutes, prefix, region } = plan;
  const accounts = namesOf(sides).map((side) => {
    const identity = confirmed?.identities[side];
    return [side, identity ? `${identity.accountId}, as ${identity.arn}` : 'not asked: no profile was given'] as const;
  });
  return `${[
    paint.strong(`${counted(plan.worlds.length, 'scenario')} in ${region}, under ${prefix}`),
    '',
    ...fields(
      [
        ...accounts,
        ['creates', createdIn(creations, prefix)],
        [
          'cost',
          `about ${counted(Math.max(1, Math.ceil(cents)), 'cent')}, most of it for ${counted(keys, 'key')}: AWS bills keys by the hour until they are scheduled for deletion`,
        ],
        [
          'time',
          `about ${counted(Math.max(1, Math.ceil(minutes)), 'minute')}, depending on how soon changes are in force`,
        ],
      ],
      width,
      '  ',
    ),
    '',
    ...callTable('Calls to create', calls.create, paint),
    ...callTable('Calls to put one scenario after the other into the accounts', calls.put, paint),
    ...callTable(
      'Calls of the check, if each scenario is checked twice (more while a change is not in force)',
      calls.check,
      paint,
    ),
    ...callTable('Calls to clean up, at least', calls.cleanUp, paint),
    ...(worlds.leftOut.length > 0 ? leftOutLines(worlds.leftOut, page, inFull) : []),
    ...unknown.flatMap((text) => wrap(`Not known: ${text}`, width)),
  ].join('\n')}\n`;
}

function createdIn(creations: RunPlan['creations'], prefix: string): string {
  const names = (kind: string) =>
    creations
      .filter(({ resource }) => resource.kind === kind)
      .map(({ resource: { name } }) => (name.split('/').at(-1) ?? '').replace(`${prefix}-`, '…-'))
      .join(', ');
  const kinds = [...new Set(creations.map(({ resource }) => resource.kind))];
  return kinds.map((kind) => `${kind}: ${names(kind)}`).join('; ');
}

function callTable(heading: string, counts: readonly Count[], paint: Page['paint']): string[] {
  const calls = [...new Set(counts.map(({ service, operation }) => `${service} ${operation}`))].sort();
  const columns = counts.some(({ side }) => side) ? namesOf(sides) : [undefined];
  const cell = (call: string, side: Count['side']) =>
    counts.find((one) => one.side === side && `${one.service} ${one.operation}` === call)?.count ?? 0;
  const wide = Math.max(...calls.map((call) => call.length), 30);
  const head = columns.map((side) => (side ?? '').padStart(10)).join('');
  return [
    paint.strong(heading),
    ...(head.trim() === '' ? [] : [`  ${' '.repeat(wide)}${head}`]),
    ...calls.map(
      (call) => `  ${call.padEnd(wide)}${columns.map((side) => String(cell(call, side)).padStart(10)).join('')}`,
    ),
    '',
  ];
}

/** The number of worlds that two such accounts can't have, and why. */
function leftOutLines(leftOut: readonly LeftOut[], { width, paint }: Page, inFull: boolean): string[] {
  const byReason = new Map<Obstacle, string[]>();
  for (const { why, file } of leftOut) {
    byReason.set(why, [...(byReason.get(why) ?? []), file.replace(/^scenarios\//, '')]);
  }
  const rows = [...byReason].map(([why, files]) => {
    const named = inFull ? `: ${files.join(', ')}` : '';
    return [String(files.length), `${obstacles[why]}${named}`] as const;
  });
  return [paint.strong(`Left out: ${counted(leftOut.length, 'scenario')}`), ...fields(rows, width, '  '), ''];
}
