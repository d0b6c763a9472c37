import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { type FixedPolicy, fixedText } from '../../model/preflight/fixes/fixed-text.ts';
import { type DocumentOfWorld, edited, type Fix, isSameDocument } from '../../model/remedies/documents.ts';
import { standardInput } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { PolicyFile } from '../../model/text/policy-file.ts';
import { codeOf, reasonFor } from '../output-files.ts';

type TextOfFile = Pick<PolicyFile, 'file' | 'text' | 'kind' | 'syntax' | 'at'>;

interface WriteFixes {
  readonly files: readonly PolicyFile[];
  /** In the order in which to make them. */
  readonly fixes: readonly Fix[];
  readonly documentOf: (file: PolicyFile) => DocumentOfWorld;
  /** Documents within other files. They are written from their text because there is no file to copy. */
  readonly unchanged?: readonly TextOfFile[];
  /** Created if it doesn't exist. */
  readonly directory: string;
  /** True if existing files may be replaced. */
  readonly force: boolean;
}

interface WrittenFixes {
  /** The paths of the fixed files, which have the names of the originals. */
  readonly written: readonly string[];
  /** The changes to make by hand, one sentence each. */
  readonly left: readonly string[];
}

/**
 * Writes a fixed copy of each file that fixes change to a directory, complete and with no other change.
 *
 * @throws InputError if one exists already and may not be replaced; then none is written
 */
export async function writeFixes({
  files,
  fixes,
  documentOf,
  unchanged = [],
  directory,
  force,
}: WriteFixes): Promise<WrittenFixes> {
  const changed = files.flatMap((policy): FixedFile[] => {
    const its = fixes.filter((fix) => isSameDocument(fix.document, documentOf(policy)));
    const document = its.reduce((fixed, { edit }) => edited(fixed, edit), policy.document);
    return its.length > 0 ? [{ policy, document, fixes: its }] : [];
  });
  const byFile = new Map<string, readonly FixedFile[]>();
  for (const one of changed) byFile.set(one.policy.file, [...(byFile.get(one.policy.file) ?? []), one]);
  const alone = unchanged.filter(({ file }) => !byFile.has(file));
  const names = distinctNames([...[...byFile.values()].flatMap(([first]) => first?.policy ?? []), ...alone]);
  const outputs = alone.map(({ file, text }) => ({ path: join(directory, names.get(file) ?? ''), text }));
  const left: string[] = [];
  for (const [file, [first, ...others]] of byFile) {
    if (!first) continue;
    const fixed = fixedText([first, ...others]);
    left.push(
      ...(byFile
        .get(file)
        ?.filter((one) => fixed.left.includes(one))
        .flatMap(byHand) ?? []),
    );
    if (fixed.text === first.policy.text) continue;
    const mark = (await hasByteOrderMark(file)) ? byteOrderMark : '';
    outputs.push({ path: join(directory, names.get(file) ?? ''), text: `${mark}${fixed.text}` });
  }
  await makeDirectory(directory);
  for (const { path } of outputs) await refuseUnlessFree(path, force);
  for (const output of outputs) await write(output);
  return { written: outputs.map(({ path }) => path), left };
}

interface FixedFile extends FixedPolicy {
  readonly fixes: readonly Fix[];
}

function byHand({ policy: { file }, fixes }: FixedFile): readonly string[] {
  return fixes.map(
    ({ summary }) => `${file}: change this by hand, for the file computes what would have to change. ${summary}`,
  );
}

/** Some file systems ignore upper and lower case. */
function distinctNames(files: readonly TextOfFile[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const { file, kind, syntax, at } of files) {
    const given = basename(file);
    const { name, ext } = parse(isName(given) ? given : `${at.length > 0 ? 'template' : kind}.${syntax}`);
    for (let nth = 1; !names.has(file); nth++) {
      const free = nth === 1 ? `${name}${ext}` : `${name}-${nth}${ext}`;
      if (!taken.has(free.toLowerCase())) names.set(file, free);
    }
    taken.add((names.get(file) ?? '').toLowerCase());
  }
  return names;
}

/** False for standard input, for a folder, and for a document within a file, whose name contains a #. */
function isName(given: string): boolean {
  return !['', '.', '..', standardInput].includes(given) && !given.includes('#');
}

const byteOrderMark = '\uFEFF';

/** False if the file is gone or never existed. */
async function hasByteOrderMark(file: string): Promise<boolean> {
  try {
    const bytes = await readFile(file);
    return bytes.subarray(0, 3).equals(Buffer.from(byteOrderMark));
  } catch {
    return false;
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw new InputError(
      `--fix ${directory}: this folder cannot be made: ${reasonFor(codeOf(error))}. Name another one.`,
    );
  }
}

async function refuseUnlessFree(path: string, force: boolean): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (found.isDirectory()) throw new InputError(`${path}: is a folder. Give --fix another folder to write into.`);
  if (!force) throw new InputError(`${path} already exists. Give --fix another folder, or replace it with --force.`);
}

/** Writes under another name first, so that a link with the final name is replaced and not followed. */
async function write({ path, text }: { readonly path: string; readonly text: string }): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new InputError(`${path}: cannot be written: ${reasonFor(codeOf(error))}.`);
  }
}
