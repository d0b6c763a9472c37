/// <reference lib="dom" />

/** What preflight looks at in a folder. */
const documentFile = /\.(?:json|ya?ml|template)$/i;
const mostFiles = 100;

export interface FoundFiles {
  readonly files: readonly File[];
  /** A sentence about each folder with nothing to read. */
  readonly unreadable: readonly string[];
}

/** Files that are dropped, and those in folders that are. */
export async function filesIn({ items, files }: DataTransfer): Promise<FoundFiles> {
  // Entries are there only while the event is handled.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return { files: [...files], unreadable: [] };
  const found = await Promise.all(
    entries.map(async (entry): Promise<FoundFiles> => {
      if (isFile(entry)) return { files: await fileOf(entry), unreadable: [] };
      const within = await filesWithin(entry as FileSystemDirectoryEntry, mostFiles + 1);
      if (within.length > mostFiles)
        return refused(`${entry.name}: holds more than ${mostFiles} files. Drop the documents themselves.`);
      if (within.length === 0) return refused(`${entry.name}: holds no .json, .yaml, .yml or .template file.`);
      return { files: within, unreadable: [] };
    }),
  );
  return { files: found.flatMap((one) => one.files), unreadable: found.flatMap((one) => one.unreadable) };
}

function refused(why: string): FoundFiles {
  return { files: [], unreadable: [why] };
}

async function filesWithin(folder: FileSystemDirectoryEntry, most: number): Promise<readonly File[]> {
  const found: File[] = [];
  for (const entry of await entriesOf(folder)) {
    if (found.length >= most) break;
    if (entry.isDirectory) found.push(...(await filesWithin(entry as FileSystemDirectoryEntry, most - found.length)));
    else if (isFile(entry) && documentFile.test(entry.name)) found.push(...(await fileOf(entry)));
  }
  return found;
}

/** A reader hands over at most 100 entries at a time. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (some.length === 0) return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    all.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function fileOf(entry: FileSystemFileEntry): Promise<readonly File[]> {
  return new Promise((resolve) =>
    entry.file(
      (file) => resolve([file]),
      () => resolve([]),
    ),
  );
}
