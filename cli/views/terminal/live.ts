import { printable } from '../../../core/printable.ts';
import type { Verdict } from '../../../core/vocabulary.ts';
import type { JobOutcome } from '../../run/job.ts';
import { shortened, verdictCounts, worstVerdicts } from '../report-words.ts';
import { verdictMarks } from './page.ts';

export interface Live {
  readonly total: number;
  readonly running: readonly { readonly title: string; readonly forMs: number }[];
  /** In the order in which they ended. */
  readonly ended: readonly Ended[];
}

export interface Ended {
  readonly title: string;
  /** The verdicts of its reports; empty if there is no report. */
  readonly verdicts: readonly Verdict[];
  readonly tookMs: number;
}

export function endedAs({ job, answer }: JobOutcome, tookMs: number): Ended {
  const found = answer.kind === 'reports' ? answer.reports.map(({ verdict }) => verdict) : [];
  return { title: job.title, verdicts: found, tookMs };
}

/**
 * One line for each running event. Above them are the last ended events, as far as there is room; below them is a
 * count, if there are several events.
 *
 * @param rows the maximum number of lines
 */
export function renderLive({ total, running, ended }: Live, columns: number, rows: number): readonly string[] {
  const room = Math.max(rows - 1, 0);
  const active = running.slice(0, room);
  const last = room - active.length > 0 ? ended.slice(-(room - active.length)) : [];
  const widest = Math.max(0, ...[...active, ...last].map(({ title }) => title.length));
  return [
    ...last.map((one) => renderEnded(one, columns, widest)),
    ...active.map(({ title, forMs }) => line({ mark: '…', title, state: 'running', ms: forMs }, columns, widest)),
    ...(total > 1 ? [counts(total, ended).slice(0, columns)] : []),
  ];
}

/**
 * The result of one event, in one line.
 *
 * @param titleWidth the width of the titles in all lines
 */
export function renderEnded({ title, verdicts: found, tookMs }: Ended, columns: number, titleWidth = 0): string {
  const [gravest] = [...found].sort((a, b) => worstVerdicts.indexOf(a) - worstVerdicts.indexOf(b));
  const mark = gravest ? verdictMarks[gravest].mark : '!';
  return line({ mark, title, state: told(found), ms: tookMs }, columns, titleWidth);
}

function told(found: readonly Verdict[]): string {
  if (found.length === 0) return 'no report';
  const [only] = found;
  return found.length === 1 && only ? only : verdictCounts(found).join(', ');
}

interface Line {
  readonly mark: string;
  readonly title: string;
  readonly state: string;
  readonly ms: number;
}

const stateWidth = 'misconfigured'.length;

function line({ mark, title, state, ms }: Line, columns: number, titleWidth: number): string {
  const end = `  ${titleWidth > 0 ? state.padEnd(stateWidth) : state}  ${inSeconds(ms)}`;
  const room = Math.max(columns - end.length - 2, 8);
  return `${mark} ${shortened(printable(title), room).padEnd(Math.min(titleWidth, room))}${end}`.slice(0, columns);
}

/** Tenths of a second are enough to watch. */
function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function counts(total: number, ended: readonly Ended[]): string {
  const found = ended.flatMap((one) => one.verdicts);
  const without = ended.filter((one) => one.verdicts.length === 0).length;
  const parts = [verdictCounts(found).join(', '), without > 0 ? `${without} without a report` : ''].filter(Boolean);
  return `${ended.length} of ${total}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}
