import { sep } from 'node:path';

/** The corrected path, if it has Windows separators and this machine uses others. */
export function separatorHint(path: string): string {
  if (sep === '\\' || !path.includes('\\')) return '';
  return ` Folders are separated by / here: ${path.replaceAll('\\', '/')}`;
}
