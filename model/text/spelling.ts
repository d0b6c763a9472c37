import type { DocumentPath, PolicyFile } from './policy-file.ts';

/** The document's own spelling of operators and keys, which are the same in any case. */
export function inSpelling({ document }: PolicyFile, path: DocumentPath): DocumentPath {
  const spelled: (string | number)[] = [];
  let inside: unknown = document;
  for (const part of path) {
    const names = typeof inside === 'object' && inside !== null ? Object.keys(inside) : [];
    const name = names.find((one) => one.toLowerCase() === String(part).toLowerCase());
    if (name === undefined && !(part === 0 && !Array.isArray(inside))) break;
    spelled.push(typeof part === 'number' ? part : (name ?? part));
    inside = name === undefined ? inside : (inside as Record<string, unknown>)[name];
  }
  return spelled;
}
