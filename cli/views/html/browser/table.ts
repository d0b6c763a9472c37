/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** The overview of many reports: headings sort it, verdicts filter it, and there is a text search. */
export function sortsAndFilters(): void {
  const table = document.querySelector('table.overview');
  const body = table?.querySelector('tbody');
  if (!table || !body) return;
  const rows = [...body.rows];

  table.querySelector('thead')?.addEventListener('click', (event) => {
    const heading = event.target instanceof Element ? event.target.closest('th') : null;
    if (!heading) return;
    const direction = heading.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
    for (const other of table.querySelectorAll('th')) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', direction);
    const sorted = rows.toSorted((a, b) => compare(sortKey(a, heading.cellIndex), sortKey(b, heading.cellIndex)));
    body.append(...(direction === 'ascending' ? sorted : sorted.toReversed()));
  });

  const filters = [...document.querySelectorAll<HTMLElement>('button.filter')];
  const find = document.querySelector<HTMLInputElement>('#find');
  const texts = rows.map((row) => row.textContent?.toLowerCase() ?? '');
  function filter(): void {
    const wanted = filters
      .filter((each) => each.getAttribute('aria-pressed') === 'true')
      .map((each) => each.dataset['verdict']);
    const text = find?.value.trim().toLowerCase() ?? '';
    let shown = 0;
    for (const [at, row] of rows.entries()) {
      const isShown = wanted.includes(row.dataset['verdict']) && (texts[at]?.includes(text) ?? false);
      row.hidden = !isShown;
      const section = document.getElementById(`r${row.dataset['at']}`);
      if (section) section.hidden = !isShown;
      if (isShown) shown++;
    }
    const status = document.getElementById('shown');
    if (status) status.textContent = `${shown} of ${rows.length} shown`;
  }
  for (const button of filters) {
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', button.getAttribute('aria-pressed') === 'true' ? 'false' : 'true');
      filter();
    });
  }
  find?.addEventListener('input', filter);
}

function sortKey(row: HTMLTableRowElement, column: number): string {
  return row.cells[column]?.dataset['sort'] ?? '';
}

/** Compares numbers as numbers. Empty texts come last. */
function compare(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (a !== '' && b !== '' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
