import { appendFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Progress } from '../progress.ts';
import type { JobOutcome } from '../run/job.ts';
import { codeOf, ensureWritable, type OutputKind, reasonFor, writeOutput } from './output-file.ts';

/** What a run is asked to leave beside what it prints. */
export interface ReportFiles {
  readonly html?: string;
  readonly junit?: string;
}

interface ReportFile extends OutputKind {
  readonly help: string;
  /** Loads what renders it, which no other run has to wait for. */
  readonly render: (outcomes: readonly JobOutcome[]) => Promise<string>;
}

const kinds: Readonly<Record<keyof ReportFiles, ReportFile>> = {
  html: {
    option: '--html',
    called: 'HTML page',
    beginning: /^<!doctype html/i,
    help: 'also write the reports as a page to look at',
    render: async (outcomes) => (await import('../views/html/page.ts')).pageOfOutcomes(outcomes, new Date()),
  },
  junit: {
    option: '--junit',
    called: 'JUnit XML',
    beginning: /^<\?xml[^>]*>\s*<testsuites?\b/,
    help: 'also write the reports as JUnit XML, for a pipeline',
    render: async (outcomes) => (await import('../views/junit.ts')).renderJunit(outcomes),
  },
};

export function declareReportFiles(command: Command): void {
  for (const { option, help } of Object.values(kinds)) command.option(`${option} <file>`, help);
}

/** @throws InputError before any work is done, where one of them could not be written */
export async function ensureReportFiles(files: ReportFiles): Promise<void> {
  for (const [kind, file] of asked(files)) await ensureWritable(file, kind);
}

/**
 * @param env GitHub names in it the file whose Markdown it shows on the page of a workflow's run
 *   https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 * @throws InputError where one cannot be written
 */
export async function writeReportFiles(
  files: ReportFiles,
  outcomes: readonly JobOutcome[],
  env: Readonly<Record<string, string | undefined>>,
  progress: Progress,
): Promise<void> {
  for (const [kind, file] of asked(files)) {
    await writeOutput(file, kind, await kind.render(outcomes));
    progress.stage(`The ${kind.called} is in ${file}.`);
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

/** What earlier commands of the same step wrote there counts too; a summary is never worth a failed run. */
async function appendSummary(file: string, outcomes: readonly JobOutcome[], progress: Progress): Promise<void> {
  const { renderStepSummary, mostSummaryBytes } = await import('../views/step-summary.ts');
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
