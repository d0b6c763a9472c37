import { type Command, Option } from 'commander';
import { shellWord } from '../../core/printable.ts';
import type { Side } from '../../core/vocabulary.ts';
import { InputError } from '../../model/text/input-error.ts';
import { type CommandModule, type CommandSurroundings, isTyped, jsonText } from '../command.ts';
import type { Conformance } from '../conformance/carry-out-plan.ts';
import {
  type ConformanceOptions,
  refuseInterrupted,
  refuseMalformedRun,
  runOptionsIn,
} from '../conformance/conformance-options.ts';
import type { PreparedRun } from '../conformance/prepare-run.ts';
import type { RemovedResource } from '../conformance/remove-resources.ts';
import type { ExitStatus } from '../exit-status.ts';
import { type LiveProgress, progressOn } from '../progress.ts';
import { synthesizedApp } from '../run/prepare-sandbox.ts';
import { renderConformance, renderPlan, renderRemovals } from '../views/terminal/conformance.ts';
import { type Page, pageOn } from '../views/terminal/page.ts';

const help = `
Puts scenarios of the catalog into two AWS accounts, runs the check there, and compares AWS's answers and the report with
the sandbox's. Creates roles, buckets and keys under a random name, works on nothing else, and removes them again, also after
Ctrl-C. Keys are scheduled for deletion in 7 days. Use two accounts in which nothing else is.

Examples:
  secure-inbox conformance --plan
  secure-inbox conformance --service-profile a --service-account 111111111111 \\
    --customer-profile b --customer-account 222222222222 --filter key-policy
  secure-inbox conformance --clean-up --state secure-inbox-conformance-x7k2m9qd.state.json

Exit status:
  0  AWS and the sandbox gave the same answers in every scenario
  1  something differs, or AWS refused a document
  2  usage or invalid input, missing permissions, credentials that ended
  3  something that was created could not be removed
`;

export const conformanceCommand: CommandModule = {
  declare(command) {
    command
      .option('--service-profile <name>', 'AWS profile for the account that plays the service')
      .option('--customer-profile <name>', 'AWS profile for the account that plays the customer')
      .option('--service-account <id>', 'the account that --service-profile must be for')
      .option('--customer-account <id>', 'the account that --customer-profile must be for')
      .option('--region <name>', 'AWS Region of both (default: AWS_REGION)')
      .option('--scenario <file...>', 'scenario files or folders (default: the whole catalog)')
      .option('--filter <text>', 'only scenarios with this text in their path or name, ignoring case')
      .option('--plan', 'print every call, the cost and the time, and do nothing')
      .option('--yes', 'start without asking')
      .option('--settle <duration>', 'how long an answer must hold that the scenario before has too', '20s')
      .option('--deadline <duration>', 'how long to wait until a change is in force', '2m')
      .option('--output <file>', 'where to write what AWS answered (default: NAME.jsonl)')
      .option('--state <file>', 'where to keep what has been created (default: NAME.state.json)')
      .addOption(
        new Option('--clean-up', 'remove what an earlier run has left').conflicts(['plan', 'scenario', 'filter']),
      )
      .option('--json', 'print only the result, as JSON, on stdout')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const options = command.optsWithGlobals<ConformanceOptions>();
    const progress = progressOn(surroundings.stderr);
    try {
      return await (options.cleanUp ? removeLeftovers : compare)(options, surroundings, progress);
    } finally {
      progress.end();
    }
  },
};

async function compare(
  options: ConformanceOptions,
  surroundings: CommandSurroundings,
  progress: LiveProgress,
): Promise<ExitStatus> {
  const { stdin, stdout, interrupted } = surroundings;
  refuseMalformedRun(options);
  const [{ destroyClients, prepareRun }, { runPlan }] = await Promise.all([
    import('../conformance/prepare-run.ts'),
    import('../conformance/carry-out-plan.ts'),
  ]);
  const { realTime } = await import('../conformance/account-calls.ts');
  const { plan: onlyPlan, json, yes } = options;
  if (!onlyPlan && !yes && !stdin.isTTY) {
    throw new InputError(
      '--yes is missing, and there is no terminal to ask on. See what would be done with --plan first.',
    );
  }
  const assembly = await synthesizedApp(progress);
  const asked = runOptionsIn(options, surroundings, progress);
  const prepared = await prepareRun(asked, assembly);
  const page = pageOn(surroundings, options);
  try {
    progress.end();
    if (onlyPlan) stdout.write(json ? jsonText(planAsJson(prepared)) : renderPlan(prepared, page, true));
    if (onlyPlan) return 0;
    if (!json) surroundings.stderr.write(renderPlan(prepared, page, false));
    if (!yes && !(await isTyped('yes', 'Type yes to start: ', surroundings)))
      throw new InputError('Not confirmed. Nothing was done.');
    const { prefix } = prepared.plan;
    const files = { state: options.state ?? `${prefix}.state.json`, recording: options.output ?? `${prefix}.jsonl` };
    const patience = { ...realTime, deadlineMs: asked.settling.deadlineMs };
    const done = await runPlan(asked, prepared, assembly, files, {
      patience,
      alive: () => refuseInterrupted(interrupted),
      onCleanUp: () => {
        if (interrupted.aborted)
          progress.stage(
            `Stopping. Press Ctrl-C again to end at once; then remove what is left: ${cleanUpCommand(files.state)}`,
          );
      },
    });
    progress.end();
    tell(done, prepared, files, options, page, surroundings);
    if (done.ended !== undefined) throw done.ended;
    return statusOf(done);
  } finally {
    destroyClients(prepared.clients);
  }
}

function planAsJson({ plan, worlds, unknown }: PreparedRun) {
  const { prefix, region, calls, keys, cents, minutes, creations } = plan;
  return {
    prefix,
    region,
    scenarios: plan.worlds.map(({ scenario }) => ({ file: scenario.file, name: scenario.name })),
    leftOut: worlds.leftOut.map(({ kind: _, ...leftOut }) => leftOut),
    creates: creations.map(({ resource: { state: _, ...resource } }) => resource),
    calls,
    keys,
    cents,
    minutes,
    unknown,
  };
}

function tell(
  done: Conformance,
  prepared: PreparedRun,
  files: { readonly state: string; readonly recording: string },
  { json }: ConformanceOptions,
  page: Page,
  { stdout, env }: CommandSurroundings,
): void {
  const { worlds, plan, unknown } = prepared;
  const left = done.removed.filter(({ outcome }) => outcome === 'left');
  if (json) {
    const { prefix, region, leftOut } = planAsJson(prepared);
    const planned = plan.worlds.length;
    stdout.write(jsonText({ prefix, region, ...files, planned, scenarios: done.results, leftOut, unknown, left }));
    return;
  }
  const told = {
    results: done.results,
    planned: plan.worlds.length,
    leftOut: worlds.leftOut,
    recording: files.recording,
    from: env['AWS_ENDPOINT_URL'] ? 'endpoint' : 'AWS',
  };
  stdout.write(renderConformance(told, page));
  stdout.write(renderRemovals(done.removed, cleanUpCommand(files.state), page));
}

function cleanUpCommand(state: string): string {
  return `secure-inbox conformance --clean-up --state ${shellWord(state)}`;
}

function statusOf({ results, removed }: Conformance): ExitStatus {
  if (removed.some(({ outcome }) => outcome === 'left')) return 3;
  return results.every(({ outcome }) => outcome === 'same') ? 0 : 1;
}

async function removeLeftovers(
  { state, serviceProfile, customerProfile, json, color }: ConformanceOptions,
  surroundings: CommandSurroundings,
  progress: LiveProgress,
): Promise<ExitStatus> {
  if (state === undefined) throw new InputError('--state is missing: give the state file that the run has written.');
  const { cleanUpOf } = await import('../conformance/carry-out-plan.ts');
  const { realTime } = await import('../conformance/account-calls.ts');
  const profiles: Readonly<Record<Side, string | undefined>> = { service: serviceProfile, customer: customerProfile };
  const { env, stdout } = surroundings;
  const removed: readonly RemovedResource[] = await cleanUpOf(state, profiles, {
    env,
    progress,
    patience: { ...realTime, deadlineMs: 60_000 },
  });
  progress.end();
  const page = pageOn(surroundings, { color });
  stdout.write(json ? jsonText({ removed }) : renderRemovals(removed, cleanUpCommand(state), page));
  return removed.some(({ outcome }) => outcome === 'left') ? 3 : 0;
}
