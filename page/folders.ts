/// <reference lib="dom" />
/// <reference lib="dom.asynciterable" />

import { documentFile } from '../model/preflight/wrong-kinds.ts';

const mostFiles = 100;

export interface FoundFiles {
  readonly files: readonly File[];
  /** A sentence about each folder without documents. */
  readonly unreadable: readonly string[];
}

/** Not in every browser: https://developer.mozilla.org/en-US/docs/Web/API/DataTransferItem/getAsFileSystemHandle */
interface ItemWithHandle {
  getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
}

/** The dropped files, and those in dropped folders. */
export async function filesIn({ items }: DataTransfer): Promise<FoundFiles> {
  // Items are only readable while the event is handled.
  const dropped = [...items].map((item) => ({
    file: item.getAsFile(),
    name: item.webkitGetAsEntry()?.isDirectory ? item.webkitGetAsEntry()?.name : undefined,
    handle: (item as ItemWithHandle).getAsFileSystemHandle?.().catch(() => null),
  }));
  const found = await Promise.all(
    dropped.map(async ({ file, name, handle }): Promise<FoundFiles> => {
      if (name === undefined) return { files: file ? [file] : [], unreadable: [] };
      return filesOf(name, await handle).catch(() => refused(`${name}: can't be read. ${instead}`));
    }),
  );
  return { files: found.flatMap((one) => one.files), unreadable: found.flatMap((one) => one.unreadable) };
}

const instead = 'Drop the files that are in it.';

async function filesOf(name: string, folder: FileSystemHandle | null | undefined): Promise<FoundFiles> {
  if (!(folder instanceof FileSystemDirectoryHandle))
    return refused(`${name}: is a folder, which this browser doesn't let the page read. ${instead}`);
  const files = await filesWithin(folder, mostFiles + 1);
  if (files.length > mostFiles)
    return refused(`${name}: holds more than ${mostFiles} files. Drop the documents alone.`);
  if (files.length === 0) return refused(`${name}: holds no .json, .yaml, .yml or .template file.`);
  return { files, unreadable: [] };
}

function refused(why: string): FoundFiles {
  return { files: [], unreadable: [why] };
}

async function filesWithin(folder: FileSystemDirectoryHandle, most: number): Promise<readonly File[]> {
  const found: File[] = [];
  for await (const one of folder.values()) {
    if (found.length >= most) break;
    if (one instanceof FileSystemDirectoryHandle) found.push(...(await filesWithin(one, most - found.length)));
    else if (one instanceof FileSystemFileHandle && documentFile.test(one.name)) found.push(await one.getFile());
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
