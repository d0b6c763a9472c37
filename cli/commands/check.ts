import { type Command, Option } from 'commander';
import { type DiagnosisMode, diagnosisModes, namesOf } from '../../lambda/customer_configuration_check/vocabulary.ts';
import { keepsPromises, nothingRight, scoreCheck } from '../catalogue/score.ts';
import type { CommandModule } from '../command-table.ts';
import { type ExitStatus, exitStatusHelp, exitStatusOf } from '../exit-status.ts';
import { InputError } from '../input/input-error.ts';
import { readFiles, withDiagnosis } from '../input/jobs.ts';
import { unlessInterrupted } from '../interrupted.ts';
import { type Progress, progressOn } from '../progress.ts';
import { renderExpectation } from '../render/expectation.ts';
import { renderOutcome, summaryRows } from '../render/outcome.ts';
import { pageFor } from '../render/page.ts';
import { renderSummary } from '../render/summary.ts';
import { choosePlan } from '../run/choose-plan.ts';
import type { Outcome, Runner } from '../run/job.ts';
import { type Surroundings, wantsColour } from '../surroundings.ts';

export interface CheckOptions {
  readonly event?: readonly string[];
  readonly scenario?: readonly string[];
  readonly function?: string;
  readonly local?: true;
  readonly profile?: string;
  readonly region?: string;
  readonly diagnosis?: DiagnosisMode;
  readonly expect?: true;
  readonly json?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

const examples = `
Examples:
  npm run check                                              the shipped templates, in the sandbox
  npm run check -- --scenario scenarios/key-policy/silent.yaml
                                                             a broken world, in the sandbox
  npm run check -- --scenario scenarios/*/*.yaml --expect    is each as it says that it must be?
  npm run check -- --event events/*.json                     test events, in the sandbox
  npm run check -- --event acme.json --function customer_configuration_check
                                                             the deployed Lambda
  npm run check -- --event acme.json --local --json          here, with your AWS credentials
`;

export const check: CommandModule = {
  declare(command) {
    command
      .argument('[file...]', 'test events or scenarios; their content tells which')
      .option('--event <file...>', 'test events as JSON or YAML, - for stdin')
      .option('--scenario <file...>', 'worlds for the sandbox to be')
      .addOption(new Option('--function <name>', 'invoke the deployed Lambda').conflicts(['local', 'scenario']))
      .addOption(new Option('--local', 'run the check here, with your AWS credentials').conflicts('scenario'))
      .option('--profile <name>', 'AWS profile for --function and --local, else AWS_PROFILE')
      .option('--region <name>', 'AWS Region for --function and --local, else AWS_REGION')
      .addOption(new Option('--diagnosis <mode>', 'how far to go to explain a denial').choices(namesOf(diagnosisModes)))
      .addOption(
        new Option('--expect', 'exit status 0 where each report is as its scenario says').conflicts([
          'function',
          'local',
          'event',
        ]),
      )
      .option('--json', 'print the reports as JSON, and nothing else, on stdout')
      .option('--verbose', "also AWS's raw answers and the function's log")
      .addHelpText('after', `${examples}\n${exitStatusHelp()}`);
  },

  async run(command: Command, surroundings) {
    const options = command.optsWithGlobals<CheckOptions>();
    const progress = progressOn(surroundings.stderr);
    const work = runCheck(options, command.args, surroundings, progress);
    return unlessInterrupted(surroundings.interrupted, work).finally(() => progress.end());
  },
};

async function runCheck(
  options: CheckOptions,
  args: readonly string[],
  surroundings: Surroundings,
  progress: Progress,
): Promise<ExitStatus> {
  const { event: events = [], scenario: scenarios = [] } = options;
  const files = await readFiles({ events, scenarios, either: args }, surroundings.stdin);
  if (options.expect && files.events.length > 0) {
    throw new InputError(
      '--expect: compares with what a scenario expects of its own event. Leave the test events out.',
    );
  }
  const { runner, jobs } = await choosePlan(options, files, surroundings.env, progress);
  const { diagnosis } = options;
  const asked = diagnosis ? jobs.map((job) => ({ ...job, event: withDiagnosis(job.event, diagnosis) })) : jobs;
  const several = asked.length > 1;
  const page = pageFor(surroundings.stdout.columns, wantsColour(surroundings, surroundings.stdout, options.color));
  const view = { verbose: options.verbose === true, several };

  const outcomes = await runAll(runner, asked, progress, (outcome) => {
    if (options.json) return;
    progress.end();
    if (outcome.answer.kind !== 'reports') surroundings.stderr.write(renderOutcome(outcome, page, view));
    else surroundings.stdout.write(`${renderOutcome(outcome, page, view)}${several ? '\n' : ''}`);
  });

  progress.end();
  if (options.json) printJson(outcomes, several, surroundings);
  else {
    const rows = outcomes.flatMap(summaryRows);
    if (rows.length > 1) surroundings.stdout.write(renderSummary(rows, page));
  }
  return options.expect ? compare(outcomes, options, surroundings) : statusOf(outcomes);
}

/** Runs them in whatever order is quickest, and tells of each in the order that they were given in. */
async function runAll(
  runner: Runner,
  jobs: Parameters<Runner>[0],
  progress: Progress,
  tell: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const outcomes: (Outcome | undefined)[] = jobs.map(() => undefined);
  let told = 0;
  let done = 0;
  if (jobs.length > 1) progress.counter(`0 of ${jobs.length}`);
  await runner(jobs, (at, outcome) => {
    outcomes[at] = outcome;
    done++;
    for (let next = outcomes[told]; next; next = outcomes[++told]) tell(next);
    if (jobs.length > 1) progress.counter(`${done} of ${jobs.length}: ${outcome.job.title}`);
  });
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** One event: one object; several: an array in their order, where what has no report says why. */
function printJson(outcomes: readonly Outcome[], several: boolean, { stdout, stderr }: Surroundings): void {
  const printed = outcomes.flatMap(({ answer }): readonly unknown[] =>
    answer.kind === 'reports' ? answer.reports : [{ error: { kind: answer.kind, message: answer.message } }],
  );
  const isList = several || outcomes.some(({ answer }) => answer.kind === 'reports' && answer.batch);
  const failed = outcomes.filter(({ answer }) => answer.kind !== 'reports');
  for (const outcome of failed) {
    stderr.write(renderOutcome(outcome, pageFor(stderr.columns, false), { verbose: false, several }));
  }
  if (isList || failed.length === 0) stdout.write(`${JSON.stringify(isList ? printed : printed[0], null, 2)}\n`);
}

function statusOf(outcomes: readonly Outcome[]): ExitStatus {
  return exitStatusOf(
    outcomes.flatMap(({ answer }) => {
      if (answer.kind === 'reports') return answer.reports.map(({ verdict }) => verdict);
      return [answer.kind === 'invalid-event' ? 'invalid-input' : 'inconclusive'];
    }),
  );
}

/** Tells of each report whether it is as its scenario says; of many, in detail only where it is not. */
function compare(outcomes: readonly Outcome[], { json }: CheckOptions, { stdout, stderr }: Surroundings): ExitStatus {
  const output = json ? stderr : stdout;
  let right = 0;
  for (const { job, answer } of outcomes) {
    const [report] = answer.kind === 'reports' ? answer.reports : [];
    const expect = job.scenario?.expect;
    const score = report && expect ? scoreCheck(report, expect) : nothingRight;
    const asExpected = keepsPromises(score);
    if (asExpected) right++;
    if (asExpected && outcomes.length > 1) continue;
    const told =
      report && expect ? renderExpectation(report, expect, score, asExpected) : 'NOT as expected: there is no report\n';
    output.write(outcomes.length > 1 ? `${job.title}: ${told}` : told);
  }
  if (outcomes.length > 1) output.write(`${right} of ${outcomes.length} as expected.\n`);
  return right === outcomes.length ? 0 : 1;
}
