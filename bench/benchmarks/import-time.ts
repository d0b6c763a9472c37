import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildLambdaBundle } from '../../bin/build/lambda-bundle.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { compare, spreadOf } from '../statistics.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const rounds = 15;
const run = promisify(execFile);

/** The goal is about the first one, which also includes the SDK. */
const others = [
  {
    name: 'NodejsFunction with bundleAwsSDK',
    settings: { bundleAwsSDK: true },
    goal: { atMost: 0.8 },
    note: 'one CommonJS file with all of the code, not minified: but for the SDK in it, the defaults',
  },
  {
    name: 'NodejsFunction by default',
    settings: {},
    goal: { atMost: 0.8 },
    note: 'the SDK is not in the bundle: the installed one stands in for that of the Lambda runtime',
  },
  { name: 'NodejsFunction with bundleAwsSDK and minify', settings: { bundleAwsSDK: true, minify: true } },
] as const;

export const importTime: Benchmark = {
  name: 'import-time',
  question: "How long does the bundle take to load, against the same code bundled by the CDK's NodejsFunction?",
  async measure(progress) {
    progress.stage(`Bundling in ${others.length + 1} ways…`);
    const folder = temporaryFolder();
    buildLambdaBundle(folder);
    const { buildWithNodejsFunction } = await import('../nodejs-function.ts');
    const files = [join(folder, 'handler.mjs'), ...others.map(({ settings }) => buildWithNodejsFunction(settings))];

    // The first import reads the files from disk.
    for (const file of files) await importOnce(file);
    const times: (readonly number[])[] = [];
    for (let round = 0; round < rounds; round++) {
      progress.counter(`round ${round + 1} of ${rounds}`);
      const inTurn: number[] = [];
      for (const file of files) inTurn.push(await importOnce(file));
      times.push(inTurn);
    }

    const timesOf = (at: number) => times.map((inTurn) => inTurn[at] ?? Number.NaN);
    const ratios = others.flatMap(({ name, ...more }, at): readonly Figure[] => {
      const { fastest, pairs } = compare(timesOf(0).map((ours, round) => [ours, timesOf(at + 1)[round] ?? Number.NaN]));
      const goal = 'goal' in more && { goal: more.goal };
      const note = 'note' in more && { note: more.note };
      return [
        { what: `fastest import / fastest of ${name}`, value: fastest, unit: 'ratio', ...goal, ...note },
        { what: `import / that of ${name}, in pairs`, value: pairs.median, unit: 'ratio', ...goal, spread: pairs },
      ];
    });
    return [
      ...ratios,
      ...['this bundle', ...others.map(({ name }) => name)].map((name, at) => importOf(name, timesOf(at))),
    ];
  },
};

function importOf(name: string, samples: readonly number[]): Figure {
  const spread = spreadOf(samples);
  return { what: `import of ${name}, the fastest`, value: spread.min, unit: 'ms', spread };
}

/** In a process that has loaded nothing else, with Lambda's settings only. */
async function importOnce(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, '../import-once.mjs'), file], {
    env: {
      AWS_REGION: 'us-east-1',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  return Number(stdout);
}
