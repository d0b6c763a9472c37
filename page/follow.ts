/// <reference lib="dom" />

import { html } from '../cli/views/html/template.ts';
import type { App } from './app.ts';
import type { GivenDocument } from './contract.ts';
import { element } from './dom.ts';

/**
 * Loads files that change on disk. A document that was also changed here stays until the user takes the new version.
 */
export function follow(app: App): void {
  const events = new EventSource('events');
  events.addEventListener('message', ({ data }: MessageEvent<string>) => {
    for (const changed of JSON.parse(data) as readonly GivenDocument[]) take(app, changed);
  });
  events.addEventListener('error', () => {
    events.close();
    element('tabs').insertAdjacentHTML('beforebegin', html`<p class="notice">${ended}</p>`.markup);
    app.speaker.say(ended);
  });
}

const ended = 'The command that serves this page has ended, so the page no longer follows your files.';

function take(app: App, changed: GivenDocument): void {
  const one = app.desk.documents.find(({ name, editor }) => name === changed.name && editor.length > 0);
  if (!one) {
    app.desk.add(changed);
    return;
  }
  if (one.editor.text === changed.text) return;
  const notice = one.panel.querySelector<HTMLElement>('.on-disk');
  const replace = () => {
    one.original = changed.text;
    one.editor.replace(changed.text);
    if (notice) notice.hidden = true;
    app.speaker.say(`${one.name} was changed on disk.`);
  };
  if (one.editor.text === one.original || !notice) {
    replace();
    return;
  }
  notice.innerHTML =
    html`${one.name} was changed on disk, and here. <button type="button">Use the version on disk</button>`.markup;
  notice.hidden = false;
  notice.querySelector('button')?.addEventListener('click', () => {
    replace();
    one.editor.focus();
  });
}
