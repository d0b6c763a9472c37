/// <reference lib="dom" />

/** The page's script as a URL, and the first worker that runs it. */
export interface Program {
  readonly url: string;
  readonly first: Worker;
}

/**
 * Starts the first worker before the page's other modules run. A page that is opened from a disk can't load a second file, so the
 * worker runs the same script. Undefined in the worker.
 */
export const program = typeof document === 'undefined' ? undefined : begun(document.currentScript?.textContent ?? '');

function begun(source: string): Program {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return { url, first: new Worker(url) };
}
