import type { ResourceRole } from '../../../core/permissions.ts';
import { printable } from '../../../core/printable.ts';
import type { Report } from '../../../core/report.ts';
import type { Step } from '../../../core/vocabulary.ts';
import { type AccountsOfReport, accountsIn } from '../accounts-of-report.ts';
import { type EdgeState, edgeStates } from '../edge-states.ts';
import { type Edge, edgesOf } from '../edges-of-report.ts';
import { shortened } from '../report-words.ts';
import { type Page, withShortNames, wrap } from './page.ts';

type Tone = keyof Page['paint'];

/** The same marks as on the HTML page, as characters. A suspected denial has the mark of a denial. */
const marks: Readonly<Record<EdgeState, { readonly mark: string; readonly tone: Tone }>> = {
  allowed: { mark: '✓', tone: 'good' },
  refused: { mark: '✗', tone: 'bad' },
  suspected: { mark: '✗', tone: 'bad' },
  broken: { mark: '!', tone: 'bad' },
  possible: { mark: '?', tone: 'warn' },
  untold: { mark: '·', tone: 'faint' },
  untried: { mark: '·', tone: 'faint' },
};

interface Row {
  /** The part in Account A. */
  readonly left: string;
  /** The part in Account B. An arrow to it crosses from one box to the other. */
  readonly right?: string;
  readonly state?: EdgeState;
  /** The resource that an arrow leads to. */
  readonly crosses?: string;
}

const leftWidth = 25;
const rightWidth = 21;
const arrowWidth = 4;
const indent = '  ';
/** The width of both boxes with the space around them. */
export const drawingWidth = indent.length + leftWidth + 2 + arrowWidth + rightWidth + 4;

/**
 * The two accounts with an edge for each permission of the delivery, marked with its state in the report.
 *
 * @returns nothing if the report lists no permissions, because its check never started or an older function made it
 */
export function renderPattern(report: Report, page: Page): string[] {
  if (!report.permissions) return [];
  const accounts = accountsIn(report);
  const rows = rowsOf(report, accounts);
  const drawn = page.width < drawingWidth ? asList(rows, accounts, page) : asBoxes(rows, accounts, page);
  return [...drawn, ...legend(rows, page)];
}

function rowsOf(report: Report, accounts: AccountsOfReport): readonly Row[] {
  const edges = edgesOf(report, accounts);
  const on = (resource: ResourceRole, step?: Step) =>
    edges.filter(({ permission }) => permission.on === resource && (step ?? permission.step) === permission.step);
  const keyName = (resource: ResourceRole) => {
    const name = withShortNames(printable(accounts.resources[resource] ?? '')).replace(/^key\//, '');
    return shortened(`KMS key ${name}`.trimEnd(), rightWidth);
  };
  const isOwn = accounts.internalKeySide === 'service';
  const assumed = on('delivery-role').filter(({ state }) => state !== 'untried');
  const inside = [
    ...on('internal-object', 'copy-to-inbox'),
    ...on('internal-object', 'clean-up').filter(({ state }) => isAgainst(state)),
  ];
  // One place for each key, with all permissions on it.
  const internalKey = on('internal-key');
  const groups: readonly (readonly [name: string, edges: readonly Edge[]])[] = [
    ['Secure Inbox', on('inbox-object')],
    [keyName('inbox-key'), [...(accounts.oneKey ? internalKey : []), ...on('inbox-key')]],
    [keyName('internal-key'), accounts.oneKey || isOwn ? [] : internalKey],
  ];
  return [
    ...(assumed.length > 0 ? [{ left: 'the check' }, ...assumed.map(downwards)] : []),
    { left: printable(accounts.deliverer ?? 'the deliverer') },
    ...on('internal-object', 'put-internal').map(downwards),
    { left: 'internal bucket' },
    ...inside.map(within),
    ...(isOwn && !accounts.oneKey ? [{ left: keyName('internal-key') }, ...internalKey.map(within)] : []),
    ...ended(
      groups.filter(([, own]) => own.length > 0).flatMap(([name, own]) => [heading(name), ...own.map(across(name))]),
    ),
  ];
}

function heading(right: string): Row {
  return { left: ' │', right };
}

function downwards({ permission, state }: Edge): Row {
  return { left: ` ▼ ${marks[state].mark} ${permission.action}`, state };
}

function within({ permission, state }: Edge): Row {
  return { left: ` │ ${marks[state].mark} ${permission.action}`, state };
}

function across(crosses: string): (edge: Edge) => Row {
  return ({ permission: { step, action }, state }) => ({ left: ` ├ ${step} `, right: ` ${action}`, state, crosses });
}

function ended(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, at) => (at === rows.length - 1 ? { ...row, left: row.left.replace('├', '└') } : row));
}

function isAgainst(state: EdgeState): boolean {
  return state !== 'allowed' && state !== 'untold' && state !== 'untried';
}

function asBoxes(rows: readonly Row[], { ids }: AccountsOfReport, { paint }: Page): string[] {
  const between = ' '.repeat(arrowWidth);
  const heading = (name: string, id: string | undefined, width: number) => {
    const title = shortened(` ${titleOf(name, id)}`, width);
    return `┌${title.length < width ? `${title} `.padEnd(width, '─') : title}┐`;
  };
  const lines = rows.map(({ left, right = '', state, crosses }) => {
    const tone = state && paint[marks[state].tone];
    const inner = tone && !crosses ? tone : (text: string) => text;
    const cell = ` ${shortened(left, leftWidth - 1)}`;
    const target = ` ${shortened(right, rightWidth)}`.padEnd(rightWidth + 2);
    const bar = paint.faint('│');
    if (!crosses || !state || !tone)
      return `${bar}${inner(cell.padEnd(leftWidth))}${bar}${between}${bar}${target}${bar}`;
    // The arrowhead replaces the other box's border.
    return `${bar}${tone(`${cell.padEnd(leftWidth, '─')}┼─${marks[state].mark}──►${target}`)}${bar}`;
  });
  return [
    paint.faint(
      `${heading('Account A', ids.service, leftWidth)}${between}${heading('Account B', ids.customer, rightWidth + 2)}`,
    ),
    ...lines,
    paint.faint(`└${'─'.repeat(leftWidth)}┘${between}└${'─'.repeat(rightWidth + 2)}┘`),
  ].map((line) => `${indent}${line}`);
}

/** Used if there is no room for boxes. */
function asList(rows: readonly Row[], { ids }: AccountsOfReport, { width, paint }: Page): string[] {
  const lines = rows.flatMap(({ left, right = '', state, crosses }) => {
    if (left === ' │') return [];
    const arrow = crosses && state ? `${left.slice(0, 2)}─${marks[state].mark}─►${right}, ` : '';
    // If there is no room for its name, show its type.
    const [first, second] = crosses?.split(' ') ?? [];
    const target = arrow.length + (crosses?.length ?? 0) <= width - 4 ? crosses : `${first} ${second}`;
    const short = shortened(arrow ? `${arrow}${target}` : left, width - 4);
    return [`  ${state ? paint[marks[state].tone](short) : short}`];
  });
  const heading = (name: string, id: string | undefined) => `${indent}${titleOf(name, id)}`;
  return [
    paint.faint(heading('Account A', ids.service)),
    ...lines.map((line) => `${indent}${line}`),
    paint.faint(`${heading('►', undefined)} ${titleOf('Account B', ids.customer)}`),
  ];
}

function titleOf(name: string, id: string | undefined): string {
  return id ? `${name} ${printable(id)}` : name;
}

/** Explains only marks that are not self-explanatory. */
function legend(rows: readonly Row[], { width, paint }: Page): string[] {
  const shown = (Object.keys(edgeStates) as EdgeState[]).filter(
    (state) => state !== 'allowed' && rows.some((row) => row.state === state),
  );
  if (shown.every((state) => state === 'refused')) return [];
  const meanings = [...new Set(shown.map((state) => marks[state].mark))].map((mark) => {
    const labels = shown.filter((state) => marks[state].mark === mark).map((state) => edgeStates[state].label);
    return `${mark} ${labels.join(' or ')}`;
  });
  return wrap(meanings.join('   '), width, indent).map(paint.faint);
}
