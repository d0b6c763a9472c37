import { createHash } from 'node:crypto';
import type { Report } from '../../../core/report.ts';
import { builtAsset } from './assets.ts';
import { headlineOf } from './headline.ts';
import { sprite } from './marks.ts';
import { type Entry, inOrder, renderOverview, type Unanswered } from './overview.ts';
import { renderSection } from './section.ts';
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

/** A whole page: nothing is loaded, sent or run but its own style and script. */
export function document(title: string, body: Html, script: string): string {
  const style = builtAsset('style/page.css');
  // Nothing may be loaded, sent or run but this style and this script. https://www.w3.org/TR/CSP3/
  const policy = `default-src 'none'; style-src '${digest(style)}'; script-src '${digest(script)}'; base-uri 'none'; form-action 'none'`;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${sprite}
${body}
<p class="unseen" id="announcement" role="status"></p>
<script>${new Html(script)}</script>
</body>
</html>`.markup
  }\n`;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
