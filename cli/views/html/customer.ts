import type { MessagePart } from '../../onboard/customer-message.ts';
import { builtAsset } from './assets.ts';
import { document } from './page.ts';
import { copyable, heading } from './pieces.ts';
import { type Html, html } from './template.ts';
import { moment, prose } from './words.ts';

/** What a customer is told, as a page to send: what to paste can be copied whole. */
export function renderForCustomer(title: string, parts: readonly MessagePart[], generatedAt: Date): string {
  const body = html`<main><section class="report">
<header>${heading(1, title)}</header>
${parts.map((part, at) => html`<div class="part">${rendered(part, `part-${at}`)}</div>`)}
</section>
<footer>Secure Inbox configuration check. Page made ${moment(generatedAt)}.</footer></main>`;
  return document(title, body, builtAsset('browser/one-report.js'));
}

function rendered(part: MessagePart, id: string): Html {
  if ('text' in part) return html`<p>${prose(part.text)}</p>`;
  if ('link' in part) return html`<p><a href="${part.link}" rel="noreferrer">${part.link}</a></p>`;
  return 'statement' in part
    ? copyable(id, part.statement, 'the statement')
    : copyable(id, part.command, 'the command');
}
