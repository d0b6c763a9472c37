import { excerpt } from './document.ts';
import type { Position } from './policy-file.ts';

/** `FILE:LINE:COLUMN`, as editors and terminals open it. */
export function placed(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** The line of a text at a position, with a caret below the column; in lines of at most a width. */
export function excerptAt(text: string, { line, column }: Position, width?: number): string {
  return excerpt(text.split(/\r\n|\n|\r/)[line - 1] ?? '', line, column, width);
}
