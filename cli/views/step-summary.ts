import { resourceRoles } from '../../core/permissions.ts';
import { printable } from '../../core/printable.ts';
import type { Diagnosis, Remedy, Report } from '../../core/report.ts';
import { refusedPermissions } from '../../core/report-permissions.ts';
import { sides, verdicts } from '../../core/vocabulary.ts';
import type { JobOutcome } from '../run/job.ts';
import { inParts, meaningOf, verdictAt } from './report-words.ts';
import { verdictMarks } from './terminal/page.ts';

/** GitHub refuses a step's summary that is longer. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits */
export const mostSummaryBytes = 1024 * 1024;

/**
 * The outcomes as Markdown that GitHub shows on the page of a workflow run: a table and, for everything that did not
 * pass, the fault and what to paste.
 *
 * @param room remaining bytes of the step's summary
 */
export function renderStepSummary(outcomes: readonly JobOutcome[], room: number = mostSummaryBytes): string {
  const blocks = [table(outcomes), ...outcomes.flatMap(sections)];
  const omitted = 'More did not pass than fits into this summary.\n';
  let text = '';
  for (const block of blocks) {
    if (Buffer.byteLength(text + block) + omitted.length + 1 > room) return text === '' ? '' : `${text}\n${omitted}`;
    text += text === '' ? block : `\n${block}`;
  }
  return text;
}

function table(outcomes: readonly JobOutcome[]): string {
  const rows = outcomes.flatMap(({ job, answer }) => {
    if (answer.kind !== 'reports') return [['! no report', job.title, '', '', firstLine(answer.message)]];
    return answer.reports.map(({ verdict, customer, deniedStep, durationMs, diagnoses }) => [
      `${verdictMarks[verdict].mark} ${verdict}`,
      customer,
      deniedStep ?? '',
      `${Math.round(durationMs)} ms`,
      diagnoses[0]?.summary ?? '',
    ]);
  });
  const lines = rows.map((cells) => `| ${cells.map(inText).join(' | ')} |`);
  const heading = ['## Secure Inbox configuration check', '', '| verdict | customer | step | took | because |'];
  return `${[...heading, '| --- | --- | --- | ---: | --- |', ...lines].join('\n')}\n`;
}

function sections({ answer }: JobOutcome): readonly string[] {
  if (answer.kind !== 'reports') return [];
  return answer.reports.filter(({ diagnoses }) => diagnoses.length > 0).map(section);
}

function section(report: Report): string {
  const { customer, verdict, diagnoses } = report;
  return [
    `### ${inText(customer)}: ${verdictAt(report)}`,
    '',
    verdicts[verdict],
    ...diagnoses.flatMap((diagnosis, at) => ['', ...told(diagnosis, at + 1)]),
    ...permissionTable(report),
    '',
  ].join('\n');
}

function permissionTable(report: Report): readonly string[] {
  const rows = refusedPermissions(report).map(({ step, action, on, state }) => [
    step,
    action,
    resourceRoles[on],
    state,
  ]);
  if (rows.length === 0) return [];
  const lines = rows.map((cells) => `| ${cells.map(inText).join(' | ')} |`);
  return ['', '| step | permission | on | |', '| --- | --- | --- | --- |', ...lines];
}

function told(diagnosis: Diagnosis, number: number): string[] {
  const { summary, confidence, remedy, candidates } = diagnosis;
  const others = candidates.map(({ layer, why }) => `   - ${layer}: ${inProse(why)}`);
  return [
    `${number}. **${inText(summary)}**`,
    '',
    `   ${confidence}: ${meaningOf(diagnosis)}`,
    ...(remedy ? ['', ...whatToDo(remedy)] : []),
    ...(others.length > 0 ? ['', '   It may also be:', '', ...others] : []),
  ];
}

function whatToDo({ side, accountId, instruction, statement }: Remedy): string[] {
  const who = side && ` (${inText(accountId ? `${side}, account ${accountId}` : `${side}: ${sides[side]}`)})`;
  const lines = [`   What to do${who ?? ''}: ${inProse(instruction)}`];
  if (!statement) return lines;
  const text = printable(JSON.stringify(statement, null, 2));
  // Longer than any run of backticks inside, so that nothing in the statement ends the fence.
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [...lines, '', `   ${fence}json`, ...text.split('\n').map((line) => `   ${line}`), `   ${fence}`];
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function inProse(text: string): string {
  return inParts(text, inText, (typed) => `<code>${inText(typed)}</code>`).join('');
}

/** Text from a report must not act as Markdown or HTML. */
function inText(text: string): string {
  return printable(text)
    .replaceAll('\n', ' ')
    .replace(/[\\`*_{}[\]<>()#!|~&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
