import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordingRow, recordingFormat } from '../../../cli/conformance/carry-out-plan.ts';
import { SandboxChecker } from '../../../cli/conformance/checkers.ts';
import { differences } from '../../../cli/conformance/compare-answers.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { replayed } from './replayed.ts';

const folder = join(import.meta.dirname, '../../fixtures/conformance');
const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
const rows = files.flatMap((file) =>
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line, at): [place: string, row: RecordingRow] => [`${file}:${at + 1}`, JSON.parse(line)]),
);

it('holds recordings of AWS only', () => {
  expect(rows.filter(([, row]) => row.format !== recordingFormat || row.from !== 'AWS')).toEqual([]);
});

it("the sandbox gives AWS's recorded answers in each world", async () => {
  const synthesized = await assembly();
  const sandbox = new SandboxChecker(synthesized.bundleDir);
  const found: unknown[] = [];
  try {
    for (const [place, row] of rows) {
      const different = differences(row.observed, await replayed(row, synthesized, sandbox));
      if (different.length > 0) found.push({ place, file: row.file, different });
    }
  } finally {
    await sandbox.end();
  }
  expect(found).toEqual([]);
});
