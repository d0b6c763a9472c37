import { layers } from '../../../core/layers.ts';
import type { Layer } from '../../../core/vocabulary.ts';
import { inParts } from '../report-words.ts';
import { type Html, html } from './template.ts';

export function prose(text: string): Html {
  return html`${inParts(text, linked, (typed) => html`<code>${typed}</code>`)}`;
}

const awsPage = /(https:\/\/docs\.aws\.amazon\.com\/[\w./?#=&%-]*[\w/])/;

/** Links only to AWS's documentation. */
function linked(text: string): Html {
  return html`${text
    .split(awsPage)
    .map((part, at) =>
      at % 2 === 1
        ? html`<a href="${part}" rel="noreferrer">${part.replace('https://docs.aws.amazon.com/', 'docs.aws.amazon.com/')}</a>`
        : part,
    )}`;
}

export function layerText(layer: Layer): Html {
  return html`<strong>${layer}</strong> <span class="gloss">${layers[layer].words}</span>`;
}
