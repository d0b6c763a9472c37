import { type Command, Option } from 'commander';
import { type DiagnosisMode, diagnosisModes, namesOf } from '../../core/vocabulary.ts';
import { InputError } from '../../model/text/input-error.ts';
import { keepsPromises, scoreCheck } from '../catalog/score-report.ts';
import { type CommandModule, type CommandSurroundings, jsonText } from '../command.ts';
import { type ExitStatus, exitStatusHelp, exitStatusOf } from '../exit-status.ts';
import { waitOf } from '../input/duration.ts';
import { type Explaining, readJobFiles, withExplaining } from '../input/jobs.ts';
import { liveEvents } from '../live-events.ts';
import { declareReportFiles, ensureReportFiles, type ReportFiles, writeReportFiles } from '../output-files.ts';
import { type LiveProgress, withProgress } from '../progress.ts';
import { choosePlan } from '../run/choose-plan.ts';
import { type JobOutcome, runInOrder } from '../run/job.ts';
import { renderExpectation, renderExpectations } from '../views/terminal/expectation.ts';
import { pageFor, pageOn } from '../views/terminal/page.ts';
import { renderOutcome, summaryRows } from '../views/terminal/report.ts';
import { renderSummary } from '../views/terminal/summary.ts';

interface CheckOptions extends ReportFiles {
  readonly event?: readonly string[];
  readonly scenario?: readonly string[];
  readonly function?: string;
  readonly local?: true;
  readonly profile?: string;
  readonly region?: string;
  readonly diagnosis?: DiagnosisMode;
  /** True if no duration is given. */
  readonly wait?: string | true;
  readonly expect?: true;
  readonly json?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

const examples = `
Examples:
  secure-inbox check                                         the shipped templates, in the sandbox
  secure-inbox check --scenario scenarios/key-policy/silent.yaml
                                                             a scenario, in the sandbox
  secure-inbox check --scenario scenarios/*/*.yaml --expect  compare each result with the one its scenario expects
  secure-inbox check --event events/*.json                   test events, in the sandbox
  secure-inbox check --event examples/event.json --function customer_configuration_check
                                                             the deployed Lambda
  secure-inbox check --event examples/event.json --local     on this machine, with your AWS credentials
`;

const usualWait = '15m';

export const checkCommand: CommandModule = {
  declare(command) {
    command
      .argument('[file...]', 'test events or scenarios, recognized by their content')
      .option('--event <file...>', 'test events as JSON or YAML, - for stdin')
      .option('--scenario <file...>', 'scenario files to load into the sandbox')
      .addOption(new Option('--function <name>', 'invoke the deployed Lambda').conflicts(['local', 'scenario']))
      .addOption(
        new Option('--local', 'run the check on this machine, with your AWS credentials').conflicts('scenario'),
      )
      .option('--profile <name>', 'AWS profile for --function and --local (default: AWS_PROFILE)')
      .option('--region <name>', 'AWS Region for --function and --local (default: AWS_REGION)')
      .addOption(
        new Option('--diagnosis <mode>', 'how much to test to explain a denial').choices(namesOf(diagnosisModes)),
      )
      .option(
        '--wait [duration]',
        `also wait for CloudTrail's record of a KMS denial, which takes minutes (default: ${usualWait})`,
      )
      .addOption(
        new Option('--expect', 'exit with 0 if each result is the one its scenario expects').conflicts([
          'function',
          'local',
          'event',
        ]),
      )
      .option('--json', 'print only the reports, as JSON, on stdout')
      .option('--verbose', "also show all evidence, AWS's raw answers and the function's log");
    declareReportFiles(command);
    command.addHelpText('after', `${examples}\n${exitStatusHelp()}`);
  },

  async run(command: Command, surroundings) {
    const options = command.optsWithGlobals<CheckOptions>();
    return withProgress(surroundings, (progress) => runCheck(options, command.args, surroundings, progress));
  },
};

async function runCheck(
  options: CheckOptions,
  args: readonly string[],
  surroundings: CommandSurroundings,
  progress: LiveProgress,
): Promise<ExitStatus> {
  const { event: events = [], scenario: scenarios = [] } = options;
  const files = await readJobFiles({ events, scenarios, either: args }, surroundings.stdin);
  await ensureReportFiles(options);
  if (options.expect && files.events.length > 0) {
    throw new InputError(
      '--expect: compares with the result that a scenario expects for its own event. Leave the test events out.',
    );
  }
  const { diagnosis } = options;
  const waitMs = waitOf(options, usualWait);
  const where = { ...options, ...(waitMs !== undefined && { waitMs }) };
  const { runner, jobs } = await choosePlan(where, files, surroundings.env, progress);
  const explaining: Explaining = {
    ...(diagnosis && { diagnosis }),
    ...(waitMs !== undefined && { lookupEvents: true }),
  };
  const asked = jobs.map((job) => ({ ...job, event: withExplaining(job.event, explaining) }));
  const several = asked.length > 1;
  const page = pageOn(surroundings, options);
  const view = { verbose: options.verbose === true, several };

  const live = liveEvents(asked, surroundings.stderr, progress);
  const outcomes = await runInOrder(runner, asked, live, (outcome, at) => {
    if (several) live.tell(at);
    if (options.json || (options.expect && several && compared(outcome).asExpected)) return;
    const text = renderOutcome(outcome, page, view);
    if (text === '') return;
    progress.end();
    if (outcome.answer.kind !== 'reports') surroundings.stderr.write(text);
    else surroundings.stdout.write(`${text}${several ? '\n' : ''}`);
  }).finally(() => live.end());

  if (options.json) printJson(outcomes, several, surroundings);
  else {
    const rows = outcomes.flatMap(summaryRows);
    if (rows.length > 1) surroundings.stdout.write(renderSummary(rows, page));
  }
  await writeReportFiles(options, outcomes, surroundings.env, progress);
  return options.expect ? compare(outcomes, options, surroundings) : statusOf(outcomes);
}

/** For one event, an object; for several, an array in their order. An event without a report has the reason. */
function printJson(outcomes: readonly JobOutcome[], several: boolean, { stdout, stderr }: CommandSurroundings): void {
  const printed = outcomes.flatMap(({ answer }): readonly unknown[] =>
    answer.kind === 'reports' ? answer.reports : [{ error: { kind: answer.kind, message: answer.message } }],
  );
  const isList = several || outcomes.some(({ answer }) => answer.kind === 'reports' && answer.batch);
  const failed = outcomes.filter(({ answer }) => answer.kind !== 'reports');
  for (const outcome of failed) {
    stderr.write(renderOutcome(outcome, pageFor(stderr.columns, false), { verbose: false, several }));
  }
  if (isList || failed.length === 0) stdout.write(jsonText(isList ? printed : printed[0]));
}

function statusOf(outcomes: readonly JobOutcome[]): ExitStatus {
  return exitStatusOf(
    outcomes.flatMap(({ answer }) => {
      if (answer.kind === 'reports') return answer.reports.map(({ verdict }) => verdict);
      return [answer.kind === 'invalid-event' ? 'invalid-input' : 'inconclusive'];
    }),
  );
}

function compared(outcome: JobOutcome) {
  const { job, answer } = outcome;
  const { title } = job;
  const [report] = answer.kind === 'reports' ? answer.reports : [];
  const expect = job.scenario?.expect;
  if (!report || !expect) return { title, asExpected: false, told: 'NOT as expected: there is no report\n' };
  const score = scoreCheck(report, expect);
  const asExpected = keepsPromises(score);
  return { title, asExpected, told: renderExpectation(report, expect, score, asExpected) };
}

function compare(
  outcomes: readonly JobOutcome[],
  { json }: CheckOptions,
  { stdout, stderr }: CommandSurroundings,
): ExitStatus {
  const all = outcomes.map(compared);
  (json ? stderr : stdout).write(renderExpectations(all));
  return all.every(({ asExpected }) => asExpected) ? 0 : 1;
}
