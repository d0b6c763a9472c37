import { counted } from '../../../core/printable.ts';
import { namesOf, sides } from '../../../core/vocabulary.ts';
import type { Count, Plan } from '../../conformance/plan.ts';
import type { PreparedRun } from '../../conformance/prepare.ts';
import { type Obstacle, obstacles } from '../../conformance/worlds.ts';
import { fields, type Page, wrap } from './page.ts';

/**
 * What a run will do, for the person who has to approve it.
 *
 * @param inFull whether every world that is left out is named
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

function createdIn(creations: Plan['creations'], prefix: string): string {
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

/** How many worlds two such accounts can't be put into, and why. */
function leftOutLines(leftOut: PreparedRun['worlds']['leftOut'], { width, paint }: Page, inFull: boolean): string[] {
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
