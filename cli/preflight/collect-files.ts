import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DocumentCollection } from '../../model/preflight/collection.ts';
import type { SortedFiles } from '../../model/preflight/document-set.ts';
import { type PlaceName, type SlotName, slots } from '../../model/preflight/slots.ts';
import { documentFile, policyFile, sourceCode, type WrongKind, wrongName } from '../../model/preflight/wrong-kinds.ts';
import type { SourceDocument } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import { readText } from '../input/read-text.ts';

/** Reads each file only once, however often it is named. */
export class Texts {
  readonly #read = new Map<string, Promise<string>>();

  constructor(private readonly stdin: Readable) {}

  of(file: string): Promise<string> {
    const text = this.#read.get(file) ?? readText(file, this.stdin, { strictly: true });
    this.#read.set(file, text);
    return text;
  }
}

const codeFile = /\.(?:[cm]?[jt]sx?|py|go|java|cs|sh|ps1|rb|php)$/i;
/** A file written by `--output text > FILE`, or a template without an extension. */
const otherFile = /^[^.]+$|\.(?:txt|jsonc|policy|cfn|md|out|err|xml)$/i;

export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const pathOf = (name: string) => (folder === '.' ? name : join(folder, name));
  const files: string[] = [];
  for (const { name } of entries.filter((entry) => entry.isFile())) {
    const isDocument =
      documentFile.test(name) ||
      wrongName(name) !== undefined ||
      (otherFile.test(name) && (policyFile.test(name) || startsAsDocument.test(await startOf(pathOf(name))))) ||
      (codeFile.test(name) && sourceCode(await startOf(pathOf(name), 20_000)) !== undefined);
    if (isDocument) files.push(pathOf(name));
  }
  return files.sort();
}

const deepest = 3;
const mostInside = 200;

/** Possible documents in subfolders. They belong to another customer, or are old; none of them is used. */
async function filesInside(folder: string, depth = 1): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inside: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || /^\.|^node_modules$/.test(entry.name) || inside.length > mostInside) continue;
    const path = join(folder, entry.name);
    inside.push(...(await filesBelow(path).catch(() => [])));
    if (depth < deepest) inside.push(...(await filesInside(path, depth + 1)));
  }
  return inside.slice(0, mostInside);
}

/** Notes and scripts are not documents. */
const startsAsDocument =
  /^\s*(?:[{[]\s*(?:["{[\]}]|\/[/*]|$)|"(?:[^"\n]*"\s*:|\s*\{)|\/\/|\/\*)|^(?:AWSTemplateFormatVersion|Resources):|^\s*(?:aws: \[ERROR\]: )?An error occurred \(|<Error>|^-{9,}\s*\||^[A-Z]{5,}\t/m;

async function startOf(file: string, length = 2000): Promise<string> {
  const opened = await open(file).catch(() => undefined);
  if (!opened) return '';
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(length), 0, length, 0);
    return buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replaceAll(/[\0\uFEFF\uFFFD]/g, '')
      .trim();
  } finally {
    await opened.close();
  }
}

interface CollectOptions {
  /** True if a file that is not a document of a delivery is an error. */
  readonly mustBeUsed?: boolean;
  /** Events that were given separately. */
  readonly given?: readonly SourceDocument[];
  /** The places of policies that were given separately. */
  readonly places?: readonly PlaceName[];
  /** The folder that contains all of the files. */
  readonly folder?: string;
}

export async function collectFiles(
  files: readonly string[],
  texts: Texts,
  { mustBeUsed = false, given = [], places = [], folder }: CollectOptions,
): Promise<SortedFiles> {
  const collection = new DocumentCollection(mustBeUsed);
  for (const file of files) {
    const foreign = mustBeUsed ? undefined : await foreignKind(file, texts);
    if (foreign) {
      collection.leaveOut(file, foreign, foreign.isSource ? await texts.of(file) : '');
      continue;
    }
    const found = collection.add({ file, text: await texts.of(file) });
    if (found.holds === 'doubtful') throw doubtful(file, found.slots);
  }
  if (folder !== undefined && collection.mayLackPolicy(places)) {
    for (const file of await filesInside(folder)) {
      const text = await texts.of(file).catch(() => undefined);
      if (text !== undefined) collection.leaveInside({ file, text });
    }
  }
  return collection.collected(given, places);
}

/** The kind of a folder's file that is no document, according to its name or because it is source code. */
async function foreignKind(file: string, texts: Texts): Promise<WrongKind | undefined> {
  return wrongName(file) ?? (codeFile.test(file) ? sourceCode(await texts.of(file)) : undefined);
}

function doubtful(file: string, candidates: readonly SlotName[]): InputError {
  const options = candidates.map((slot) => `--${slots[slot].option} for the ${slots[slot].title}`);
  return new InputError(`${file}: is a policy that could be several things. Say which: ${options.join('; ')}.`);
}
