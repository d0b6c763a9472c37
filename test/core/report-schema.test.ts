import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { main } from '../../cli/main.ts';
import { type Report, reportSchema } from '../../core/report.ts';
import { verdicts } from '../../core/vocabulary.ts';
import { reportSchemaText } from '../../docs/generators/report-schema.ts';
import { testSurroundings } from '../cli/surroundings.ts';
import { s3Error, startFakeAws } from '../lambda/fake-aws.ts';
import { environmentFor, newEvent, newHandler, reportOf } from '../lambda/invocation.ts';

const handler = newHandler();

const root = join(import.meta.dirname, '../..');
const published = readFileSync(join(root, 'docs/report.schema.json'), 'utf8');

test('docs/report.schema.json is what npm run docs:schema writes', () => {
  expect(published).toBe(reportSchemaText());
});

describe('real reports are as the schema says, and as the published one does', () => {
  const reports: Report[] = [];

  beforeAll(async () => {
    const scenarios = ['everything-in-order', 'key-policy/silent', 'key-state/disabled'];
    const files = scenarios.map((name) => join(root, `scenarios/${name}.yaml`));
    const surroundings = testSurroundings();
    await main(['check', '--json', '--scenario', ...files], surroundings);
    reports.push(...(JSON.parse(surroundings.written.stdout) as Report[]), await throttledReport());
  });

  test('there is one for every verdict', () => {
    expect(reports.map(({ verdict }) => verdict)).toEqual(Object.keys(verdicts));
  });

  test.each([0, 1, 2, 3])('report %i', (at) => {
    const report = reports[at];
    expect(reportSchema.parse(report)).toEqual(report);
    expect(schemaOfReaders.parse(report)).toEqual(report);
  });

  test.each<[string, (report: Report) => unknown]>([
    ['a field that is in no report', (report) => ({ ...report, color: 'red' })],
    ['a verdict that there is not', (report) => ({ ...report, verdict: 'perhaps' })],
    ['a step without a status', (report) => ({ ...report, steps: [{ step: 'put-internal', durationMs: 1 }] })],
    ['another version', (report) => ({ ...report, schemaVersion: 2 })],
  ])('%s is refused by both', (_, change) => {
    for (const report of reports) {
      expect(reportSchema.safeParse(change(report)).success).toBe(false);
      expect(schemaOfReaders.safeParse(change(report)).success).toBe(false);
    }
  });
});

/** As a reader sees it who only has the file. */
const schemaOfReaders = z.fromJSONSchema(JSON.parse(published) as Parameters<typeof z.fromJSONSchema>[0]);

async function throttledReport(): Promise<Report> {
  const original = process.env;
  const aws = await startFakeAws();
  try {
    process.env = environmentFor(aws.url);
    aws.answers = { PutObject: () => s3Error(503, 'SlowDown') };
    return await reportOf(handler, newEvent());
  } finally {
    process.env = original;
    await aws.stop();
  }
}
