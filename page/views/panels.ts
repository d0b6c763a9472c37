import { type Html, html } from '../../cli/views/html/template.ts';
import { shortenedName } from '../../cli/views/report-words.ts';
import { kinds } from '../kinds.ts';

/** The label of a tab. */
export function renderTab(name: string, faults: number): Html {
  return html`${shortenedName(name)}${faults > 0 && html` <strong class="count">${faults}<span class="unseen"> to look at</span></strong>`}`;
}

/** The panel of one document: buttons, parameters, editor. */
export function renderPanel(id: string, everything: boolean, isStanding: boolean): Html {
  const choices = Object.entries(kinds).filter(([, { side }]) => everything || side === 'customer');
  return html`<div role="tabpanel" id="panel-${id}" aria-labelledby="tab-${id}" data-document="${id}">
<div class="tools">
<button type="button" data-do="shipped" class="for-template">Start from the shipped template</button>
<button type="button" data-do="undo" class="for-text">Undo</button>
<button type="button" data-do="download" class="for-text">Download</button>
<button type="button" data-do="clear" class="for-text">${isStanding ? 'Clear' : 'Remove'}</button>
<label class="choice for-text">Checked as <select class="kind" data-do="check"><option value="">what its content says</option>${choices.map(
    ([kind, { title }]) => html`<option value="${kind}">${title}</option>`,
  )}</select></label>
</div>
<p class="recognized notice"></p>
<div class="on-disk notice" hidden></div>
<details class="parameters" hidden><summary></summary><div></div></details>
<div class="editor"></div>
</div>`;
}
