import { tmpdir } from 'node:os';

/** A printed text without what differs between runs and machines, for a snapshot. */
export function masked(text: string | undefined): string {
  const folder = new RegExp(`${tmpdir().replaceAll('.', '\\.')}/[\\w-]+`, 'g');
  const steady = (text ?? '')
    .replace(folder, '…')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b(?<!00000000-0000-4000-8000-0{11}[12])/g, '…')
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
    .replace(/ *\b\d+(?:\.\d+)? m?s\b/g, (time) => '… ms'.padStart(time.length))
    .replace(/(?<=(?:version +|--version-id ))[\w.]{32}/g, '…')
    .replace(/(?<=for up to )\d+[sm]/g, '…')
    .replace(/(?<=127\.0\.0\.1:)\d+/g, '…')
    .replace(/^Node\.js v.*\nThe same work, .*/m, 'Node.js …');
  // Lines break elsewhere if a path has a different length.
  return steady.includes('…/') ? steady.replace(/\s+/g, ' ') : steady;
}
