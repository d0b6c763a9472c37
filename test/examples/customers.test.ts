import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import type { Report } from '../../core/report.ts';
import { testSurroundings } from '../cli/surroundings.ts';

const examples = join(import.meta.dirname, '../../examples');
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function preflight(...args: readonly string[]) {
  const surroundings = testSurroundings();
  const status = await main(['preflight', ...args, '--json'], surroundings);
  return { status, report: JSON.parse(surroundings.written.stdout) as Report };
}

const deniedBy = ({ diagnoses }: Report) =>
  diagnoses.map(({ denial }) => [denial.layer, denial.action, denial.effect].join(' '));

test("the example customer's policies have the mistakes that its page lists, and can be fixed", async () => {
  const fixed = join(folder, 'fixed');
  const { status, report } = await preflight(join(examples, 'acme'), '--fix', fixed);
  expect(status).toBe(1);
  expect(deniedBy(report)).toEqual([
    'key-policy kms:GenerateDataKey implicit',
    'key-policy kms:Decrypt implicit',
    'bucket-policy s3:PutObject explicit',
  ]);
  expect((await preflight(fixed)).report.verdict).toBe('passed');
});

test('so does the customer’s own template', async () => {
  const { status, report } = await preflight('--inbox-template', join(examples, 'own-template.yaml'));
  expect(status).toBe(1);
  expect(deniedBy(report)).toEqual(['key-policy kms:Decrypt implicit', 'bucket-policy s3:PutObject explicit']);
});
