import { constants } from 'node:fs';
import { access, appendFile, open, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../model/text/input-error.ts';
import type { Progress } from './progress.ts';
import type { JobOutcome } from './run/job.ts';

/** The files that a run writes in addition to its output. */
export interface ReportFiles {
  readonly html?: string;
  readonly junit?: string;
}

/** @param option the option with the file's name */
export function htmlPage(option: string): OutputKind {
  return { option, called: 'an HTML page', beginning: /^<!doctype html/i };
}

interface ReportFile extends OutputKind {
  readonly help: string;
  /** Loads its renderer on demand, so that other runs don't wait for it. */
  readonly render: (outcomes: readonly JobOutcome[]) => Promise<string>;
}

const kinds: Readonly<Record<keyof ReportFiles, ReportFile>> = {
  html: {
    ...htmlPage('--html'),
    help: 'also write the reports as a page to look at',
    render: async (outcomes) => (await import('./views/html/page.ts')).pageOfOutcomes(outcomes, new Date()),
  },
  junit: {
    option: '--junit',
    called: 'JUnit XML',
    beginning: /^<\?xml[^>]*>\s*<testsuites?\b/,
    help: 'also write the reports as JUnit XML, for a pipeline',
    render: async (outcomes) => (await import('./views/junit.ts')).renderJunit(outcomes),
  },
};

export function declareReportFiles(command: Command): void {
  for (const { option, help } of Object.values(kinds)) command.option(`${option} <file>`, help);
}

/** @throws InputError before any work is done, if one of them can't be written */
export async function ensureReportFiles(files: ReportFiles): Promise<void> {
  for (const [kind, file] of asked(files)) await ensureWritable(file, kind);
}

/**
 * @param env contains the file whose Markdown GitHub shows on the page of a workflow run
 *   https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 * @throws InputError if one can't be written
 */
export async function writeReportFiles(
  files: ReportFiles,
  outcomes: readonly JobOutcome[],
  env: Readonly<Record<string, string | undefined>>,
  progress: Progress,
): Promise<void> {
  for (const [kind, file] of asked(files)) {
    await writeOutput(file, kind, await kind.render(outcomes));
    progress.stage(`Wrote ${kind.called} to ${file}.`);
  }
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary) await appendSummary(summary, outcomes, progress);
}

function asked(files: ReportFiles): readonly (readonly [ReportFile, string])[] {
  return (['html', 'junit'] as const).flatMap((name) => {
    const file = files[name];
    return file === undefined ? [] : [[kinds[name], file] as const];
  });
}

/** Keeps what earlier commands of the same step wrote. If writing the summary fails, the run doesn't. */
async function appendSummary(file: string, outcomes: readonly JobOutcome[], progress: Progress): Promise<void> {
  const { renderStepSummary, mostSummaryBytes } = await import('./views/step-summary.ts');
  try {
    const used = await stat(file).then(
      ({ size }) => size,
      () => 0,
    );
    await appendFile(file, renderStepSummary(outcomes, mostSummaryBytes - used));
  } catch (error) {
    progress.stage(`GITHUB_STEP_SUMMARY ${file}: cannot be written: ${reasonFor(codeOf(error))}.`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'what should be its folder is a file',
  EISDIR: 'is a folder, where a file is expected',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** A type of file that a run writes under a name that the user gives. */
export interface OutputKind {
  readonly option: string;
  /** “an HTML page” */
  readonly called: string;
  /** How such a file starts, after white space. */
  readonly beginning: RegExp;
}

/**
 * Fails before the work, not after it, if a file can't be written: its folder must exist, and files of another type
 * are not overwritten.
 *
 * @throws InputError if it can't be written
 */
export async function ensureWritable(file: string, kind: OutputKind): Promise<void> {
  try {
    const found = await statIfThere(file);
    if (found === undefined) {
      const folder = await stat(dirname(file));
      if (!folder.isDirectory()) throw unwritable(file, kind, 'ENOTDIR');
      await access(dirname(file), constants.W_OK);
      return;
    }
    if (found.isDirectory()) throw unwritable(file, kind, 'EISDIR');
    await access(file, constants.W_OK);
    if (found.isFile() && found.size > 0 && !(await isOf(kind, file))) {
      throw new InputError(
        `${kind.option} ${file}: already exists and is not ${kind.called}, so it is not overwritten. Give another name, or delete it first.`,
      );
    }
  } catch (error) {
    throw error instanceof InputError ? error : unwritable(file, kind, codeOf(error));
  }
}

/** @throws InputError if it can't be written */
export async function writeOutput(file: string, kind: OutputKind, text: string): Promise<void> {
  await ensureWritable(file, kind);
  try {
    await writeFile(file, text);
  } catch (error) {
    throw unwritable(file, kind, codeOf(error));
  }
}

async function statIfThere(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isOf({ beginning }: OutputKind, file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    return beginning.test(
      buffer
        .toString('utf8', 0, bytesRead)
        .replace(/^\ufeff/, '')
        .trimStart(),
    );
  } finally {
    await handle.close();
  }
}

function unwritable(file: string, { option }: OutputKind, code: string | undefined): InputError {
  return new InputError(
    `${option} ${file}: cannot be written: ${reasonFor(code)}. Give a file in a folder that is there.`,
  );
}

/** @param code an error code of Node.js, such as ENOENT */
export function reasonFor(code: string | undefined): string {
  return (code && reasons[code]) ?? code ?? 'unknown reason';
}

export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
