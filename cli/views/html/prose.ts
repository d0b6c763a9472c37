import { layers } from '../../../core/layers.ts';
import type { Layer } from '../../../core/vocabulary.ts';
import { type Html, html } from './template.ts';

/** Between backticks stands what is to be typed or looked up. */
export function prose(text: string): Html {
  const parts = text.split('`');
  // Without its partner a backtick is a character like any other.
  if (parts.length % 2 === 0) return html`${text}`;
  return html`${parts.map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : linked(part)))}`;
}

const awsPage = /(https:\/\/docs\.aws\.amazon\.com\/[\w./?#=&%-]*[\w/])/;

/** AWS's documentation is the one place that a page leads to. */
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
