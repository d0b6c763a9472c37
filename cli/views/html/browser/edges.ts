/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Shows one edge's details at a time, next to the drawing. */
export function showsEdges(): void {
  document.documentElement.classList.add('scripted');
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a.edge') : null;
    if (!link) return;
    event.preventDefault();
    const details = show(link);
    announce('The details are shown beside the drawing.');
    details?.scrollIntoView({ block: 'nearest' });
  });
}

/** Denied edges matter most. */
const mostWanted = ['is-refused', 'is-broken', 'is-suspected', 'is-possible'];

/** @param within a section that was just added to the page */
export function showFirstEdge(within: ParentNode): void {
  const links = [...within.querySelectorAll('a.edge')];
  const wanted = mostWanted.map((name) => links.find((link) => link.classList.contains(name))).find(Boolean);
  const first = wanted ?? links[0];
  if (first) show(first);
}

export function show(link: Element): Element | null {
  const target = link.getAttribute('href') ?? '';
  const details = document.getElementById(target.slice(1));
  const part = link.closest('.permissions');
  for (const other of part?.querySelectorAll('.edge-details') ?? []) other.classList.toggle('shown', other === details);
  for (const other of part?.querySelectorAll('a.edge') ?? []) {
    // The drawing exists twice, once for each width.
    if (other.getAttribute('href') === target) other.setAttribute('aria-current', 'true');
    else other.removeAttribute('aria-current');
  }
  return details;
}

/** For screen readers. */
export function announce(text: string): void {
  const announcement = document.getElementById('announcement');
  if (announcement) announcement.textContent = text;
}
