import { type Html, html, type Part } from './template.ts';

/** What several parts of the page are made of. */

/** @param level 1 to 6; deeper ones are 6 */
export function heading(level: number, content: Part, id?: string): Html {
  const attribute = id === undefined ? '' : html` id="${id}"`;
  const headings = [
    html`<h1${attribute}>${content}</h1>`,
    html`<h2${attribute}>${content}</h2>`,
    html`<h3${attribute}>${content}</h3>`,
    html`<h4${attribute}>${content}</h4>`,
    html`<h5${attribute}>${content}</h5>`,
    html`<h6${attribute}>${content}</h6>`,
  ];
  return headings[Math.min(level, headings.length) - 1] ?? html``;
}

type Field = readonly [name: string, content: Part];

/** Names and what they are; a field without content is left out. */
export function fieldList(fields: readonly Field[]): Html {
  const known = fields.filter(([, content]) => content !== undefined && content !== false && content !== '');
  return html`<dl class="fields">${known.map(
    ([name, content]) => html`<div><dt>${name}</dt><dd>${content}</dd></div>`,
  )}</dl>`;
}

/** Text to be copied as it is shown. Without a script it can still be selected. */
export function copyable(id: string, text: string, what: string): Html {
  return html`<div class="copyable"><pre tabindex="0" aria-label="${what}"><code id="${id}">${text}</code></pre>${copyButton(id, what)}</div>`;
}

/** @param id of the element whose text is copied */
export function copyButton(id: string, what: string): Html {
  return html`<button type="button" class="copy" data-copies="${id}">Copy<span class="unseen"> ${what}</span></button>`;
}
