import type { Candidate, Diagnosis, Evidence, Remedy } from '../../../core/report.ts';
import { effects } from '../../../core/vocabulary.ts';
import { edgeStates } from '../edge-states.ts';
import { meaningOf, place, statementName, whoIs } from '../report-words.ts';
import { copyable, copyButton, fieldList, heading, icon } from './pieces.ts';
import { layerText, prose } from './prose.ts';
import { type Html, html } from './template.ts';

/** The fault, its confidence and the remedy; then the evidence and the other candidates. */
export function diagnosisSection(diagnosis: Diagnosis, number: number, idPrefix: string, level: number): Html {
  const { summary, step, denial, confidence, evidence, candidates, remedy } = diagnosis;
  const { statement, policyArn } = denial;
  const by = denial.layer && html`${layerText(denial.layer)}${denial.effect && ` ${effects[denial.effect]}`}`;
  return html`<article class="diagnosis" id="${idPrefix}-d${number}">
${heading(level, html`<span class="number">${number}</span> ${prose(summary)}`)}
<p class="confidence ${confidence}"><strong>${confidence}</strong> ${meaningOf(diagnosis)}</p>
${remedy && remedySection(remedy, `${idPrefix}-d${number}`)}
<details class="grounds"><summary>On what grounds${candidates.length > 0 && ', and what else it may be'}</summary>
${fieldList([
  ['step', step],
  ['refused', denial.action && html`<code>${denial.action}</code>`],
  ['on', denial.resource && html`<code>${denial.resource}</code>`],
  ['to', denial.principal && html`<code>${denial.principal}</code>`],
  ['by', by],
  ['in account', denial.accountId],
  ['policy', policyArn && html`<code>${policyArn}</code>`],
  ['statement', statement && statementName(statement)],
])}
${renderEvidence(evidence)}
${candidateList(candidates, denial.layer ? 'If it is not that, it may be' : 'It may be', `${idPrefix}-d${number}`)}
</details>
</article>`;
}

export function remedySection(
  { side, accountId, document, target, instruction, statement, verified }: Remedy,
  id: string,
): Html {
  return html`<div class="remedy">
<p class="label">What to do${side && `, by ${whoIs(side, accountId)}`}</p>
${fieldList([['where', place(document, target)]])}
<p id="${id}-instruction">${prose(instruction)} </p>
${statement ? copyable(`${id}-statement`, JSON.stringify(statement, null, 2), 'the statement') : copyButton(`${id}-instruction`, 'the instruction')}
<p class="verified">${verified ? html`${icon(edgeStates.allowed)} ${verifiedRemedy}` : html`${icon(edgeStates.untried)} ${unverifiedRemedy}`}</p>
</div>`;
}

const verifiedRemedy =
  'Tested in a simulation of both accounts: with this change and the others listed here the check passes. It grants nothing else.';
const unverifiedRemedy = 'Not tested in a simulation of both accounts. Run the check again after the change.';

export function renderEvidence(evidence: readonly Evidence[]): Html | undefined {
  if (evidence.length === 0) return undefined;
  return html`<p class="label">Evidence</p><ul class="evidence">${evidence.map(
    ({ source, detail }) => html`<li><span class="source">${source}</span> ${prose(detail)}</li>`,
  )}</ul>`;
}

/** @param id prefix of the IDs of statements to copy; without it, statements are left out */
export function candidateList(candidates: readonly Candidate[], label: string, id?: string): Html | undefined {
  if (candidates.length === 0) return undefined;
  return html`<p class="label">${label}</p><ul class="candidates">${candidates.map(
    ({ layer, side, action, why, remedy }, at) =>
      html`<li><strong>${layer}</strong>${action && html` for <code>${action}</code>`}${side && ` (${side})`}: ${prose(why)}${
        id !== undefined && remedy && renderOtherRemedy(remedy, `${id}-c${at}`)
      }</li>`,
  )}</ul>`;
}

/** Usually for the same document as the diagnosis's own remedy, so that one look shows which one is missing. */
function renderOtherRemedy({ side, accountId, target, instruction, statement }: Remedy, id: string): Html {
  return html`<details><summary>What to do if it is missing in ${target ?? 'that document'}${side && `, by ${whoIs(side, accountId)}`}</summary><p>${prose(instruction)}</p>${
    statement && copyable(id, JSON.stringify(statement, null, 2), 'the other statement')
  }</details>`;
}
