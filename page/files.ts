/// <reference lib="dom" />

import type { GivenDocument } from './desk.ts';
import { longestDocument } from './kinds.ts';

/** Files that are dropped anywhere on the page. */
export function dropsFiles(onFiles: (files: DroppedFiles) => void): void {
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
      void readFiles([...(event.dataTransfer?.files ?? [])]).then(onFiles);
    },
    { capture: true },
  );
}

const mostRead = 6 * longestDocument;

/** Files as texts, and the names of those that are none. */
export interface DroppedFiles {
  readonly documents: readonly GivenDocument[];
  readonly unreadable: readonly string[];
}

/** Of what is far too large only the beginning is read, which the page then refuses. */
export async function readFiles(files: readonly File[]): Promise<DroppedFiles> {
  const read = await Promise.all(
    files.map(async (file) => ({
      name: file.name,
      text: decoded(new Uint8Array(await file.slice(0, mostRead).arrayBuffer())),
    })),
  );
  return {
    documents: read.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }])),
    unreadable: read.flatMap(({ name, text }) => (text === undefined ? [name] : [])),
  };
}

/** Editors on Windows write a byte order mark, and some UTF-16. Undefined for what is no text. */
export function decoded(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    // What is cut may end in the middle of a character.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: bytes.length === mostRead });
  } catch {
    return undefined;
  }
}
