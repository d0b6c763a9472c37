import { copyFile, mkdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isSameValue } from '../../core/values.ts';
import type { Fault } from '../../model/analysis/faults.ts';
import { editableIn, fixesOf, madeUpIn } from '../../model/preflight/document-fixes.ts';
import { type DocumentSet, templateFiles } from '../../model/preflight/document-set.ts';
import type { LocatedPolicy } from '../../model/preflight/locate.ts';
import type { Prepared } from '../../model/preflight/prepare.ts';
import { type Fix, isSameDocument, type StatementEdit } from '../../model/remedies/documents.ts';
import type { Unsavable } from '../../model/remedies/fault-context.ts';
import { standardInput } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { DocumentPath, PolicyFile, Position } from '../../model/text/policy-file.ts';
import { statementsOf } from '../../model/world/policy-parts.ts';
import type { Preflight } from './analyze-documents.ts';
import { writeFixes } from './write-fixes.ts';

export interface FixedDocuments {
  readonly title: string;
  readonly directory: string;
  readonly fixes: readonly PlacedFix[];
  readonly written: readonly string[];
  /** Files without a fault that go with the fixed ones. */
  readonly copied: readonly string[];
  readonly byHand: readonly string[];
  /** Faults that no change of the given documents can fix. */
  readonly left: readonly Fault[];
}

/**
 * Writes each customer's documents to a folder, with everything fixed that changes of them can fix. If there are
 * several customers, each gets its own folder.
 *
 * @throws InputError if files exist already and `force` is not set
 */
export async function fixDocuments(
  found: readonly Preflight[],
  directory: string,
  force: boolean,
): Promise<readonly FixedDocuments[]> {
  const fixed: FixedDocuments[] = [];
  for (const one of found) {
    const { title } = one.prepared.set;
    fixed.push(await fixSet(one, found.length > 1 ? join(directory, basename(title)) : directory, force));
  }
  return fixed;
}

async function fixSet({ prepared, known }: Preflight, directory: string, force: boolean): Promise<FixedDocuments> {
  const given = editableIn(prepared);
  const { fixes, left, unsavable } = fixesOf(prepared, known);
  refuseMadeUpValues(prepared, fixes);
  const others = await filesToCopy(prepared.set, given, fixes, directory, force);
  const { written, left: byHand } = await writeFixes({
    files: given.map(({ policy }) => policy),
    fixes,
    documentOf: (file) => documentOf(given, file),
    unchanged: given.map(({ policy }) => policy).filter(({ file }) => file.includes('#')),
    directory,
    force,
  });
  await mkdir(directory, { recursive: true });
  for (const file of others) await copyFile(file, join(directory, basename(file)));
  return {
    title: prepared.set.title,
    directory,
    fixes: placedFixes(fixes, given),
    written,
    copied: others,
    byHand: [...byHand, ...tooLongToSave(unsavable, given)],
    left,
  };
}

/** Each document once, with its smallest size. */
function tooLongToSave(unsavable: readonly Unsavable[], given: readonly LocatedPolicy[]): readonly string[] {
  return given.flatMap(({ of, policy: { file, kind } }) => {
    const [smallest] = unsavable
      .filter(({ document }) => isSameDocument(document, of))
      .map(({ excess }) => excess)
      .toSorted((a, b) => a.size - b.size);
    if (!smallest) return [];
    const { size, unit, limit, safe = limit } = smallest;
    const most =
      safe < limit
        ? `at most ${safe} are sure to be saved (AWS's quota is given as ${safe} and as ${limit})`
        : `at most ${limit} are allowed`;
    return [
      `${file}: the smallest change that works makes this ${kind.replaceAll('-', ' ')} ${size} ${unit}, where ${most}. Shorten it first, or move statements to another policy.`,
    ];
  });
}

/** @throws InputError for values that were only assumed */
function refuseMadeUpValues(prepared: Prepared, fixes: readonly Fix[]): void {
  const madeUp = madeUpIn(prepared, fixes);
  if (madeUp === undefined) return;
  throw new InputError(
    `--fix: would have to write ${madeUp}, which is only assumed. Say what is right in a test event (--event FILE).`,
  );
}

function documentOf(given: readonly LocatedPolicy[], file: PolicyFile): LocatedPolicy['of'] {
  const located = given.find(({ policy }) => policy === file);
  if (!located) throw new Error(`${file.file} is no document of this world`);
  return located.of;
}

/** Completes the folder, so that it can be the input of the next preflight. */
async function filesToCopy(
  { event, policies, settings, template, scenario }: DocumentSet,
  given: readonly LocatedPolicy[],
  fixes: readonly Fix[],
  directory: string,
  force: boolean,
): Promise<readonly string[]> {
  const changed = new Set(
    given
      .filter(({ of }) => fixes.some(({ document }) => document.kind === of.kind && document.owner === of.owner))
      .map(({ policy }) => policy.file),
  );
  const documents = [...policies.map(({ policy }) => policy), ...settings];
  const all = [event?.file, scenario, ...templateFiles(template?.source), ...documents.map(({ file }) => file)];
  const unchanged = [...new Set(all.filter((file) => file !== undefined))].filter(
    (file) => !changed.has(file) && file !== standardInput && resolve(file) !== resolve(directory, basename(file)),
  );
  const there: string[] = [];
  for (const file of unchanged) {
    // A document in an answer or a plan has no file of its own.
    if (!(await stat(file).catch(() => undefined))) continue;
    there.push(file);
    const path = join(directory, basename(file));
    if (!force && (await stat(path).catch(() => undefined))) {
      throw new InputError(`--fix: ${path} already exists. Name another folder, or replace it with --force.`);
    }
  }
  return there;
}

interface PlacedFix {
  readonly file: string;
  readonly at: Position;
  readonly summary: string;
}

function placedFixes(fixes: readonly Fix[], given: readonly LocatedPolicy[]): readonly PlacedFix[] {
  return fixes.flatMap(({ document, edit, summary }) => {
    const policy = given.find(({ of }) => isSameDocument(of, document))?.policy;
    return policy ? [{ file: policy.file, at: policy.positionOf(placeOf(policy, edit)), summary }] : [];
  });
}

/** The first value that changes; the list, if a statement is added to it. */
function placeOf({ document }: PolicyFile, edit: StatementEdit): DocumentPath {
  if (edit.kind === 'add') return ['Statement'];
  return ['Statement', edit.index, ...firstDifference(statementsOf(document)[edit.index], edit.statement)];
}

function firstDifference(before: unknown, after: unknown): DocumentPath {
  if (!isNested(before) || !isNested(after)) return [];
  const key = Object.keys(after).find((one) => !isSameValue(before[one], after[one]));
  if (key === undefined) return [];
  return [Array.isArray(after) ? Number(key) : key, ...firstDifference(before[key], after[key])];
}

/** True for lists too, whose indices are their keys. */
function isNested(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
