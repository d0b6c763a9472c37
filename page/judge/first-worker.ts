/// <reference lib="dom" />

/** The page's script, for its workers, and the first of them. */
export interface Program {
  readonly url: string;
  readonly first: Worker;
}

/**
 * Begins the first worker before anything else of the script runs, so that both start beside each other: a page that is opened
 * from a disk can load nothing else, and its worker runs the same script. Undefined in that worker.
 */
export const program = typeof document === 'undefined' ? undefined : begun(document.currentScript?.textContent ?? '');

function begun(source: string): Program {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return { url, first: new Worker(url) };
}
