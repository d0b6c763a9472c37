import type { Candidate, Evidence, Remedy } from '../../../core/report.ts';
import { copyable } from './pieces.ts';
import { type Html, html } from './template.ts';
import { prose, whoIs } from './words.ts';

export function renderEvidence(evidence: readonly Evidence[]): Html | undefined {
  if (evidence.length === 0) return undefined;
  return html`<p class="label">Evidence</p><ul class="evidence">${evidence.map(
    ({ source, detail }) => html`<li><span class="source">${source}</span> ${prose(detail)}</li>`,
  )}</ul>`;
}

/** @param id that those of statements to be copied begin with; without it they are left out */
export function renderCandidates(candidates: readonly Candidate[], label: string, id?: string): Html | undefined {
  if (candidates.length === 0) return undefined;
  return html`<p class="label">${label}</p><ul class="candidates">${candidates.map(
    ({ layer, side, action, why, remedy }, at) =>
      html`<li><strong>${layer}</strong>${action && html` for <code>${action}</code>`}${side && ` (${side})`}: ${prose(why)}${
        id !== undefined && remedy && renderOtherRemedy(remedy, `${id}-c${at}`)
      }</li>`,
  )}</ul>`;
}

/** Mostly for the same document as the diagnosis's own remedy: one look at it tells which is missing. */
function renderOtherRemedy({ side, accountId, target, instruction, statement }: Remedy, id: string): Html {
  return html`<details><summary>What to do if it is missing in ${target ?? 'that document'}${side && `, by ${whoIs(side, accountId)}`}</summary><p>${prose(instruction)}</p>${
    statement && copyable(id, JSON.stringify(statement, null, 2), 'the other statement')
  }</details>`;
}
