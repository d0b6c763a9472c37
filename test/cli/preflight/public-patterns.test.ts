import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../cli/main.ts';
import { reportSchema } from '../../../core/report.ts';
import { testSurroundings } from '../surroundings.ts';
import { acmeEvent, deliveryRole as role } from './acme-event.ts';

vi.mock('../../../cli/preflight/warm-sandbox.ts', () => import('./modelled-sandbox.ts'));

/** Templates written after public ones: log archives, landing zones, vendors' onboarding, what the CDK synthesizes. */
const templates = join(import.meta.dirname, '../../fixtures/templates/public-patterns');
const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-patterns-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Truth {
  readonly template: string;
  readonly args: readonly string[];
  /** `refused` is exit status 2. */
  readonly verdict: readonly string[];
  readonly bucket?: string;
  readonly layer?: string;
}

const truths = JSON.parse(readFileSync(join(templates, 'truth.json'), 'utf8')) as readonly Truth[];

const written = (name: string, content: object): string => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return join(folder, name);
};
const allow = (Action: string | readonly string[], Resource: string, Principal: string) => ({
  Effect: 'Allow',
  Principal: { AWS: Principal },
  Action,
  Resource,
});
const documents: Readonly<Record<string, string>> = {
  KEYPOLICY: written('key.json', {
    Version: '2012-10-17',
    Statement: [
      allow('kms:*', '*', 'arn:aws:iam::222222222222:root'),
      allow(['kms:GenerateDataKey', 'kms:Decrypt'], '*', role),
    ],
  }),
  BUCKETPOLICY: written('bucket.json', {
    Version: '2012-10-17',
    Statement: [allow('s3:PutObject', 'arn:aws:s3:::acme-inbox/*', role)],
  }),
};

function eventFor(bucket: string): string {
  return written(`${bucket}.json`, acmeEvent(bucket));
}

it.each(truths.map((truth) => [truth.template, truth.args.join(' '), truth] as const))(
  '%s %s',
  async (template, _, { args, verdict, bucket = 'acme-inbox', layer }) => {
    const surroundings = testSurroundings();
    const given = args.map((arg) => documents[arg] ?? arg);
    const status = await main(
      ['preflight', '--json', '--event', eventFor(bucket), '--inbox-template', join(templates, template), ...given],
      surroundings,
    );
    const { stdout, stderr } = surroundings.written;
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
