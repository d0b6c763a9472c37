import { defined } from '../../core/values.ts';
import type { LocatedFault } from '../../model/preflight/diagnoses.ts';
import type { DocumentSet } from '../../model/preflight/document-set.ts';
import type { Prepared } from '../../model/preflight/prepare.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { calledAs } from '../called-as.ts';
import { preflightIsExact } from '../catalog/score-report.ts';
import { type CommandSurroundings, jsonText } from '../command.ts';
import type { PreflightOptions } from '../commands/preflight.ts';
import { type ExitStatus, exitStatusOf } from '../exit-status.ts';
import { ensureReportFiles, ensureWritable, type OutputKind, writeOutput, writeReportFiles } from '../output-files.ts';
import type { Progress } from '../progress.ts';
import type { JobOutcome } from '../run/job.ts';
import { synthesizedApp } from '../run/prepare-sandbox.ts';
import { packageVersion } from '../version.ts';
import { renderExpectations, renderPreflightExpectation } from '../views/terminal/expectation.ts';
import { type Page, pageOn } from '../views/terminal/page.ts';
import { renderFixHint, renderPreflight } from '../views/terminal/preflight.ts';
import { renderSummary } from '../views/terminal/summary.ts';
import { analyzeDocuments, CheckFailed, type Preflight, prepareDocuments } from './analyze-documents.ts';
import { documentSets, type PreflightInput } from './preflight-inputs.ts';
import { type WarmSandbox, warmSandbox } from './warm-sandbox.ts';

/** https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning */
const sarif: OutputKind = { option: '--sarif', called: 'SARIF', beginning: /^\s*\{\s*"\$schema": "[^"]*sarif/ };

/** The parts that stay the same between runs. */
interface Workshop {
  readonly options: PreflightOptions;
  readonly surroundings: CommandSurroundings;
  readonly progress: Progress;
  readonly page: Page;
  readonly assembly: Assembly;
  readonly sandbox: WarmSandbox;
}

export async function runPreflight(
  input: PreflightInput,
  options: PreflightOptions,
  surroundings: CommandSurroundings,
  progress: Progress,
): Promise<ExitStatus> {
  const { stdin } = surroundings;
  if (options.force && options.fix === undefined) throw new InputError('--force: is for --fix DIR.');
  for (const name of ['profile', 'region'] as const) {
    if (options[name] !== undefined && !options.accessAnalyzer)
      throw new InputError(`--${name} ${options[name]}: is for --access-analyzer; nothing else calls AWS.`);
  }
  await ensureReportFiles(options);
  if (options.sarif !== undefined) await ensureWritable(options.sarif, sarif);
  const page = pageOn(surroundings, options);
  // Reports input errors before any slow work begins.
  const sets = options.watch ? [] : await documentSets(input, stdin);
  const assembly = await synthesizedApp(progress);
  const sandbox = warmSandbox(assembly.bundleDir);
  const workshop: Workshop = { options, surroundings, progress, page, assembly, sandbox };
  try {
    if (!options.watch) return await runOnce(workshop, sets);
    const { watch } = await import('./watch-files.ts');
    return await watch(input, surroundings, async () => runOnce(workshop, await documentSets(input, stdin)));
  } finally {
    await sandbox.stop();
  }
}

async function runOnce(workshop: Workshop, sets: readonly DocumentSet[]): Promise<ExitStatus> {
  const { options, surroundings, progress, page, assembly, sandbox } = workshop;
  const { stdout } = surroundings;
  // Reports all input errors before the first verdict.
  const prepared: Prepared[] = [];
  for (const set of sets) prepared.push(await prepareDocuments(set, assembly));
  if (options.expect && sets.some(({ scenario, event }) => scenario === undefined || event !== undefined)) {
    throw new InputError(
      '--expect: compares with the result that a scenario expects for its own event. Give scenarios alone.',
    );
  }
  const several = prepared.length > 1;
  const found: Preflight[] = [];
  for (const one of prepared) {
    const preflight = await analyzeDocuments(one, sandbox).catch((error: unknown) => {
      throw error instanceof CheckFailed ? new Error(`The check of ${one.set.title} failed: ${error.message}`) : error;
    });
    found.push(preflight);
    if (!options.json) {
      const title = several ? { title: one.set.title } : {};
      stdout.write(`${renderPreflight(preflight, page, title)}${several ? '\n' : ''}`);
    }
  }
  const reports = found.map(({ report }) => report);
  if (options.json) stdout.write(jsonText(several ? reports : reports[0]));
  else if (several) {
    stdout.write(
      renderSummary(
        found.map(({ report, prepared: { set } }) => ({ title: set.title, report })),
        page,
      ),
    );
  }
  if (!options.json && options.fix === undefined && found.some(isFixable)) stdout.write(renderFixHint(page));
  await writeReportFiles(options, found.map(outcomeOf), surroundings.env, progress);
  if (options.sarif !== undefined) await writeSarif(found, options.sarif, progress);
  if (options.accessAnalyzer) await askAnalyzer(found, workshop);
  if (options.fix !== undefined) await fix(found, options.fix, workshop);
  return options.expect ? compare(found, options, surroundings) : statusOf(found);
}

async function writeSarif(found: readonly Preflight[], file: string, progress: Progress): Promise<void> {
  const { renderSarif } = await import('../views/sarif.ts');
  await writeOutput(file, sarif, renderSarif(found, { version: packageVersion(), folder: process.cwd() }));
  progress.stage(`Wrote ${sarif.called} to ${file}.`);
}

function outcomeOf({ report, prepared: { set, scenario } }: Preflight): JobOutcome {
  return {
    job: { title: set.title, event: scenario.event, scenario },
    answer: { kind: 'reports', reports: [report], batch: false },
    log: [],
  };
}

/** Given documents can be fixed; a scenario can't. */
function isFixable({ faults, prepared: { given, set } }: Preflight): boolean {
  const isGiven = ({ place }: LocatedFault) => given.some(({ policy }) => policy === place?.policy);
  return set.scenario === undefined && faults.some(isGiven);
}

async function askAnalyzer(found: readonly Preflight[], { options, page, surroundings }: Workshop): Promise<void> {
  const { tellAnalyzerFindings } = await import('../access-analyzer/tell-findings.ts');
  const { json, profile, region } = options;
  const given = found.map(({ prepared: { given: located, scenario } }) => ({
    policies: located.map(({ policy }) => policy),
    world: scenario.world,
  }));
  await tellAnalyzerFindings(
    given,
    defined({ profile, region }),
    json ? surroundings.stderr : surroundings.stdout,
    page,
  );
}

async function fix(found: readonly Preflight[], directory: string, workshop: Workshop): Promise<void> {
  const { options, page, surroundings } = workshop;
  const [{ fixDocuments }, { renderFixes }] = await Promise.all([
    import('./fix-documents.ts'),
    import('../views/terminal/preflight.ts'),
  ]);
  const output = options.json ? surroundings.stderr : surroundings.stdout;
  for (const one of await fixDocuments(found, directory, options.force === true)) {
    output.write(calledAs(`\n${renderFixes(one, page)}`, surroundings.env));
  }
}

/** Documents that contradict the event must be fixed, even if they would pass together. */
function statusOf(found: readonly Preflight[]): ExitStatus {
  return exitStatusOf(
    found.map(({ report: { verdict, notes = [] } }) =>
      verdict === 'passed' && notes.some(({ kind }) => kind === 'contradiction') ? 'invalid-input' : verdict,
    ),
  );
}

function compare(
  found: readonly Preflight[],
  { json }: PreflightOptions,
  { stdout, stderr }: CommandSurroundings,
): ExitStatus {
  const all = found.map(({ prepared, report, faults: located }) => {
    const { expect } = prepared.scenario;
    const faults = located.map(({ fault }) => fault);
    const asExpected =
      report.verdict === expect.verdict && report.deniedStep === expect.deniedStep && preflightIsExact(faults, expect);
    const told = renderPreflightExpectation(report, expect, faults, asExpected);
    return { title: prepared.set.title, asExpected, told };
  });
  (json ? stderr : stdout).write(renderExpectations(all));
  return all.every(({ asExpected }) => asExpected) ? 0 : 1;
}
