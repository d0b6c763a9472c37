import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { patterns } from '../../core/event-patterns.ts';
import { shellWord } from '../../core/shell.ts';
import { namesOf, type Side, sides } from '../../core/vocabulary.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { CommandModule } from '../command-module.ts';
import type { Removed } from '../conformance/clean-up.ts';
import type { Asked, Conformance, Prepared } from '../conformance/conformance.ts';
import type { ExitStatus } from '../exit-status.ts';
import { durationOf } from '../input/duration.ts';
import { InputError } from '../input/input-error.ts';
import { Interrupted } from '../interrupted.ts';
import { type LiveProgress, progressOn } from '../progress.ts';
import { synthesizedApp } from '../run/synthesized-app.ts';
import { type CommandSurroundings, wantsColour } from '../surroundings.ts';
import { renderConformance, renderRemovals } from '../views/terminal/conformance.ts';
import { renderPlan } from '../views/terminal/conformance-plan.ts';
import { type Page, pageFor } from '../views/terminal/page.ts';

interface ConformanceOptions {
  readonly serviceProfile?: string;
  readonly customerProfile?: string;
  readonly serviceAccount?: string;
  readonly customerAccount?: string;
  readonly region?: string;
  readonly scenario?: readonly string[];
  readonly filter?: string;
  readonly plan?: true;
  readonly yes?: true;
  readonly settle: string;
  readonly deadline: string;
  readonly output?: string;
  readonly state?: string;
  readonly cleanUp?: true;
  readonly json?: true;
  readonly color: boolean;
}

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
  0  AWS and the sandbox said the same in every world
  1  something differs, or AWS refused a document
  2  usage or invalid input, missing permissions, credentials that ended
  3  something that was created could not be removed
`;

export const conformance: CommandModule = {
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
  refuseMalformed(options);
  const { carryOut, prepare } = await import('../conformance/conformance.ts');
  const { realTime } = await import('../conformance/accounts.ts');
  const { plan: onlyPlan, json, yes } = options;
  if (!onlyPlan && !yes && !stdin.isTTY) {
    throw new InputError(
      '--yes is missing, and there is no terminal to ask on. See what would be done with --plan first.',
    );
  }
  const assembly = await synthesizedApp(progress);
  const asked = askedIn(options, surroundings, progress);
  const prepared = await prepare(asked, assembly);
  const page = pageFor(stdout.columns, wantsColour(surroundings, stdout, options.color));
  try {
    progress.end();
    if (onlyPlan)
      stdout.write(json ? `${JSON.stringify(planAsJson(prepared), null, 2)}\n` : renderPlan(prepared, page, true));
    if (onlyPlan) return 0;
    if (!json) surroundings.stderr.write(renderPlan(prepared, page, false));
    if (!yes && !(await isConfirmed(surroundings))) throw new InputError('Not confirmed. Nothing was done.');
    const { prefix } = prepared.plan;
    const files = { state: options.state ?? `${prefix}.state.json`, recording: options.output ?? `${prefix}.jsonl` };
    const patience = { ...realTime, deadlineMs: asked.settling.deadlineMs };
    const done = await carryOut(asked, prepared, assembly, files, {
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
    await prepared.sandbox.end();
  }
}

function askedIn(
  options: ConformanceOptions,
  { env, interrupted }: CommandSurroundings,
  progress: LiveProgress,
): Asked {
  const { scenario = [], filter, serviceProfile, customerProfile, serviceAccount, customerAccount } = options;
  return {
    scenarios: scenario,
    ...(filter !== undefined && { filter }),
    region: options.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? defaults.region,
    profiles: { service: serviceProfile, customer: customerProfile },
    accountIds: { service: serviceAccount, customer: customerAccount },
    env,
    progress,
    settling: {
      settleMs: durationOf(options.settle, '--settle', '0s'),
      deadlineMs: durationOf(options.deadline, '--deadline', '0s'),
      clock: () => performance.now(),
      pause: (milliseconds) =>
        delay(milliseconds, undefined, { signal: interrupted }).catch(() => refuseInterrupted(interrupted)),
    },
  };
}

/** Each account is named twice, so that a mistyped profile is not enough to run in the wrong one. */
function refuseMalformed(options: ConformanceOptions): void {
  const { region } = options;
  if (region !== undefined && !patterns.region.test(region)) {
    throw new InputError(
      `--region: ${JSON.stringify(region)} is no AWS Region. Allowed: a name such as ${defaults.region}.`,
    );
  }
  const given = {
    service: [options.serviceProfile, options.serviceAccount],
    customer: [options.customerProfile, options.customerAccount],
  };
  const isEmpty = Object.values(given)
    .flat()
    .every((value) => value === undefined);
  if (options.plan && isEmpty) return;
  for (const side of namesOf(sides)) {
    const [profile, account] = given[side];
    if (profile === undefined || account === undefined) {
      const missing = profile === undefined ? `--${side}-profile` : `--${side}-account`;
      throw new InputError(
        `${missing} is missing. Name each account twice: by its profile and by its id, which must fit together.`,
      );
    }
    if (!patterns.accountId.test(account)) {
      throw new InputError(`--${side}-account: ${JSON.stringify(account)} is no account id. Allowed: 12 digits.`);
    }
  }
  if (options.serviceAccount === options.customerAccount) {
    throw new InputError(
      `--service-account and --customer-account are both ${options.serviceAccount}. A delivery crosses from one account to another: give two.`,
    );
  }
}

function refuseInterrupted(interrupted: AbortSignal): void {
  if (interrupted.aborted) throw new Interrupted(Number(interrupted.reason) || 130);
}

async function isConfirmed({ stdin, stderr }: CommandSurroundings): Promise<boolean> {
  stderr.write('Type yes to start: ');
  const lines = createInterface({ input: stdin });
  try {
    for await (const line of lines) return line.trim() === 'yes';
    return false;
  } finally {
    lines.close();
  }
}

function planAsJson({ plan, worlds, unknown }: Prepared) {
  const { prefix, region, calls, keys, cents, minutes, creations } = plan;
  return {
    prefix,
    region,
    worlds: plan.worlds.map(({ scenario }) => ({ file: scenario.file, name: scenario.name })),
    leftOut: worlds.leftOut.map(({ file, name, why }) => ({ file, name, why })),
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
  { worlds, plan, unknown }: Prepared,
  files: { readonly state: string; readonly recording: string },
  { json }: ConformanceOptions,
  page: Page,
  { stdout }: CommandSurroundings,
): void {
  const left = done.removed.filter(({ outcome }) => outcome === 'left');
  if (json) {
    const leftOut = worlds.leftOut.map(({ file, name, why }) => ({ file, name, why }));
    const { prefix, region } = plan;
    stdout.write(
      `${JSON.stringify({ prefix, region, ...files, planned: plan.worlds.length, worlds: done.results, leftOut, unknown, left }, null, 2)}\n`,
    );
    return;
  }
  const told = {
    results: done.results,
    planned: plan.worlds.length,
    leftOut: worlds.leftOut,
    recording: files.recording,
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
  const { cleanUpOf } = await import('../conformance/conformance.ts');
  const { realTime } = await import('../conformance/accounts.ts');
  const profiles: Readonly<Record<Side, string | undefined>> = { service: serviceProfile, customer: customerProfile };
  const { env, stdout } = surroundings;
  const removed: readonly Removed[] = await cleanUpOf(state, profiles, {
    env,
    progress,
    patience: { ...realTime, deadlineMs: 60_000 },
  });
  progress.end();
  const page = pageFor(stdout.columns, wantsColour(surroundings, stdout, color));
  stdout.write(
    json ? `${JSON.stringify({ removed }, null, 2)}\n` : renderRemovals(removed, cleanUpCommand(state), page),
  );
  return removed.some(({ outcome }) => outcome === 'left') ? 3 : 0;
}
