import type { MarkShape, Tone } from '../edge-states.ts';
import { Html, html, type Part } from './template.ts';

/** @param level 1 to 6; a deeper level becomes 6 */
export function heading(level: number, content: Part, id?: string): Html {
  const name = `h${Math.min(level, 6)}`;
  const attribute = id === undefined ? '' : html` id="${id}"`;
  return html`<${new Html(name)}${attribute}>${content}</${new Html(name)}>`;
}

type Field = readonly [name: string, content: Part];

/** Names with their values. A field without a value is left out. */
export function fieldList(fields: readonly Field[]): Html {
  const known = fields.filter(([, content]) => content !== undefined && content !== false && content !== '');
  return html`<dl class="fields">${known.map(
    ([name, content]) => html`<div><dt>${name}</dt><dd>${content}</dd></div>`,
  )}</dl>`;
}

/** Text with a copy button. Without scripts it can still be selected. */
export function copyable(id: string, text: string, what: string): Html {
  return html`<div class="copyable"><pre tabindex="0" aria-label="${what}"><code id="${id}">${text}</code></pre>${copyButton(id, what)}</div>`;
}

/** @param id the ID of the element whose text is copied */
export function copyButton(id: string, what: string): Html {
  return html`<button type="button" class="copy" data-copies="${id}">Copy<span class="unseen"> ${what}</span></button>`;
}

/** Outlines in a box of 20 by 20. Each mark has its own shape, for people who can't distinguish the colors. */
const shapes: Readonly<Record<MarkShape, Html>> = {
  check: html`<circle cx="10" cy="10" r="9" class="solid"/><path d="M5.6 10.4l3 3 5.8-6.4" class="cut"/>`,
  cross: html`<path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z" class="solid"/><path d="M6.6 6.6l6.8 6.8m0-6.8l-6.8 6.8" class="cut"/>`,
  bang: html`<path d="M10 1.2L19.4 18H.6z" class="solid"/><path d="M10 7.2v5m0 2.4v.6" class="cut"/>`,
  question: html`<rect x="1.2" y="1.2" width="17.6" height="17.6" rx="4" class="solid"/><path d="M7.2 7.9a2.8 2.8 0 1 1 4.2 2.4c-.9.6-1.4 1-1.4 2m0 2.4v.5" class="cut"/>`,
  maybe: html`<rect x="2" y="2" width="16" height="16" rx="4" class="open"/><path d="M7.4 8.1a2.6 2.6 0 1 1 3.9 2.2c-.8.5-1.3.9-1.3 1.8m0 2.2v.4" class="stroke"/>`,
  dot: html`<circle cx="10" cy="10" r="8" class="open"/><circle cx="10" cy="10" r="2" class="solid"/>`,
  dash: html`<circle cx="10" cy="10" r="8" class="open dashed"/><path d="M6.5 10h7" class="stroke"/>`,
};

/** Once per page; each icon refers to it. */
export const sprite: Html = html`<svg class="sprite" aria-hidden="true" width="0" height="0">${Object.entries(
  shapes,
).map(([name, shape]) => html`<symbol id="mark-${name}" viewBox="0 0 20 20">${shape}</symbol>`)}</svg>`;

/** Decorative, because text next to it says the same. */
export function icon({ mark, tone }: { readonly mark: MarkShape; readonly tone: Tone }): Html {
  return html`<svg class="icon ${tone}" aria-hidden="true" focusable="false"><use href="#mark-${mark}"/></svg>`;
}
