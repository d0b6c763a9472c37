/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type { Html } from '../cli/views/html/template.ts';

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}.`);
  return found;
}

/** Replaces the content only if it changed, and keeps the focus where it was. */
export function fill(host: HTMLElement, { markup }: Html): boolean {
  if (filled.get(host) === markup) return false;
  const { activeElement } = document;
  const buttons = () => [...host.querySelectorAll<HTMLElement>('a, button, summary, [tabindex]')];
  const at =
    activeElement instanceof HTMLElement && host.contains(activeElement) ? buttons().indexOf(activeElement) : -1;
  const open = [...host.querySelectorAll('details')].map((one) => one.open);
  host.innerHTML = markup;
  filled.set(host, markup);
  for (const [index, one] of host.querySelectorAll('details').entries()) one.open = open[index] ?? false;
  if (at >= 0) (buttons()[at] ?? buttons().at(-1) ?? host).focus({ preventScroll: true });
  return true;
}

const filled = new WeakMap<HTMLElement, string>();
