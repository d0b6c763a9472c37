import path from 'node:path';
import { keepsPromises, preflightIsExact, scoreCheck } from '../../cli/catalog/score-report.ts';
import { jobsInWorlds } from '../../cli/input/jobs.ts';
import { scenarioFilesIn } from '../../cli/input/scenario-files.ts';
import type { FunctionAnswer } from '../../cli/run/job.ts';
import { inSandbox } from '../../cli/run/served-worlds.ts';
import { partitionIn } from '../../core/arn.ts';
import { faultsOf } from '../../model/analysis/faults.ts';
import type { Expectation } from '../../model/world/scenario.ts';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { readScenarioFile, scenarioOf } from '../../sandbox/scenario-files.ts';
import { inPartition, type Partition, partitions, regionsOfPartitions } from '../here.ts';

/**
 * The same scenarios in the other partitions: the denials and their layers must be the same. The catalog is for `aws`.
 */

const folder = path.join(import.meta.dirname, '../../scenarios');

interface Read {
  readonly file: string;
  readonly scenario: ScenarioFile;
}

let read: readonly Read[];
beforeAll(async () => {
  const files = spread((await scenarioFilesIn(folder)).filter((file) => !/\/(partitions|templates)\//.test(file)));
  const all = await Promise.all(
    files.map(async (file) => ({ file, scenario: (await readScenarioFile(file)).scenario })),
  );
  read = all.filter(({ scenario }) => canMove(scenario));
});

/** Some scenarios from every folder. */
const spread = <T>(items: readonly T[]) => items.filter((_, at) => at % 24 === 0);

/** A scenario's own template is a separate file, and only the two known Regions have counterparts. */
function canMove({ customer, ...scenario }: ScenarioFile): boolean {
  const text = JSON.stringify({ customer, ...scenario });
  return customer?.template === undefined && !/\b(?:us|eu|ap|sa|ca)-[a-z]+-\d\b/.test(inPartition('aws-cn', text));
}

function moved(scenario: ScenarioFile, partition: Partition): ScenarioFile {
  const [region] = regionsOfPartitions[partition];
  const there: ScenarioFile = JSON.parse(inPartition(partition, JSON.stringify(scenario)));
  return { ...there, service: { region, ...there.service }, customer: { region, ...there.customer } };
}

it('are at least twenty', () => {
  expect(read.length).toBeGreaterThanOrEqual(20);
});

describe.each(partitions.filter((partition) => partition !== 'aws'))('in the partition %s', (partition) => {
  let results: readonly Readonly<Record<string, unknown>>[];
  beforeAll(async () => {
    const synthesized = await assembly();
    const scenarios = await Promise.all(
      read.map(async ({ file, scenario }) => ({
        file,
        ...(await scenarioOf(moved(scenario, partition), synthesized, file)),
      })),
    );
    const answers: FunctionAnswer[] = [];
    await inSandbox({ bundleDir: synthesized.bundleDir })(jobsInWorlds(scenarios, []), (at, { answer }) => {
      answers[at] = answer;
    });
    results = await Promise.all(
      scenarios.map(async ({ file, world, event, expect: truth }, at) => {
        return {
          file: path.relative(folder, file),
          partition: partitionIn(event.inbox.kmsKeyArn),
          preflight: preflightIsExact(faultsOf(world, event), truth),
          check: scoreOf(answers[at], truth),
        };
      }),
    );
  }, 600_000);

  it('the analysis finds the same faults, and the check keeps its promises', () => {
    expect(results).toEqual(
      read.map(({ file }) => ({ file: path.relative(folder, file), partition, preflight: true, check: true })),
    );
  });
});

function scoreOf(answer: FunctionAnswer | undefined, truth: Expectation): boolean {
  if (answer?.kind !== 'reports') return false;
  return answer.reports.every((report) => keepsPromises(scoreCheck(report, truth)));
}
