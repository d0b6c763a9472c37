import { sep } from 'node:path';

/** The corrected path, if one was written as on Windows and this machine has other separators. */
export function separatorHint(path: string): string {
  if (sep === '\\' || !path.includes('\\')) return '';
  return ` Folders are separated by / here: ${path.replaceAll('\\', '/')}`;
}
