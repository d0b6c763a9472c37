import { copyable, heading } from '../../cli/views/html/pieces.ts';
import { type Html, html } from '../../cli/views/html/template.ts';
import { shortenedName } from '../../cli/views/report-words.ts';
import { counted } from '../../core/printable.ts';
import type { PageFindings } from '../findings.ts';
import { verdictOf } from './verdict.ts';

/** The results to take away: the changed documents, and a text for the service. */
export function renderFinish(findings: PageFindings): Html {
  const { report, problems, changed } = findings;
  if (!report || problems.length > 0) return html``;
  return html`${heading(2, report.verdict === 'passed' ? 'Done: what to take along' : 'What to take along')}
${
  changed.length > 0 &&
  html`<p>Put these into your account. Then tell the service.</p><p class="tools">${changed.map(
    ({ id, name }) =>
      html`<button type="button" data-do="download" data-document="${id}">Download ${shortenedName(name)}</button>`,
  )}</p>`
}
<p class="label">For the service</p>
${copyable('for-the-service', textFor(findings), 'the text for the service')}`;
}

function textFor(findings: PageFindings): string {
  const { report, customer, checked, shipped, unused, changed, applied, answers, questions } = findings;
  const copy = report?.steps.find(({ step }) => step === 'copy-to-inbox')?.request;
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [title, ...items.map((item) => `  - ${item}`)];
  return [
    `Secure Inbox of ${customer ?? report?.customer}: ${verdictOf(findings).title} (${report?.verdict}, checked in a simulation of both accounts, not in AWS).`,
    ...(copy?.expectedBucketOwner ? [`Account: ${copy.expectedBucketOwner}`] : []),
    ...(copy?.bucket ? [`Bucket: ${copy.bucket} (${copy.region})`] : []),
    ...(copy?.kmsKeyArn ? [`KMS key: ${copy.kmsKeyArn}`] : []),
    `Checked: ${checked.join(', ') || 'nothing of ours'}${shipped.length > 0 ? `; as in the shipped template: ${shipped.join(', ')}` : ''}`,
    ...list(
      'Not used:',
      unused.map(({ name, what }) => `${name} ${what}`),
    ),
    ...list(`Changed (${counted(changed.length, 'document')}):`, applied),
    ...list(
      'Answered:',
      [...answers].map(([field, value]) => `${field}: ${value}`),
    ),
    ...list('Still wrong:', report?.diagnoses.map(({ summary }) => summary) ?? []),
    ...list(
      'Not known:',
      questions.map(({ text }) => text),
    ),
  ].join('\n');
}
