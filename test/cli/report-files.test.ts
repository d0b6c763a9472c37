import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureReportFiles, writeReportFiles } from '../../cli/output-files.ts';
import { noProgress, type Progress } from '../../cli/progress.ts';
import type { JobOutcome } from '../../cli/run/job.ts';
import { deniedReport } from './reports.ts';

const outcomes: readonly JobOutcome[] = [
  {
    job: { title: 'acme.json', event: {} },
    answer: { kind: 'reports', reports: [deniedReport], batch: false },
    log: [],
  },
];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('each requested file is written, and overwritten', async () => {
  const files = { html: join(folder, 'report.html'), junit: join(folder, 'report.xml') };
  const stages: string[] = [];
  const progress: Progress = { ...noProgress, stage: (text) => stages.push(text) };
  for (const _ of ['first', 'again']) {
    await ensureReportFiles(files);
    await writeReportFiles(files, outcomes, {}, progress);
  }
  expect(readFileSync(files.html, 'utf8')).toMatch(/^<!doctype html/);
  expect(readFileSync(files.junit, 'utf8')).toMatch(/^<\?xml[^>]*>\s*<testsuites /);
  expect(stages.slice(0, 2)).toEqual([files.html, files.junit].map((file) => expect.stringContaining(file)));
});

test('a file of another type is kept, and named with its option', async () => {
  const junit = join(folder, 'acme.json');
  writeFileSync(junit, '{}');
  await expect(ensureReportFiles({ junit })).rejects.toThrow(/^--junit .*acme\.json: .*JUnit XML/);
});

test("appends to the step's summary", async () => {
  const summary = join(folder, 'summary.md');
  writeFileSync(summary, '# before\n');
  await writeReportFiles({}, outcomes, { GITHUB_STEP_SUMMARY: summary }, noProgress);
  expect(readFileSync(summary, 'utf8')).toMatch(/^# before\n## Secure Inbox configuration check\n/);
});

test('a summary that cannot be written is reported, but the run does not fail', async () => {
  const stages: string[] = [];
  const progress: Progress = { ...noProgress, stage: (text) => stages.push(text) };
  const summary = join(folder, 'no', 'summary.md');
  await writeReportFiles({}, outcomes, { GITHUB_STEP_SUMMARY: summary }, progress);
  expect(stages).toEqual([expect.stringMatching(/^GITHUB_STEP_SUMMARY .*summary\.md: /)]);
});
