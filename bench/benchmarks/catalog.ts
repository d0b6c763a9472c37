import { runCatalog } from '../../cli/catalog/run-catalog.ts';
import { scenarioFilesIn } from '../../cli/input/scenario-files.ts';
import { noProgress } from '../../cli/progress.ts';
import { prepareSandbox } from '../../cli/run/prepare-sandbox.ts';
import type { Benchmark } from '../benchmark.ts';
import { spreadOf } from '../statistics.ts';

/** Each runs its share of the scenarios, with all types mixed; together they run each scenario once. */
const rounds = 3;

export const catalog: Benchmark = {
  name: 'catalog',
  question: 'How many scenarios are run in a second, and what does one more of them cost?',
  async measure(progress) {
    const files = await scenarioFilesIn('scenarios');
    const [first] = files;
    if (first === undefined || files.length < 2 * rounds) throw new Error(`It takes ${2 * rounds} scenarios or more.`);
    await prepareSandbox(progress);
    await milliseconds(() => runCatalog({ files: [first], progress: noProgress }));

    const aSecond: number[] = [];
    const furtherMs: number[] = [];
    let failed = 0;
    for (let round = 0; round < rounds; round++) {
      progress.counter(`round ${round + 1} of ${rounds}`);
      const one = await milliseconds(() => runCatalog({ files: [first], progress: noProgress }));
      const share = files.filter((_, at) => at % rounds === round);
      const several = await milliseconds(async () => {
        const { failedToLoad } = await runCatalog({ files: share, progress: noProgress });
        failed += failedToLoad.length;
      });
      aSecond.push((share.length / several) * 1000);
      furtherMs.push((several - one) / (share.length - 1));
    }
    const further = spreadOf(furtherMs);
    const rate = spreadOf(aSecond);
    return [
      { what: 'scenarios run, the fastest round', value: rate.max, unit: 'a second', spread: rate },
      {
        what: 'each further scenario',
        value: further.min,
        unit: 'ms',
        goal: { atMost: 150 },
        spread: further,
        note: 'the fastest round; two at a time, and the analysis of both accounts besides',
      },
      { what: 'scenarios', value: files.length, unit: 'scenarios' },
      { what: 'of these could not be loaded', value: failed, unit: 'scenarios', goal: { atMost: 0 } },
    ];
  },
};

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
