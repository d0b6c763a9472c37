/// <reference lib="dom" />

import type { App } from './app.ts';
import { element } from './dom.ts';
import { answered } from './fields.ts';
import { fragmentOf } from './permalink.ts';

const settledAfterMs = 300;

/** Keeps documents and answers in the page's address if the person asks for it. */
export function keepsInAddress(app: App, wasLinked: boolean): () => void {
  const box = element('in-address') as HTMLInputElement;
  const note = element('link-note');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;
  box.checked = wasLinked;
  async function keep(): Promise<void> {
    const turn = ++newest;
    const documents = app.desk
      .given()
      .map(({ name, kind, editor }) => ({ name, text: editor.text, ...(kind && { as: kind }) }));
    const { told, parameters } = answered(app.answers);
    const fragment = box.checked ? await fragmentOf({ documents, told, parameters }) : '';
    // Packing takes time: meanwhile the box may have been cleared, or a document changed.
    if (turn !== newest) return;
    note.textContent =
      fragment === undefined
        ? 'The documents are too long for a link. Send the files.'
        : box.checked
          ? "They are in the page's address: copy it."
          : '';
    history.replaceState(null, '', fragment || `${location.pathname}${location.search}`);
  }
  box.addEventListener('change', () => void keep());
  return () => {
    if (!box.checked) return;
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), settledAfterMs);
  };
}
