/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Tabs are chosen by a click, or by arrow keys, Home and End: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
export function switchesTabs(list: HTMLElement, select: (tab: Element) => void): void {
  const tabs = () => [...list.querySelectorAll<HTMLElement>('[role=tab]')];
  list.addEventListener('click', ({ target }) => {
    const tab = target instanceof Element ? target.closest('[role=tab]') : null;
    if (tab) select(tab);
  });
  list.addEventListener('keydown', (event) => {
    const all = tabs();
    const at = all.findIndex((tab) => tab.getAttribute('aria-selected') === 'true');
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    const tab = to === undefined ? undefined : all[to % all.length];
    if (!tab) return;
    event.preventDefault();
    select(tab);
    tab.focus();
  });
}
