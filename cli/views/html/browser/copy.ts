/// <reference lib="dom" />

import { announce } from './edges.ts';

const shownForMs = 2_000;

/** Copies exactly the text that is shown. */
export function copiesText(): void {
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button.copy') : null;
    const source = button && document.getElementById(button.dataset['copies'] ?? '');
    if (!button || !source) return;
    const copied = await copy(source);
    const label = button.firstChild;
    if (label) label.textContent = copied ? 'Copied' : 'Selected';
    announce(copied ? 'Copied.' : 'Not copied: your browser does not let the page. The text is selected.');
    setTimeout(() => {
      if (label) label.textContent = 'Copy';
    }, shownForMs);
  });
}

async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent?.trim() ?? '');
    return true;
  } catch {
    // Some browsers don't let a file use the clipboard. Selected text can be copied the old way, or by hand.
    getSelection()?.selectAllChildren(source);
    return document.execCommand('copy');
  }
}
