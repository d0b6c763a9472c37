import { copyable, heading } from '../../cli/views/html/pieces.ts';
import { type Html, html } from '../../cli/views/html/template.ts';
import { counted } from '../../cli/views/html/words.ts';
import type { Report } from '../../core/report.ts';

export interface FinishView {
  readonly report: Report | undefined;
  readonly customer: string | undefined;
  readonly checked: readonly string[];
  readonly shipped: readonly string[];
  readonly changed: readonly { readonly id: string; readonly name: string }[];
  /** Summaries of the mends that were applied. */
  readonly applied: readonly string[];
  readonly answers: readonly (readonly [field: string, value: string])[];
}

/** What to take along: the changed documents, and a text for the service. */
export function renderFinish(view: FinishView): Html {
  const { report, changed } = view;
  if (!report) return html``;
  return html`${heading(2, report.verdict === 'passed' ? 'Done: what to take along' : 'What to take along')}
${
  changed.length > 0 &&
  html`<p>Put these into your account; then tell the service.</p><p class="tools">${changed.map(
    ({ id, name }) => html`<button type="button" data-do="download" data-document="${id}">Download ${name}</button>`,
  )}</p>`
}
<p class="label">For the service</p>
${copyable('for-the-service', textFor(view), 'the text for the service')}`;
}

function textFor({ report, customer, checked, shipped, changed, applied, answers }: FinishView): string {
  const copy = report?.steps.find(({ step }) => step === 'copy-to-inbox')?.request;
  const list = (items: readonly string[]) => items.map((item) => `  - ${item}`);
  return [
    `Secure Inbox of ${customer ?? report?.customer}: ${report?.verdict}, as the policies say (checked in a simulation of both accounts, not in AWS).`,
    ...(copy?.expectedBucketOwner ? [`Account: ${copy.expectedBucketOwner}`] : []),
    ...(copy?.bucket ? [`Bucket: ${copy.bucket} (${copy.region})`] : []),
    ...(copy?.kmsKeyArn ? [`KMS key: ${copy.kmsKeyArn}`] : []),
    `Checked: ${checked.join(', ') || 'nothing of ours'}${shipped.length > 0 ? `; as in the shipped template: ${shipped.join(', ')}` : ''}`,
    ...(applied.length > 0 ? [`Changed (${counted(changed.length, 'document')}):`, ...list(applied)] : []),
    ...(answers.length > 0 ? ['Told:', ...list(answers.map(([field, value]) => `${field}: ${value}`))] : []),
    ...((report?.diagnoses.length ?? 0) > 0
      ? ['Still wrong:', ...list(report?.diagnoses.map(({ summary }) => summary) ?? [])]
      : []),
  ].join('\n');
}
