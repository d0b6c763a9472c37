import { resourceRoles } from '../../../core/permissions.ts';
import type { Denial } from '../../../core/report.ts';
import { effects } from '../../../core/vocabulary.ts';
import { type EdgeState, edgeStates } from '../edge-states.ts';
import { statementName, whoIs } from '../report-words.ts';
import { candidateList, renderEvidence } from './diagnoses.ts';
import { type Drawn, stepNumber } from './diagram.ts';
import { fieldList, heading, icon } from './pieces.ts';
import { layerText, prose } from './prose.ts';
import { type Html, html } from './template.ts';

interface DetailsView {
  readonly idPrefix: string;
  readonly level: number;
  /** The numbers of the diagnoses that are about this edge. */
  readonly faults: readonly number[];
}

/** The details of one arrow: decision, statement and evidence. */
export function renderEdgeDetails({ detailsId, edge }: Drawn, { idPrefix, level, faults }: DetailsView): Html {
  const { permission, resource, result, state, because, diagnoses, evidence, candidates } = edge;
  const { action, step, operation, on, decidedBy } = permission;
  const look = edgeStates[state];
  const error = state === 'allowed' ? undefined : result?.error;
  const isInEvidence = evidence.some(({ detail }) => error && detail.includes(error.message));
  const [denial] = diagnoses.map((one) => one.denial);
  return html`<article class="edge-details ${look.tone}" id="${detailsId}">
${heading(level, html`<code>${action}</code>`)}
<p class="decision">${icon(look)} <strong>${look.label}</strong></p>
<p>${prose(because)}</p>
${fieldList([
  ['on', html`${resource ? html`<code>${resource}</code> ` : ''}<span class="gloss">${resourceRoles[on]}</span>`],
  ['asked at', html`step ${stepNumber(step)}, ${step}: ${operation}`],
  ['must be allowed by', decidedBy.map((layer) => html`<div>${layerText(layer)}</div>`)],
  [refusers[state], denial?.layer && layerText(denial.layer)],
  ['to be changed by', denial?.side && whoIs(denial.side, denial.accountId)],
  ['statement', statementText(state, denial)],
  ['AWS answered', !isInEvidence && error && html`${error.code}: ${error.message}`],
])}
${renderEvidence(evidence)}
${candidateList(candidates, 'It may be')}
${faults.map((number) => html`<p class="fault"><a href="#${idPrefix}-d${number}">What to do: fault ${number}</a></p>`)}
</article>`;
}

const refusers: Readonly<Record<EdgeState, string>> = {
  allowed: '',
  refused: 'refused by',
  broken: 'because of',
  suspected: 'most likely refused by',
  possible: 'maybe refused by',
  untold: '',
  untried: '',
};

/** AWS sometimes says where a Deny is, but never where an Allow is. */
function statementText(state: EdgeState, denial: Denial | undefined): string | undefined {
  if (state === 'allowed' || !denial) return undefined;
  const { statement, policyArn, effect } = denial;
  const where = statement ? statementName(statement) : policyArn && `in ${policyArn}`;
  // A statement that doesn't allow the request can't be the reason; it is the closest one.
  const how = effect && `${effects[effect]}${effect === 'implicit' && statement ? ' Closest comes' : ''}`;
  return (
    [how, where].filter(Boolean).join(' ') ||
    'Not told: neither the statement, nor whether it is a Deny or nothing allows it.'
  );
}
