/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type { Entry } from '../overview.ts';
import { renderSection } from '../section.ts';
import { copiesText } from './copy.ts';
import { showFirstEdge, showsEdges } from './edges.ts';
import { sortsAndFilters } from './table.ts';

let parsed: readonly Entry[] | undefined;

/** Parses the reports when the first section is opened, so that the overview appears first. */
function entries(): readonly Entry[] {
  parsed ??= JSON.parse(document.getElementById('reports')?.textContent ?? '[]') as readonly Entry[];
  return parsed;
}

/** Uses the page's own renderer, which escapes the contents of reports. */
function build(section: HTMLDetailsElement): void {
  const place = section.querySelector('.built');
  const entry = entries()[Number(section.id.slice(1))];
  if (!place || !entry || place.firstChild) return;
  place.innerHTML = renderSection(entry.report, {
    id: section.id,
    level: 2,
    source: entry.source,
    basis: entry.basis,
  }).markup;
  showFirstEdge(place);
}

function openNamed(): void {
  const section = document.querySelector<HTMLDetailsElement>(
    `details.customer[id="${/^#(r\d+)/.exec(location.hash)?.[1]}"]`,
  );
  if (!section) return;
  section.hidden = false;
  section.open = true;
  build(section);
  section.querySelector('summary')?.focus({ preventScroll: true });
  section.scrollIntoView({ block: 'start' });
}

showsEdges();
copiesText();
sortsAndFilters();
for (const section of document.querySelectorAll<HTMLDetailsElement>('details.customer')) {
  section.addEventListener('toggle', () => {
    if (section.open) build(section);
  });
}
addEventListener('hashchange', openNamed);
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('table.overview a') : null;
  // Clicking the same customer again doesn't change the hash.
  if (link && link.getAttribute('href') === location.hash) openNamed();
});
openNamed();
