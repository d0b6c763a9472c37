import type { Report, StepResult } from '../../lambda/customer_configuration_check/report.ts';
import type { Step } from '../../lambda/customer_configuration_check/vocabulary.ts';
import { type Page, printable } from './page.ts';
import { statusMarks } from './status.ts';

const leftWidth = 30;
const rightWidth = 24;
const gap = 10;
const drawingWidth = 2 + leftWidth + 2 + gap + rightWidth + 2;

/** The two accounts with the steps as edges between them; nothing where the page is too narrow for it. */
export function renderPattern(report: Report, { width, paint }: Page): string[] {
  if (width < drawingWidth) return [];
  const stepNamed = (name: Step) => report.steps.find(({ step }) => step === name);
  const edge = (name: Step) => `  │ ${markOf(stepNamed(name))} ${name}`;
  const copy = stepNamed('copy-to-inbox');
  const role = /assumed-role\/([^/]+)/.exec(report.principal ?? '')?.[1];

  const left = [
    'the check',
    ...(role ? [edge('assume-delivery-role'), '  ▼', printable(role)] : []),
    edge('put-internal'),
    '  ▼',
  ].map((text) => `│ ${text.slice(0, leftWidth - 2).padEnd(leftWidth - 2)} │`);
  const blank = ' '.repeat(gap);
  const right = `│${' '.repeat(rightWidth)}│`;
  const arrow = `─── ${markOf(copy)} `.padEnd(gap - 1, '─');
  const source = `│ internal bucket ${'─'.repeat(leftWidth - 17)}┼`;

  const lines = [
    `${title('Account A', report.principal?.split(':')[4]).padEnd(leftWidth + 2 + gap)}${title('Account B', copy?.request?.expectedBucketOwner)}`,
    `┌${'─'.repeat(leftWidth)}┐${blank}┌${'─'.repeat(rightWidth)}┐`,
    ...left.map((line) => `${line}${blank}${right}`),
    `${source}${arrow}►│${' Secure Inbox'.padEnd(rightWidth)}│`,
    `└${'─'.repeat(leftWidth)}┘${blank}└${'─'.repeat(rightWidth)}┘`,
  ].map((line) => `  ${line}`);
  return [...lines.map((line) => (copy?.status === 'passed' ? line : paint.faint(line))), ...refusals(report, paint)];
}

function title(name: string, accountId: string | undefined): string {
  return accountId ? `${name} ${printable(accountId)}` : name;
}

function markOf(result: StepResult | undefined): string {
  return statusMarks[result?.status ?? 'skipped'].mark;
}

/** What stands below the drawing: the marked edges in words. */
function refusals(report: Report, paint: Page['paint']): string[] {
  return report.steps
    .filter(({ status }) => status === 'denied' || status === 'failed')
    .map(({ step, status }) => {
      const actions = report.diagnoses.flatMap((one) =>
        one.step === step && one.denial.action ? [one.denial.action] : [],
      );
      const what = actions.length > 0 ? `: ${printable([...new Set(actions)].join(', '))}` : '';
      return paint.bad(`  ${statusMarks[status].mark} ${step} ${status}${what}`);
    });
}
