import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLambdaBundle } from '../../bin/build/lambda-bundle.ts';
import type { Progress } from '../../cli/progress.ts';
import { openAccounts, passedReports } from '../accounts.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { sum } from '../statistics.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const bundleSize: Benchmark = {
  name: 'bundle-size',
  question: 'How much code is deployed, and how much of it does a check that passes load?',
  async measure(progress) {
    const folder = temporaryFolder();
    const { outputs } = buildLambdaBundle(folder);
    const sizes = Object.entries(outputs)
      .filter(([file]) => file.endsWith('.mjs'))
      .map(([file, { bytes }]) => ({ file: resolve(projectRoot, file), bytes }));

    const loaded = await loadedByPassingCheck(progress);
    const loadedBytes = sum(loaded.map(({ bytes }) => bytes));
    const total = sum(sizes.map(({ bytes }) => bytes));
    const { buildWithNodejsFunction } = await import('../nodejs-function.ts');
    const sizeOf = (minify: boolean) => statSync(buildWithNodejsFunction({ bundleAwsSDK: true, minify })).size;
    const single = sizeOf(true);
    return [
      kilobytes('all that a passing check loads', loadedBytes, {
        note: `${loaded.length} files, above all of the AWS SDK`,
      }),
      kilobytes('all chunks', total, { note: `${sizes.length} files, minified` }),
      kilobytes('NodejsFunction with bundleAwsSDK', sizeOf(false), { note: 'one file, not minified' }),
      kilobytes('NodejsFunction with bundleAwsSDK and minify', single),
      { what: 'all that a passing check loads / that one minified file', value: loadedBytes / single, unit: 'ratio' },
    ];
  },
};

const projectRoot = resolve(import.meta.dirname, '../..');

/** What V8 reports as loaded, not what could be loaded. */
async function loadedByPassingCheck(progress: Progress): Promise<readonly { readonly bytes: number }[]> {
  const coverageDir = temporaryFolder();
  const { sandbox, events, startFunction } = await openAccounts(progress, 1);
  try {
    const running = startFunction({ coverageDir });
    try {
      const { answer } = await running.invoke(events[0]);
      passedReports(answer);
    } finally {
      await running.stop();
    }
  } finally {
    await sandbox.stop();
  }
  const files = scriptsIn(coverageDir);
  const entry = files.find((file) => file.endsWith('/handler.mjs'));
  if (entry === undefined) throw new Error('V8 wrote no account of the bundle');
  return files.filter((file) => file.startsWith(dirname(entry))).map((file) => ({ bytes: statSync(file).size }));
}

/** https://nodejs.org/api/cli.html#node_v8_coveragedir */
function scriptsIn(coverageDir: string): readonly string[] {
  const [account] = readdirSync(coverageDir);
  if (account === undefined) throw new Error('V8 wrote no coverage');
  const { result } = JSON.parse(readFileSync(join(coverageDir, account), 'utf8')) as {
    readonly result: readonly { readonly url: string }[];
  };
  return result.filter(({ url }) => url.startsWith('file:')).map(({ url }) => fileURLToPath(url));
}

function kilobytes(what: string, bytes: number, more: Pick<Figure, 'goal' | 'note'> = {}): Figure {
  return { what, value: bytes / 1000, unit: 'kB', ...more };
}
