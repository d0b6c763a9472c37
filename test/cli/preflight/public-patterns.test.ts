import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportSchema } from '../../../core/report.ts';
import { acmeEvent, bucketPolicy, keyPolicy } from './acme.ts';
import { preflight, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

/** Templates modeled on public ones: log archives, landing zones, vendors' onboarding, output of the CDK. */
const templates = join(import.meta.dirname, '../../fixtures/templates/public-patterns');
const { file } = testFolder('patterns');

interface Truth {
  readonly template: string;
  readonly args: readonly string[];
  /** `refused` means exit status 2. */
  readonly verdict: readonly string[];
  readonly bucket?: string;
  readonly layer?: string;
}

const truths = JSON.parse(readFileSync(join(templates, 'truth.json'), 'utf8')) as readonly Truth[];

const documents: Readonly<Record<string, string>> = {
  KEYPOLICY: file('key.json', keyPolicy),
  BUCKETPOLICY: file('bucket.json', bucketPolicy),
};

it.each(truths.map((truth) => [truth.template, truth.args.join(' '), truth] as const))(
  '%s %s',
  async (template, _, { args, verdict, bucket = 'acme-inbox', layer }) => {
    const options = args.map((arg) => documents[arg] ?? arg);
    const given = ['--event', file(`${bucket}.json`, acmeEvent(bucket)), '--inbox-template', join(templates, template)];
    const { status, stdout, stderr } = await preflight('--json', ...given, ...options);
    if (status === 2) {
      expect({ verdict, stderr }).toEqual({ verdict: ['refused'], stderr });
      return;
    }
    const report = reportSchema.parse(JSON.parse(stdout));
    expect({ found: report.verdict, notes: report.notes }).toEqual({
      found: expect.stringMatching(new RegExp(`^(?:${verdict.join('|')})$`)),
      notes: report.notes,
    });
    if (layer !== undefined) expect(report.diagnoses.map(({ denial }) => denial.layer)).toContain(layer);
  },
);
