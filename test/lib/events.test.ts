import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeInWorld } from '../../cli/run/function-settings.ts';
import type { Report } from '../../core/report.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { type RunningFunction, startFunction } from '../../sandbox/lambda-runtime.ts';
import { defaultScenario } from '../../sandbox/scenario-files.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { projectRoot } from './synthesized.ts';

const folder = join(projectRoot, 'events');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const rows = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| `(\S+\.json)` +\|.*\| (.*?) +\|$/gm)];

/** The README's words for each file, with the verdicts that they mean. */
const outcomes: Readonly<Record<string, readonly string[]>> = {
  passes: ['passed'],
  'denied `s3:PutObject`': ['denied'],
  'denied `s3:PutObjectAcl`': ['denied'],
  'the second is denied': ['passed', 'denied', 'passed'],
};

let sandbox: Sandbox;
let check: RunningFunction;

beforeAll(async () => {
  const synthesized = await assembly();
  const { world } = await defaultScenario(synthesized);
  sandbox = await startSandbox({ world });
  check = startFunction({ bundleDir: synthesized.bundleDir, ...placeInWorld(world, sandbox.url) });
}, 60_000);

afterAll(async () => {
  await check?.stop();
  await sandbox?.stop();
});

it('explains every file', () => {
  expect(rows.map(([, file]) => file).sort()).toEqual(files.sort());
});

it.each(rows.map(([, file = '', outcome = '']) => ({ file, outcome })))(
  '$file: $outcome',
  async ({ file, outcome }) => {
    const answer = (await check.invoke(JSON.parse(readFileSync(join(folder, file), 'utf8')))) as
      | Report
      | { readonly reports: readonly Report[] };
    const reports = 'reports' in answer ? answer.reports : [answer];
    expect(reports.map(({ verdict }) => verdict)).toEqual(outcomes[outcome]);
  },
);
