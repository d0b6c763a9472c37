/// <reference lib="dom" />

import { wrongName } from '../model/preflight/wrong-kinds.ts';
import type { GivenDocument } from './contract.ts';
import { filesIn } from './folders.ts';
import { longestDocument } from './kinds.ts';

/** Reads files that are dropped anywhere on the page. */
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
  // In the capture phase, before the editor inserts the text at the pointer.
  document.addEventListener(
    'drop',
    (event) => {
      document.documentElement.classList.remove('dragging');
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.stopPropagation();
      void filesIn(event.dataTransfer)
        .then(({ files, unreadable }) => readFiles(files, unreadable))
        .then(onFiles);
    },
    { capture: true },
  );
}

const mostRead = 6 * longestDocument;

/** The texts of files, and a sentence about each file that has none. */
export interface DroppedFiles {
  readonly documents: readonly GivenDocument[];
  readonly unreadable: readonly string[];
}

/** Reads only the beginning of a file that is too large. The page then refuses it. */
export async function readFiles(files: readonly File[], unreadable: readonly string[] = []): Promise<DroppedFiles> {
  const read = await Promise.all(
    files.map(async (file) => {
      try {
        return { name: file.name, ...decoded(file.name, new Uint8Array(await file.slice(0, mostRead).arrayBuffer())) };
      } catch {
        return { name: file.name, why: 'could not be read. Open it again, or paste its text.' };
      }
    }),
  );
  return {
    documents: read.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }])),
    unreadable: [...unreadable, ...read.flatMap(({ name, why }) => (why === undefined ? [] : [`${name}: ${why}`]))],
  };
}

type Decoded = { readonly text: string; readonly why?: never } | { readonly text?: never; readonly why: string };

/** The text of a file, or why it has none. */
export function decoded(name: string, bytes: Uint8Array): Decoded {
  if (bytes.length === 0) return { why: 'is empty.' };
  const wrong = wrongName(name);
  if (wrong !== undefined) return { why: `${wrong.why}.` };
  try {
    // A cut text may end inside a character.
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes, {
      stream: bytes.length === mostRead,
    });
    return text.includes('\0') ? { why: notText } : { text };
  } catch {
    return { why: bytes.includes(0) ? notText : 'is not text in UTF-8. Save it as UTF-8 and open it again.' };
  }
}

const notText = 'is not a text file. Allowed: JSON or YAML.';

/** Some Windows editors write UTF-16, with or without a byte order mark. The first character of JSON and YAML is ASCII. */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}
