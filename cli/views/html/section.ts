import type { Report, RequestSummary, ServiceError, StepResult } from '../../../core/report.ts';
import { lookups, steps } from '../../../core/vocabulary.ts';
import { accountsIn } from '../accounts-of-report.ts';
import { edgeStates, statusLooks, verdictLooks } from '../edge-states.ts';
import { edgesOf } from '../edges-of-report.ts';
import { milliseconds, moment, position } from '../report-words.ts';
import { diagnosisSection } from './diagnoses.ts';
import { type Drawn, renderDiagram, stepNumber } from './diagram.ts';
import { renderEdgeDetails } from './edge-details.ts';
import { headlineOf } from './headline.ts';
import { copyButton, fieldList, heading, icon } from './pieces.ts';
import { prose } from './prose.ts';
import { type Html, html } from './template.ts';

interface SectionView {
  /** Unique in the page. The IDs of everything in the section start with it. */
  readonly id: string;
  /** The level of its headline; the others follow from it. */
  readonly level: number;
  /** The source of the test event, if needed to distinguish reports. */
  readonly source?: string | undefined;
  /** The basis of the report, if it is not AWS. */
  readonly basis?: string | undefined;
}

export function renderSection(report: Report, { id, level, source, basis }: SectionView): Html {
  const { verdict, diagnoses } = report;
  const look = verdictLooks[verdict];
  const { title, sentence, more } = headlineOf(report);
  return html`<section class="report" aria-labelledby="${id}-title">
<header class="verdict ${look.tone}">
<p class="badge">${icon(look)} ${verdict}${report.deniedStep && html` at <span class="nowrap">${report.deniedStep}</span>`}</p>
${heading(level, title, `${id}-title`)}
<p class="lead">${prose(sentence)}</p>
${more && html`<p>${more}</p>`}
${fieldList([
  ['customer', report.customer],
  ['from', source],
  ['where', basis],
  ['delivered as', report.principal && html`<code>${report.principal}</code>`],
  ['CloudTrail', report.lookupEvents && lookups[report.lookupEvents]],
  ['checked', html`${moment(new Date(report.startedAt))}, in ${milliseconds(report.durationMs)}`],
])}
</header>
${
  diagnoses.length > 0 &&
  html`<div class="part">${heading(level + 1, 'What is wrong, and what to do')}${diagnoses.map((diagnosis, at) =>
    diagnosisSection(diagnosis, at + 1, id, level + 2),
  )}</div>`
}
${renderNotes(notesOf(report, true), 'What is not known', level + 1)}
${renderPermissions(report, id, level + 1)}
${renderNotes(notesOf(report, false), 'Worth knowing', level + 1)}
<div class="part">${heading(level + 1, 'What was tried')}${renderSteps(report)}</div>
<div class="part raw"><details><summary>The report as JSON</summary>${copyButton(`${id}-raw`, 'the report')}<pre tabindex="0" aria-label="The report as JSON"><code id="${id}-raw">${JSON.stringify(report, null, 2)}</code></pre></details></div>
</section>`;
}

export const noteTitles: Readonly<Record<Notes[number]['kind'], string>> = {
  unknown: 'Not known',
  contradiction: 'Contradiction',
  'beyond-need': 'More than needed',
  assumed: 'Assumed',
};

type Notes = NonNullable<Report['notes']>;

function notesOf({ notes = [] }: Report, isUnknown: boolean): Notes {
  return notes.filter(({ kind }) => (kind === 'unknown') === isUnknown);
}

function renderNotes(notes: Notes, title: string, level: number): Html | undefined {
  if (notes.length === 0) return undefined;
  return html`<div class="part">${heading(level, title)}<ul class="notes">${notes.map((note) => {
    const place = position(note);
    return html`<li>${note.kind !== 'unknown' && html`<strong>${noteTitles[note.kind]}:</strong> `}${prose(note.detail)}${place && html` <code>${place}</code>`}</li>`;
  })}</ul></div>`;
}

/** Undefined if a report lists no permissions, because its check never started or an older function made it. */
export function renderPermissions(report: Report, id: string, level: number): Html | undefined {
  if (!report.permissions) return undefined;
  const accounts = accountsIn(report);
  const drawn = edgesOf(report, accounts).map((edge, at): Drawn => ({ edge, detailsId: `${id}-e${at}` }));
  const states = new Set(drawn.map(({ edge }) => edge.state));
  return html`<div class="part">${heading(level, 'Every permission that a delivery needs')}
<p class="gloss">Each arrow is a question that AWS decides by the policies of one or both accounts. Choose one to see how it was decided.</p>
<div class="permissions">
${renderDiagram(drawn, accounts)}
<div class="panel" role="region" aria-label="Details of the permission that was chosen" tabindex="0">${drawn.map(
    (one) => {
      const faults = one.edge.diagnoses.map((diagnosis) => report.diagnoses.indexOf(diagnosis) + 1);
      return renderEdgeDetails(one, { idPrefix: id, level: level + 1, faults });
    },
  )}</div>
</div>
<ul class="legend">${Object.entries(edgeStates)
    .filter(([state]) => states.has(state as keyof typeof edgeStates))
    .map(([, state]) => html`<li>${icon(state)} <strong>${state.label}</strong> ${state.means}</li>`)}</ul>
</div>`;
}

/** The steps in order, with AWS's verbatim answers. */
function renderSteps({ steps: results }: Report): Html {
  return html`<ol class="steps">${results.map(renderStep)}</ol>`;
}

function renderStep(result: StepResult): Html {
  const { step, status, durationMs, request, error, reason } = result;
  const look = statusLooks[status];
  return html`<li class="step ${look.tone}">
<p class="step-line">${icon(look)} <span class="step-name"><span class="number">${stepNumber(step)}</span> ${step}</span> <strong class="status">${status}</strong> <span class="time">${status === 'skipped' ? '' : milliseconds(durationMs)}</span></p>
<p class="gloss">${steps[step]}</p>
${reason && html`<p>${reason}</p>`}
${error && renderError(error)}
${request && renderRequest(request)}
</li>`;
}

function renderError({ code, httpStatus, message, requestId, extendedRequestId }: ServiceError): Html {
  return html`<figure class="answer"><figcaption>AWS answered ${code}${httpStatus !== undefined && `, HTTP ${httpStatus}`}</figcaption>
<blockquote>${message === '' ? '(no message)' : message}</blockquote>
${
  (requestId || extendedRequestId) &&
  fieldList([
    ['request id', requestId && html`<code>${requestId}</code>`],
    ['extended request id', extendedRequestId && html`<code>${extendedRequestId}</code>`],
  ])
}</figure>`;
}

function renderRequest(request: RequestSummary): Html {
  return html`<details><summary>${request.operation} in ${request.region}: what was asked</summary>${fieldList(
    Object.entries(request).map(([name, value]) => [name, html`<code>${value}</code>`] as const),
  )}</details>`;
}
