import { createHash } from 'node:crypto';
import type { Report } from '../../../core/report.ts';
import { builtAsset } from './assets.ts';
import { headlineOf } from './headline.ts';
import { type Entry, inOrder, renderOverview, type Unanswered } from './overview.ts';
import { renderSection } from './section.ts';
import { selfContained } from './self-contained.ts';
import { Html, html, visible } from './template.ts';
import { moment } from './words.ts';

export interface PageOptions {
  /** What the page is called; for one report its headline, if none is given. */
  readonly title?: string;
  readonly generatedAt: Date;
  /** Where each report's test event came from, in the order of the reports, where that tells them apart. */
  readonly sources?: readonly (string | undefined)[];
  /** What the reports rest on, where that is not AWS. */
  readonly basis?: string;
  /** Test events that were not answered with a report: a page that left them out would look better than it is. */
  readonly unanswered?: readonly Unanswered[];
}

/** So that nobody takes it for what AWS says. */
export const inTheModel = 'a simulation of both accounts, not AWS';

/**
 * Reports as one page that people look at: a file that needs nothing else, loads nothing, and runs no script but its own.
 *
 * @param reports one, which fills the page, or any number, which begin with an overview
 */
export function renderPage(reports: readonly Report[], options: PageOptions): string {
  const { title, generatedAt, sources = [], unanswered = [], basis } = options;
  const entries = reports.map((report, at): Entry => ({ report, source: sources[at], basis }));
  const [only] = entries;
  if (only && entries.length === 1 && unanswered.length === 0) return renderOne(only, title, generatedAt);
  return renderMany(inOrder(entries), unanswered, title ?? 'Configuration of the Secure Inboxes', generatedAt);
}

function renderOne({ report, source, basis }: Entry, title: string | undefined, generatedAt: Date): string {
  const body = html`<main>${title !== undefined && html`<p class="page-title">${title}</p>`}
${renderSection(report, { id: 'r0', level: 1, source, basis })}
<footer>Secure Inbox configuration check. Page made ${moment(generatedAt)}.</footer></main>`;
  return document(title ?? headlineOf(report).title, body, builtAsset('browser/one-report.js'));
}

function renderMany(
  entries: readonly Entry[],
  unanswered: readonly Unanswered[],
  title: string,
  generatedAt: Date,
): string {
  const body = html`<main>${renderOverview(entries, unanswered, title, generatedAt)}
<footer>Secure Inbox configuration check.</footer></main>
<script type="application/json" id="reports">${new Html(jsonForScript(entries))}</script>`;
  return document(title, body, builtAsset('browser/many-reports.js'));
}

/** Inside a script element only `<` can begin something else. */
function jsonForScript(value: unknown): string {
  return visible(JSON.stringify(value)).replaceAll('<', '\\u003c');
}

/** A page of reports, or about one, with the style of all of them. */
export function document(title: string, body: Html, script: string): string {
  return selfContained({ title, style: builtAsset('style/page.css'), script, digest }, body);
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
