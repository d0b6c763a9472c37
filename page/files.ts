/// <reference lib="dom" />

import { type GivenDocument, longestDocument } from './desk.ts';

/** Files that are dropped anywhere on the page. */
export function dropsFiles(onDocuments: (documents: readonly GivenDocument[]) => void): void {
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener(
    'dragover',
    (event) => {
      if (hasFiles(event)) event.preventDefault();
      document.documentElement.classList.toggle('dragging', hasFiles(event));
    },
    { capture: true },
  );
  document.addEventListener('dragleave', () => document.documentElement.classList.remove('dragging'));
  // Before the editor, which would put the text where the pointer is.
  document.addEventListener(
    'drop',
    (event) => {
      document.documentElement.classList.remove('dragging');
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      void readFiles([...(event.dataTransfer?.files ?? [])]).then(onDocuments);
    },
    { capture: true },
  );
}

/** As texts; of what is far too large only the beginning, which the page then refuses. */
export function readFiles(files: readonly File[]): Promise<readonly GivenDocument[]> {
  return Promise.all(
    files.map(async (file) => ({
      name: file.name,
      text: (await file.slice(0, 6 * longestDocument).text()).replace(/^\uFEFF/, ''),
    })),
  );
}
