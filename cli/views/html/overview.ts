import { counted } from '../../../core/printable.ts';
import type { Report } from '../../../core/report.ts';
import type { Verdict } from '../../../core/vocabulary.ts';
import { verdictLooks } from '../edge-states.ts';
import { moment, shortenedName, verdictAt, verdictCounts, worstVerdicts } from '../report-words.ts';
import { actors } from './headline.ts';
import { heading, icon } from './pieces.ts';
import { type Html, html } from './template.ts';

export interface Entry {
  readonly report: Report;
  readonly source?: string | undefined;
  /** The basis of the report, if it is not AWS. */
  readonly basis?: string | undefined;
}

export interface Unanswered {
  readonly source: string;
  readonly problem: string;
}

const byName = new Intl.Collator('en', { numeric: true });

export function worstFirst(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted(
    ({ report: a }, { report: b }) =>
      worstVerdicts.indexOf(a.verdict) - worstVerdicts.indexOf(b.verdict) || byName.compare(a.customer, b.customer),
  );
}

/** Many reports on one screen: the number of each verdict, and one row per report. */
export function renderOverview(
  entries: readonly Entry[],
  unanswered: readonly Unanswered[],
  title: string,
  generatedAt: Date,
): Html {
  return html`<header class="overview-head">
${heading(1, title)}
<p class="lead">${summaryOf(entries, unanswered)}</p>
${entries[0]?.basis && html`<p>Checked: ${entries[0].basis}.</p>`}
<p class="gloss">Page made ${moment(generatedAt)}.</p>
</header>
${unanswered.length > 0 && renderUnanswered(unanswered)}
<section class="part" aria-label="Overview">
<div class="filters" role="group" aria-label="Show">
${worstVerdicts.map((verdict) => renderFilter(verdict, entries))}
<label class="search">Find <input type="search" id="find" autocomplete="off" spellcheck="false"></label>
<span id="shown" role="status">${counted(entries.length, 'report')} shown</span>
</div>
<table class="overview">
<caption class="unseen">Reports; the buttons in the headings sort</caption>
<thead><tr>${columns.map(renderHeading)}</tr></thead>
<tbody>${entries.map(renderRow)}</tbody>
</table>
</section>
<section class="part" aria-label="Reports">
<noscript><p class="notice">A page of several reports builds each one when it is opened, which needs JavaScript.</p></noscript>
${entries.map(renderPlaceholder)}
</section>`;
}

function summaryOf(entries: readonly Entry[], unanswered: readonly Unanswered[]): string {
  const found = entries.map(({ report }) => report.verdict);
  const without = unanswered.length === 0 ? [] : [`${unanswered.length} without a report`];
  return `${counted(entries.length + unanswered.length, 'check')}: ${[...verdictCounts(found, worstVerdicts), ...without].join(', ')}.`;
}

function renderUnanswered(unanswered: readonly Unanswered[]): Html {
  return html`<section class="part notice">${heading(2, 'Without a report')}<ul>${unanswered.map(
    ({ source, problem }) => html`<li><strong>${source}</strong><pre>${problem}</pre></li>`,
  )}</ul></section>`;
}

function renderFilter(verdict: Verdict, entries: readonly Entry[]): Html | undefined {
  const count = entries.filter(({ report }) => report.verdict === verdict).length;
  if (count === 0) return undefined;
  return html`<button type="button" class="filter" aria-pressed="true" data-verdict="${verdict}">${icon(verdictLooks[verdict])} ${verdict} <strong>${count}</strong></button>`;
}

function renderSource(source: string | undefined): Html | undefined {
  if (source === undefined) return undefined;
  return html` <span class="gloss source-file" title="${source}">${shortenedName(source)}</span>`;
}

interface Column {
  readonly name: string;
  /** Hidden on a narrow page, which shows it below the customer's name. */
  readonly roomy?: true;
  readonly numeric?: true;
  /** Never broken into lines. */
  readonly whole?: true;
  readonly cell: (entry: Entry, at: number) => Html;
  readonly sortBy: (entry: Entry) => string | number;
}

const columns: readonly Column[] = [
  {
    name: 'Verdict',
    whole: true,
    cell: ({ report: { verdict } }) => html`${icon(verdictLooks[verdict])} ${verdict}`,
    sortBy: ({ report }) => worstVerdicts.indexOf(report.verdict),
  },
  {
    name: 'Customer',
    cell: ({ report, source }, at) =>
      html`<a href="#r${at}">${report.customer}</a>${renderSource(source)}<span class="tight gloss">${[report.deniedStep, causeOf(report), actors(report)].filter(Boolean).join(', ')}</span>`,
    sortBy: ({ report }) => report.customer.toLowerCase(),
  },
  { ...roomy('Denied at', ({ deniedStep }) => deniedStep ?? ''), whole: true },
  roomy('By', causeOf),
  { ...roomy('To act', actors), whole: true },
  {
    name: 'ms',
    numeric: true,
    whole: true,
    cell: ({ report }) => html`${Math.round(report.durationMs)}`,
    sortBy: ({ report }) => report.durationMs,
  },
];

function roomy(name: string, text: (report: Report) => string): Column {
  return { name, roomy: true, cell: ({ report }) => html`${text(report)}`, sortBy: ({ report }) => text(report) };
}

function causeOf({ diagnoses }: Report): string {
  const denial = diagnoses[0]?.denial;
  const more = diagnoses.length > 1 ? `+${diagnoses.length - 1}` : undefined;
  return [denial?.layer, denial?.action, more].filter(Boolean).join(' ');
}

function classOf({ roomy, numeric, whole }: Column): Html | '' {
  const names = [roomy && 'roomy', numeric && 'numeric', whole && 'whole'].filter(Boolean).join(' ');
  return names === '' ? '' : html` class="${names}"`;
}

function renderHeading(column: Column): Html {
  return html`<th scope="col"${classOf(column)}><button type="button">${column.name}</button></th>`;
}

function renderRow(entry: Entry, at: number): Html {
  return html`<tr data-verdict="${entry.report.verdict}" data-at="${at}">${columns.map(
    (column) => html`<td${classOf(column)} data-sort="${column.sortBy(entry)}">${column.cell(entry, at)}</td>`,
  )}</tr>`;
}

/** Filled from the page's data when it is opened, because hundreds of drawings would take seconds. */
function renderPlaceholder({ report, source }: Entry, at: number): Html {
  const { verdict, customer } = report;
  return html`<details class="customer" id="r${at}"><summary>${icon(verdictLooks[verdict])} <strong>${customer}</strong> ${verdictAt(report)}${renderSource(source)}</summary><div class="built"></div></details>`;
}
