import { edgeStates } from '../../cli/views/edge-states.ts';
import { candidateList, remedySection, renderEvidence } from '../../cli/views/html/diagnoses.ts';
import { heading, icon } from '../../cli/views/html/pieces.ts';
import { prose } from '../../cli/views/html/prose.ts';
import { noteTitles } from '../../cli/views/html/section.ts';
import { type Html, html } from '../../cli/views/html/template.ts';
import { position } from '../../cli/views/report-words.ts';
import type { Diagnosis } from '../../core/report.ts';
import type { JudgedFix } from '../../model/preflight/judge.ts';
import type { PageFindings } from '../findings.ts';
import { type DiffLine, diffLines } from '../line-diff.ts';

/** The faults, each with its place and its changes, and then the notes. */
export function renderFaults(findings: PageFindings): Html {
  const { report, problems, lastApplied } = findings;
  const diagnoses = report?.diagnoses ?? [];
  return html`${
    lastApplied &&
    html`<p class="applied">Applied: ${prose(lastApplied.summary)} <button type="button" data-do="undo" data-document="${lastApplied.document.id}">Undo<span class="unseen"> this change</span></button></p>`
  }${
    problems.length > 0 &&
    html`${heading(2, 'Fix this first')}<ul class="problems">${problems.map(
      ({ document, line, column, field, message }) =>
        html`<li><span class="message">${field && `Your answer: `}${message}</span> ${jump(findings, { document, line, column })}</li>`,
    )}</ul>`
  }${
    diagnoses.length > 0 &&
    html`${heading(2, 'What is wrong, and what to do')}${diagnoses.map((diagnosis, at) => renderFault(diagnosis, at, findings))}`
  }${renderNotes(findings)}`;
}

function renderFault(diagnosis: Diagnosis, at: number, view: PageFindings): Html {
  const { summary, confidence, evidence, candidates, remedy, denial } = diagnosis;
  const place = view.places.find((one) => one.diagnosis === at);
  const fixes = view.fixes.map((fix, number) => ({ fix, number })).filter(({ fix }) => fix.diagnoses.includes(at));
  const own = fixes.filter(({ fix }) => Math.min(...fix.diagnoses) === at);
  const elsewhere = fixes.find(({ fix }) => Math.min(...fix.diagnoses) < at);
  return html`<article class="diagnosis" id="r0-d${at + 1}">
${heading(3, html`<span class="number">${at + 1}</span> ${prose(summary)}`)}
<p class="confidence ${confidence}"><strong>${confidence}</strong> ${jump(view, { document: place?.document, line: place?.focusLine ?? place?.line, column: place?.focusColumn ?? place?.column })}</p>
${own.map(({ fix, number }) => renderFix(fix, number, view))}
${elsewhere && html`<p class="gloss">The change for fault ${Math.min(...elsewhere.fix.diagnoses) + 1} fixes this too.</p>`}
${fixes.length === 0 && remedy && remedySection(remedy, `r0-d${at + 1}`)}
${
  (evidence.length > 0 || candidates.length > 0) &&
  html`<details class="grounds"><summary>Why</summary><p>${denial.action && html`<code>${denial.action}</code>`}${denial.resource && html` on <code>${denial.resource}</code>`}</p>${renderEvidence(evidence)}${candidateList(candidates, 'It may also be')}</details>`
}
</article>`;
}

function renderFix(
  { document, summary, before, after, opens, verified }: JudgedFix,
  number: number,
  { titleOf }: PageFindings,
): Html {
  return html`<div class="remedy fix">
<p class="label">${titleOf(document)}: ${prose(summary)}</p>
<div class="diff" role="group" aria-label="The change" tabindex="0">${diffLines(before, after).map(renderLine)}</div>
<p class="opens">${
    opens.length === 0
      ? html`${icon(edgeStates.allowed)} It grants nothing else.`
      : html`${icon(edgeStates.possible)} It also allows ${opens.join('; ')}.`
  }${!verified && ' More may have to change: the page checks again when you apply it.'}</p>
<button type="button" class="primary" data-do="apply" data-fix="${number}">Apply<span class="unseen">: ${summary}</span></button>
</div>`;
}

function renderLine({ kind, text }: DiffLine): Html {
  const shown = text === '' ? ' ' : text;
  if (kind === 'added') return html`<ins><span class="sign" aria-hidden="true">+</span>${shown}</ins>`;
  if (kind === 'removed') return html`<del><span class="sign" aria-hidden="true">−</span>${shown}</del>`;
  return html`<span class="${kind}"><span class="sign" aria-hidden="true"> </span>${shown}</span>`;
}

interface Where {
  readonly document?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** A button that leads to a place in a document. */
export function jump({ titleOf }: PageFindings, { document, line, column }: Where): Html | undefined {
  const title = titleOf(document);
  if (document === undefined || title === undefined) return undefined;
  return html`<button type="button" class="jump" data-do="jump" data-document="${document}" data-line="${line ?? 1}" data-column="${column ?? 1}">${title}${line !== undefined && `, line ${line}`}</button>`;
}

/** Unknown facts are among the questions. */
function renderNotes(findings: PageFindings): Html {
  const notes = (findings.report?.notes ?? []).filter(({ kind }) => kind !== 'unknown');
  const told = notes.filter(({ kind }) => kind !== 'assumed');
  const assumed = findings.checked.length > 0 ? notes.filter(({ kind }) => kind === 'assumed') : [];
  return html`${
    told.length > 0 &&
    html`${heading(2, 'Worth knowing')}<ul class="notes">${told.map((note) => {
      const place = jump(findings, { document: findings.idOf(note.file), line: note.line, column: note.column });
      const text = position(note);
      return html`<li><strong>${noteTitles[note.kind]}:</strong> ${prose(note.detail)} ${place ?? (text && html`<code>${text}</code>`)}</li>`;
    })}</ul>`
  }${
    assumed.length > 0 &&
    html`<details class="assumed"><summary>What this assumes</summary><ul class="notes">${assumed.map(
      ({ detail }) => html`<li>${prose(detail)}</li>`,
    )}</ul></details>`
  }`;
}
