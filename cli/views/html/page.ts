import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../core/report.ts';
import type { MessagePart } from '../../onboard/customer-message.ts';
import type { JobOutcome } from '../../run/job.ts';
import { moment } from '../report-words.ts';
import { headlineOf } from './headline.ts';
import { type Entry, renderOverview, type Unanswered, worstFirst } from './overview.ts';
import { copyable, heading } from './pieces.ts';
import { prose } from './prose.ts';
import { renderSection } from './section.ts';
import { selfContained } from './self-contained.ts';
import { Html, html, jsonForScript } from './template.ts';

interface PageOptions {
  /** The page's title. @default the headline, for one report */
  readonly title?: string;
  readonly generatedAt: Date;
  /** The source of each report's test event, in the reports' order, if needed to distinguish them. */
  readonly sources?: readonly (string | undefined)[];
  /** The basis of the reports, if it is not AWS. */
  readonly basis?: string;
  /** Test events without a report. A page that left them out would look better than the result is. */
  readonly unanswered?: readonly Unanswered[];
}

/** Shown if the result is not from AWS. */
const inTheModel = 'a simulation of both accounts, not AWS';

/**
 * Reports as one HTML page: a single file that loads nothing and runs only its own scripts.
 *
 * @param reports one report fills the page; several start with an overview
 */
export function renderPage(reports: readonly Report[], options: PageOptions): string {
  const { title, generatedAt, sources = [], unanswered = [], basis } = options;
  const entries = reports.map((report, at): Entry => ({ report, source: sources[at], basis }));
  const [only] = entries;
  if (only && entries.length === 1 && unanswered.length === 0) return renderOne(only, title, generatedAt);
  return renderMany(worstFirst(entries), unanswered, title ?? 'Configuration of the Secure Inboxes', generatedAt);
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

export function document(title: string, body: Html, script: string): string {
  return selfContained({ title, style: builtAsset('style/page.css'), script, digest }, body);
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

export function pageOfOutcomes(outcomes: readonly JobOutcome[], generatedAt: Date): string {
  const reports: Report[] = [];
  const sources: (string | undefined)[] = [];
  const unanswered: Unanswered[] = [];
  for (const { job, answer } of outcomes) {
    if (answer.kind === 'reports') {
      reports.push(...answer.reports);
      // The reports of one batch differ by customer.
      sources.push(...answer.reports.map(() => (outcomes.length > 1 ? job.title : undefined)));
    } else unanswered.push({ source: job.title, problem: answer.message });
  }
  const isModel = outcomes.every(({ job }) => job.scenario !== undefined);
  return renderPage(reports, { generatedAt, sources, unanswered, ...(isModel && { basis: inTheModel }) });
}

const folder = join(import.meta.dirname, '../../../dist/report-page');

type Part = 'style/page.css' | 'browser/one-report.js' | 'browser/many-reports.js';

/**
 * The page's style or one of its scripts, minified. They are built from the sources next to this file, so the same code
 * renders a section here and in the browser.
 */
function builtAsset(part: Part): string {
  return readFileSync(join(folder, part), 'utf8');
}

/** A message for the customer as a page to send. Buttons copy the text to paste. */
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
