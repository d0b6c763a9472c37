import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../cli/main.ts';
import { reportSchema } from '../../../core/report.ts';
import { testSurroundings } from '../surroundings.ts';

vi.mock('../../../cli/preflight/warm-sandbox.ts', () => import('./modelled-sandbox.ts'));

const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-kinds-'));
afterAll(() => rmSync(folder, { recursive: true }));

const role = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
const keyArn = 'arn:aws:kms:us-east-1:222222222222:key/11111111-2222-4333-8444-555555555555';
const allow = (AWS: string, Action: string | string[], Resource: string) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action,
  Resource,
});
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const bucketPolicy = policy({ ...allow(role, 's3:PutObject', 'arn:aws:s3:::acme-inbox/*'), Sid: 'Größe' });
const keyPolicy = policy(
  allow('arn:aws:iam::222222222222:root', 'kms:*', '*'),
  allow(role, ['kms:GenerateDataKey', 'kms:Decrypt'], '*'),
);

function file(name: string, content: Buffer | string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

const event = file('event.json', {
  customer: 'acme',
  inbox: {
    accountId: '222222222222',
    region: 'us-east-1',
    bucket: 'acme-inbox',
    kmsKeyArn: keyArn,
    prefix: 'reports/',
  },
  deliveryRoleArn: role,
});

async function preflight(...args: readonly string[]) {
  const surroundings = testSurroundings();
  const status = await main(['preflight', '--json', ...args], surroundings);
  return { status, ...surroundings.written };
}

async function verdictOf(...args: readonly string[]) {
  const { stdout, stderr } = await preflight(...args);
  if (stdout === '') throw new Error(stderr);
  return reportSchema.parse(JSON.parse(stdout)).verdict;
}

const text = JSON.stringify(bucketPolicy);

it.each<readonly [string, Buffer | string | object, RegExp]>([
  ['main.tf', 'resource "aws_s3_bucket" "inbox" {\n  bucket = "acme-inbox"\n}\n', /is Terraform source.*show -json/],
  ['inbox.ts', "import { Stack } from 'aws-cdk-lib';\n", /is source of the CDK.*cdk\.out/],
  ['stack.py', 'import aws_cdk as cdk\n', /is source of the CDK/],
  ['index.ts', "import * as aws from '@pulumi/aws';\n", /is source of Pulumi/],
  ['Pulumi.yaml', 'name: inbox\nruntime: nodejs\n', /is a project file of Pulumi/],
  ['terraform.tfstate', { version: 4, terraform_version: '1.9.5', lineage: 'a', resources: [] }, /is a state file/],
  ['stack.json', { version: 3, deployment: { manifest: {}, resources: [] } }, /is a stack of Pulumi/],
  ['cdk.json', { app: 'npx tsx bin/app.ts', context: {} }, /is the CDK's configuration/],
  ['report.json', { schemaVersion: 1, verdict: 'passed', steps: [] }, /is a report/],
  ['trail.json', { Records: [] }, /is a log of CloudTrail/],
  [
    'default.json',
    { Statement: [{ ...allow('', '*', '*'), Principal: '*' }] },
    /AWS's default policy of VPC endpoints/,
  ],
  [
    'trust.json',
    policy({ ...allow(role, 'sts:AssumeRole', ''), Resource: undefined }),
    /is the trust policy of a role/,
  ],
  ['page.yaml', '<!DOCTYPE html><html></html>', /is a web page/],
  ['archive.json', Buffer.from('PK\x03\x04…'), /is a ZIP archive/],
  ['scan.json', Buffer.from('%PDF-1.7'), /is a PDF/],
  ['latin.json', Buffer.from(text, 'latin1'), /is not UTF-8: line 1 has the byte 0xF6.*UTF-8/],
  ['utf16.json', Buffer.from(text, 'utf16le'), /is UTF-16 without a byte order mark/],
])('%s is named for what it is', async (name, content, why) => {
  const { status, stdout, stderr } = await preflight('--event', event, file(name, content));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(why);
});

it('reads UTF-16 of either order where it has a mark', async () => {
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  expect(await verdictOf('--event', event, '--bucket-policy', file('le.json', little))).toBe('passed');
  const big = Buffer.from(little).swap16();
  expect(await verdictOf('--event', event, '--bucket-policy', file('be.json', big))).toBe('passed');
});

it('takes a file behind --event for a document, whatever it holds', async () => {
  expect(await verdictOf('--event', event, file('bucket.json', bucketPolicy))).toBe('passed');
  const silent = policy(allow('arn:aws:iam::222222222222:root', 'kms:*', '*'));
  expect(await verdictOf('--event', event, file('key.json', silent))).toBe('denied');
});

describe('what terraform show -json prints', () => {
  const resource = (address: string, values: object) => ({ address, type: address.split('.').at(-2), values });
  const plan = (key: object) => ({
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          resource('aws_s3_bucket_policy.logs', { policy: text.replaceAll('acme-inbox', 'acme-logs') }),
          resource('aws_instance.web', { policy: 'none' }),
        ],
        child_modules: [
          {
            resources: [
              resource('module.inbox.aws_s3_bucket_policy.this', { policy: text }),
              resource('module.inbox.aws_kms_key.this', key),
            ],
          },
        ],
      },
    },
    resource_changes: [{ address: 'module.inbox.aws_kms_key.this', change: { after_unknown: { policy: true } } }],
  });

  it('is read for its policies, the one of the event where there are several', async () => {
    const good = file('plan.json', plan({ policy: JSON.stringify(keyPolicy) }));
    expect(await verdictOf('--event', event, good)).toBe('passed');
    const silent = JSON.stringify(policy(allow('arn:aws:iam::222222222222:root', 'kms:*', '*')));
    const { stdout } = await preflight('--event', event, file('plan.json', plan({ policy: silent })));
    const { diagnoses } = reportSchema.parse(JSON.parse(stdout));
    expect(diagnoses.map(({ denial }) => denial.layer)).toContain('key-policy');
  });

  it('says where nothing of it is known before it is applied', async () => {
    const root = { resources: [resource('aws_kms_key.this', {})] };
    const pending = { address: 'aws_kms_key.this', change: { after_unknown: { policy: true } } };
    const content = { format_version: '1.2', planned_values: { root_module: root }, resource_changes: [pending] };
    const { status, stderr } = await preflight('--event', event, file('unknown.json', content));
    expect(status).toBe(2);
    expect(stderr).toMatch(/aws_kms_key\.this are known only after it is applied/);
  });
});

it('names files of a folder that it does not read, and reads the others', async () => {
  const customer = join(folder, 'customer');
  mkdirSync(customer);
  file('customer/main.tf', 'terraform {}');
  file('customer/bucket-policy.json', bucketPolicy);
  const surroundings = testSurroundings();
  await main(['preflight', customer], surroundings);
  expect(surroundings.written.stdout.replaceAll(/\s+/g, ' ')).toMatch(/main\.tf not used: is Terraform source/);
});
