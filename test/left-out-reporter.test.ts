import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const reporter = pathToFileURL(join(import.meta.dirname, 'left-out-reporter.mjs')).href;

function lastWordsOf(...tests: readonly (readonly [state: string, fullName: string])[]): string {
  const script = `const { default: Reporter } = await import(${JSON.stringify(reporter)});
    const tests = ${JSON.stringify(tests)};
    const allTests = (asked) => tests.filter(([state]) => state === asked).map(([, fullName]) => ({ fullName }));
    new Reporter().onTestRunEnd([{ children: { allTests } }]);
    process.stderr.write('summary\\n');`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stderr;
}

test('prints left-out tests last, grouped by reason', () => {
  expect(
    lastWordsOf(
      ['passed', 'one'],
      ['skipped', 'in Chromium [left out: no Chromium] clicks'],
      ['skipped', 'in Chromium [left out: no Chromium] prints'],
      ['skipped', 'refuses [left out: root may write everywhere]'],
      ['failed', 'other [left out: nothing]'],
    ),
  ).toBe('summary\n\nLeft out on this machine:\n  2 tests: no Chromium\n  1 test: root may write everywhere\n');
});

test('prints nothing if no test was left out', () => {
  expect(lastWordsOf(['passed', 'one'])).toBe('summary\n');
});
