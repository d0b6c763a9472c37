import { join } from 'node:path';
import { acmeEvent, administrator, allow, keyArn, keyPolicy, policy, deliveryRole as role, silentKey } from './acme.ts';
import { preflight, preflightReport, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

const { folder, file } = testFolder('kinds');

const bucketPolicy = policy({ ...allow(role, 's3:PutObject', 'arn:aws:s3:::acme-inbox/*'), Sid: 'Größe' });
const event = file('event.json', acmeEvent());

const verdictOf = async (...args: readonly string[]) => (await preflightReport(...args)).verdict;

const text = JSON.stringify(bucketPolicy);

it.each<readonly [string, Buffer | string | object, RegExp]>([
  ['main.tf', 'resource "aws_s3_bucket" "inbox" {\n  bucket = "acme-inbox"\n}\n', /is Terraform source.*show -json/],
  ['indented.tf', '# ours\n\n \r\n\t data "aws_iam_policy_document" "inbox" {\n}\n', /is Terraform source/],
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
])('the message names the type of %s', async (name, content, why) => {
  const { status, stdout, stderr } = await preflight('--event', event, file(name, content));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(why);
});

describe('a folder without a bucket policy is rejected if it has', () => {
  const statement = 'policy = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}';
  it.each([
    ['bucket-policy.json.bak', text],
    ['bucket_policy.json.tftpl', text],
    ['bucket-policy.png', 'no picture'],
    ['answer.txt', 'An error occurred (AccessDenied) when calling the GetBucketPolicy operation: Access Denied'],
    ['put.sh', `aws s3api put-bucket-policy --bucket acme-inbox --policy '{"Statement": [${statement}]}'`],
    ['put.py', `import boto3\n${statement}\ns3.put_bucket_policy(Bucket="acme-inbox", Policy=json.dumps(policy))`],
    ['put.ts', `await s3.send(new PutBucketPolicyCommand({ Policy: JSON.stringify({ Statement: [] }) }));`],
  ])('%s', async (name, content) => {
    const inside = `unread/${name.replaceAll('.', '-')}`;
    file(`${inside}/event.json`, acmeEvent());
    file(`${inside}/key-policy.json`, keyPolicy);
    file(`${inside}/${name}`, content);
    const { status, stderr } = await preflight(join(folder, inside));
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(`${name}: .*No other file is the bucket policy`),
    });
    file(`${inside}/bucket-policy.json`, bucketPolicy);
    expect(await verdictOf(join(folder, inside))).toBe('passed');
  });
});

it('reads UTF-16 in either byte order with a byte order mark', async () => {
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  expect(await verdictOf('--event', event, '--bucket-policy', file('le.json', little))).toBe('passed');
  const big = Buffer.from(little).swap16();
  expect(await verdictOf('--event', event, '--bucket-policy', file('be.json', big))).toBe('passed');
});

it('treats a file after --event as a document, whatever it contains', async () => {
  expect(await verdictOf('--event', event, file('bucket.json', bucketPolicy))).toBe('passed');
  expect(await verdictOf('--event', event, file('key.json', silentKey))).toBe('denied');
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

  it("is read for its policies; if there are several, for the event's", async () => {
    const good = file('plan.json', plan({ policy: JSON.stringify(keyPolicy) }));
    expect(await verdictOf('--event', event, good)).toBe('passed');
    const silent = file('plan.json', plan({ policy: JSON.stringify(silentKey) }));
    const { diagnoses } = await preflightReport('--event', event, silent);
    expect(diagnoses.map(({ denial }) => denial.layer)).toContain('key-policy');
  });

  it('refuses a folder whose bucket policy is known only after the plan is applied', async () => {
    const found = plan({ policy: JSON.stringify(keyPolicy) });
    const bucket = resource('aws_s3_bucket_policy.inbox', {});
    const pending = { address: bucket.address, change: { after_unknown: { policy: true } } };
    const content = {
      ...found,
      planned_values: {
        root_module: { resources: [bucket, resource('aws_kms_key.this', { policy: JSON.stringify(keyPolicy) })] },
      },
      resource_changes: [pending],
    };
    file('pending/event.json', acmeEvent());
    file('pending/plan.json', content);
    const { status, stderr } = await preflight(join(folder, 'pending'));
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /aws_s3_bucket_policy\.inbox is known only after it is applied\. No other file is the bucket/,
    );
  });

  it.each([
    ['a plan', 'planned_values', {}],
    ['a state', 'values', { policy: '' }],
  ])('refuses a folder with %s of a bucket without a policy', async (name, values, policyOfBucket) => {
    const key = resource('aws_kms_key.this', { policy: JSON.stringify(keyPolicy) });
    const bucket = resource('aws_s3_bucket.inbox', { bucket: 'acme-inbox', ...policyOfBucket });
    file(`${name}/event.json`, acmeEvent());
    file(`${name}/show.json`, { format_version: '1.2', [values]: { root_module: { resources: [bucket, key] } } });
    const { status, stderr } = await preflight(join(folder, name));
    expect(status).toBe(2);
    expect(stderr).toContain('aws_s3_bucket.inbox');
  });

  describe('has policies of several resources', () => {
    const other = text.replaceAll('acme-inbox', 'acme-logs');
    const silentText = JSON.stringify(silentKey);
    const goodText = JSON.stringify(keyPolicy);
    const otherKey = keyArn.replace('555', '666');
    const publicText = text.replace(role, '*').replaceAll('Allow', 'Deny');
    const inbox = resource('aws_s3_bucket_policy.inbox', { bucket: 'acme-inbox', policy: text });
    const goodKey = resource('aws_kms_key.inbox', { policy: goodText });
    const scp = policy({ Effect: 'Deny', Action: 's3:*', Resource: '*' });
    const rcp = policy({ ...scp.Statement[0], Principal: '*' });

    it.each<readonly [string, readonly object[], string | RegExp]>([
      [
        "those of another bucket's, whose name begins alike",
        [inbox, goodKey, resource('aws_s3_bucket_policy.logs', { bucket: 'acme-inbox-logs', policy: other })],
        'passed',
      ],
      [
        'those of buckets that are not known yet',
        [
          resource('aws_s3_bucket_policy.inbox', { policy: text }),
          goodKey,
          resource('aws_s3_bucket_policy.logs', { policy: text.replaceAll('acme-inbox', 'acme-inbox-logs') }),
        ],
        'passed',
      ],
      [
        'that of another bucket alone',
        [goodKey, resource('aws_s3_bucket_policy.logs', { bucket: 'acme-logs', policy: other })],
        /has the policy of another resource/,
      ],
      [
        'two for the same bucket, of which one names the role',
        [inbox, goodKey, resource('aws_s3_bucket_policy.more', { bucket: 'acme-inbox', policy: publicText })],
        /would each be the bucket policy/,
      ],
      [
        "a state's bucket, with what its policy's own resource says",
        [
          inbox,
          goodKey,
          resource('aws_s3_bucket.inbox', { bucket: 'acme-inbox', arn: 'arn:aws:s3:::acme-inbox', policy: other }),
        ],
        'passed',
      ],
      [
        'the policy of a key by another resource',
        [inbox, resource('aws_kms_key.inbox', {}), resource('aws_kms_key_policy.p', { policy: goodText })],
        'passed',
      ],
      ['which counts', [inbox, goodKey, resource('aws_kms_key_policy.p', { policy: silentText })], 'denied'],
      [
        'keys that are there',
        [
          inbox,
          resource('aws_kms_key.a', { arn: otherKey, policy: goodText }),
          resource('aws_kms_key.b', { arn: keyArn, policy: silentText }),
        ],
        'denied',
      ],
      [
        'a key without a policy that is known',
        [inbox, resource('aws_kms_key.inbox', {})],
        /has no policy of aws_kms_key/,
      ],
      [
        'a key whose material is imported',
        [inbox, resource('aws_kms_external_key.k', { policy: silentText })],
        'denied',
      ],
      [
        'resources of the Cloud Control provider',
        [goodKey, resource('awscc_s3_bucket_policy.p', { bucket: 'acme-inbox', policy_document: other })],
        'denied',
      ],
      [
        'a resource control policy',
        [
          inbox,
          goodKey,
          resource('aws_organizations_policy.r', { type: 'RESOURCE_CONTROL_POLICY', content: JSON.stringify(rcp) }),
        ],
        'denied',
      ],
      [
        'a service control policy',
        [
          inbox,
          goodKey,
          resource('aws_organizations_policy.s', { type: 'SERVICE_CONTROL_POLICY', content: JSON.stringify(scp) }),
        ],
        'passed',
      ],
      [
        'one of another type',
        [inbox, goodKey, resource('aws_organizations_policy.t', { type: 'TAG_POLICY', content: '{}' })],
        'passed',
      ],
    ])('%s', async (name, resources, expected) => {
      const at = `several/${name.replaceAll(/\W+/g, '-')}`;
      file(`${at}/event.json`, acmeEvent());
      file(`${at}/show.json`, { format_version: '1.0', values: { root_module: { resources } } });
      if (typeof expected === 'string') expect(await verdictOf(join(folder, at))).toBe(expected);
      else
        expect(await preflight(join(folder, at))).toMatchObject({ status: 2, stderr: expect.stringMatching(expected) });
    });

    it('lists those of other resources, and of endpoints, as not used', async () => {
      const endpoint = resource('aws_vpc_endpoint.s3', { service_name: 'com.amazonaws.us-east-1.s3', policy: text });
      const logs = resource('aws_s3_bucket_policy.logs', { bucket: 'acme-logs', policy: other });
      file('unused/event.json', acmeEvent());
      file('unused/show.json', {
        format_version: '1.0',
        values: { root_module: { resources: [inbox, goodKey, logs, endpoint] } },
      });
      const { stdout } = await preflight(join(folder, 'unused'));
      expect([...stdout.matchAll(/#(\S+)\s+not used/g)].map(([, address]) => address)).toEqual([
        'aws_s3_bucket_policy.logs',
        'aws_vpc_endpoint.s3',
      ]);
    });

    it('is rejected if Terraform could not finish the plan', async () => {
      const errored = {
        format_version: '1.2',
        errored: true,
        planned_values: { root_module: { resources: [inbox, goodKey] } },
      };
      expect(await preflight('--event', event, file('errored.json', errored))).toMatchObject({ status: 2 });
    });
  });

  describe('has settings', () => {
    const publicPolicy = policy({ ...allow('', 's3:PutObject', 'arn:aws:s3:::acme-inbox/*'), Principal: '*' });
    const context = { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::acme-inbox/*' };
    const use = allow(role, ['kms:GenerateDataKey', 'kms:Decrypt'], '*');
    const ofContext = policy(administrator, { ...use, Condition: { StringLike: context } });
    const restricting = { restrict_public_buckets: true, block_public_acls: true };
    const encryption = {
      bucket: 'acme-inbox',
      rule: [
        {
          apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: keyArn }],
          bucket_key_enabled: true,
        },
      ],
    };
    const granted = { grantee_principal: role, operations: ['GenerateDataKey', 'Decrypt'], constraints: [] };

    it.each<readonly [string, object, object, readonly object[], string]>([
      ['a disabled key', bucketPolicy, { is_enabled: false }, [], 'misconfigured'],
      [
        'another key that is disabled',
        bucketPolicy,
        {},
        [resource('aws_kms_key.other', { is_enabled: false, arn: keyArn.replace('555', '666'), policy: '{}' })],
        'passed',
      ],
      [
        'public buckets restricted',
        publicPolicy,
        {},
        [resource('aws_s3_bucket_public_access_block.b', { bucket: 'acme-inbox', ...restricting })],
        'denied',
      ],
      [
        'public buckets restricted, the bucket not known yet',
        publicPolicy,
        {},
        [resource('aws_s3_bucket_public_access_block.b', restricting)],
        'denied',
      ],
      [
        'public buckets of another restricted',
        publicPolicy,
        {},
        [resource('aws_s3_bucket_public_access_block.b', { bucket: 'acme-logs', ...restricting })],
        'inconclusive',
      ],
      [
        'a bucket key',
        bucketPolicy,
        { policy: JSON.stringify(ofContext) },
        [resource('aws_s3_bucket_server_side_encryption_configuration.b', encryption)],
        'denied',
      ],
      [
        'a grant',
        bucketPolicy,
        { policy: JSON.stringify(silentKey) },
        [resource('aws_kms_grant.g', { key_id: keyArn.split('/')[1], ...granted })],
        'passed',
      ],
      [
        'a grant on another key',
        bucketPolicy,
        { policy: JSON.stringify(silentKey) },
        [resource('aws_kms_grant.g', { key_id: 'a1b2', ...granted })],
        'denied',
      ],
      [
        'a grant on a key that is not known yet',
        bucketPolicy,
        { policy: JSON.stringify(silentKey) },
        [resource('aws_kms_grant.g', granted)],
        'passed',
      ],
      [
        'public buckets of the account restricted',
        publicPolicy,
        {},
        [
          resource('aws_s3_account_public_access_block.a', restricting),
          resource('aws_s3_bucket_public_access_block.b', { bucket: 'acme-inbox' }),
        ],
        'denied',
      ],
      [
        'another Region',
        bucketPolicy,
        {},
        [resource('aws_s3_bucket.b', { bucket: 'acme-inbox', region: 'eu-west-1' })],
        'misconfigured',
      ],
      [
        'a constrained grant',
        bucketPolicy,
        { policy: JSON.stringify(silentKey) },
        [
          resource('aws_kms_grant.g', {
            key_id: keyArn,
            ...granted,
            constraints: [{ encryption_context_equals: { team: 'a' } }],
          }),
        ],
        'denied',
      ],
      [
        'object ownership',
        bucketPolicy,
        {},
        [
          resource('aws_s3_bucket_ownership_controls.o', {
            bucket: 'acme-inbox',
            rule: [{ object_ownership: 'BucketOwnerEnforced' }],
          }),
        ],
        'passed',
      ],
    ])('such as %s', async (name, bucket, key, others, verdict) => {
      const resources = [
        resource('aws_s3_bucket_policy.inbox', { bucket: 'acme-inbox', policy: JSON.stringify(bucket) }),
        resource('aws_kms_key.inbox', { arn: keyArn, policy: JSON.stringify(keyPolicy), ...key }),
        ...others,
      ];
      const state = { format_version: '1.0', values: { root_module: { resources } } };
      expect(await verdictOf('--event', event, file(`${name}.json`, state))).toBe(verdict);
    });
  });

  it('says where nothing is known before it is applied', async () => {
    const root = { resources: [resource('aws_kms_key.this', {})] };
    const pending = { address: 'aws_kms_key.this', change: { after_unknown: { policy: true } } };
    const content = { format_version: '1.2', planned_values: { root_module: root }, resource_changes: [pending] };
    const { status, stderr } = await preflight('--event', event, file('unknown.json', content));
    expect(status).toBe(2);
    expect(stderr).toContain('aws_kms_key.this');
  });
});

const table = `-----------------\n|  GetKeyPolicy  |\n+--------+------+\n|  Policy|  {…} |\n`;
const metadata = `KEYMETADATA\t222222222222\t${keyArn}\tFalse\tDisabled\n`;

it.each<readonly [string, Readonly<Record<string, string | object>>, RegExp]>([
  [
    'source of Terraform alone',
    { 'main.tf': 'terraform {}' },
    /main\.tf: is Terraform source.*No other file is the bucket/,
  ],
  ['a stack of Pulumi alone', { 'stack.json': { deployment: { resources: [] } } }, /stack\.json: is a stack of Pulumi/],
  [
    'a text with code blocks',
    { 'notes.md': `# Ours\n\n\`\`\`json\n${text}\n\`\`\`\n` },
    /notes\.md: has text around blocks of code/,
  ],
  [
    'a bucket policy in source of Terraform, beside a key policy',
    { 'key.json': silentKey, 'main.tf': 'resource "aws_s3_bucket_policy" "inbox" {\n  policy = file("p.json")\n}\n' },
    /main\.tf: is Terraform source.*No other file is the bucket policy/,
  ],
  [
    'statements in source of Terraform, beside a bucket policy',
    { 'bucket.json': bucketPolicy, 'iam.tf': 'data "aws_iam_policy_document" "key" {\n  statement {\n  }\n}\n' },
    /iam\.tf: is Terraform source.*No other file is the policy of the Secure Inbox's key/,
  ],
  [
    'a key in source of the CDK, beside a bucket policy',
    {
      'bucket.json': bucketPolicy,
      'stack.ts': "import { aws_kms as kms } from 'aws-cdk-lib';\nnew kms.Key(this, 'K');\n",
    },
    /stack\.ts: is source of the CDK.*No other file is the policy of the Secure Inbox's key/,
  ],
  [
    'a key in source of Pulumi, beside a bucket policy',
    {
      'bucket.json': bucketPolicy,
      'Pulumi.yaml': 'name: inbox\nruntime: yaml\nresources:\n  key: { type: "aws:kms:Key" }\n',
    },
    /Pulumi\.yaml: is a project file of Pulumi.*No other file is the policy of the Secure Inbox's key/,
  ],
  [
    'a bucket in a state of Terraform, beside a key policy',
    {
      'key.json': silentKey,
      'terraform.tfstate': { terraform_version: '1.9.5', lineage: 'a', resources: [{ type: 'aws_s3_bucket' }] },
    },
    /terraform\.tfstate: is a state file of Terraform.*No other file is the bucket policy/,
  ],
  [
    'a policy in a subfolder',
    { 'key.json': silentKey, 'old/bucket.json': bucketPolicy },
    /old\/bucket\.json: is in a subfolder/,
  ],
  [
    'a template in a subfolder',
    { 'cfn/inbox.yaml': 'Resources:\n  Inbox: { Type: AWS::S3::Bucket }\n' },
    /inbox\.yaml: is in a subfolder/,
  ],
  [
    'source of Terraform in a subfolder',
    { 'modules/a/main.tf': 'resource "aws_kms_key" "a" {}\n' },
    /main\.tf: is in a sub/,
  ],
  ['a table of the AWS CLI', { 'bucket.json': bucketPolicy, 'key.txt': table }, /key\.txt: is a table.*--output json/],
  ['text of the AWS CLI', { 'bucket.json': bucketPolicy, 'key.txt': metadata }, /key\.txt: is text.*--output json/],
])('refuses a folder with %s, whose policies would be assumed', async (name, files, why) => {
  for (const [each, content] of Object.entries({ 'event.json': acmeEvent(), ...files }))
    file(`${name}/${each}`, content);
  const { status, stdout, stderr } = await preflight(join(folder, name));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(why);
});

it.each([
  ['a backend of Terraform', 'main.tf', 'terraform {\n  backend "s3" {\n    bucket = "state"\n  }\n}\n'],
  ['the key in source of Terraform', 'key.tf', 'resource "aws_kms_key" "inbox" {}\n'],
  ['the key in source of the CDK', 'stack.py', 'from aws_cdk import aws_kms as kms\nkms.Key(self, "Key")\n'],
])('names %s that it does not read, and reads the other files', async (_, name, content) => {
  const given = join(folder, `customer-${name}`);
  file(`customer-${name}/${name}`, content);
  file(`customer-${name}/bucket-policy.json`, bucketPolicy);
  file(`customer-${name}/key-policy.json`, silentKey);
  const { stdout } = await preflight(given);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`${name} not used: is `);
});

it.each<readonly [string, string | object]>([
  ['LICENSE', 'Apache License\n Version 2.0\n\n  1. Definitions.\n\n   "License" shall mean the terms.\n'],
  ['README.md', '# Inbox\n\nVersion 2\n\n[link](docs)\n\n```json\n{ "Statement": [] }\n```\n'],
  ['Makefile', 'Version := 1\nall:\n\techo "{}"\n'],
  ['old/bucket-policy.json', policy(allow(role, 's3:GetObject', 'arn:aws:s3:::acme-inbox/*'))],
  ['node_modules/a/bucket-policy.json', '{'],
])('reads what is next to %s', async (name, content) => {
  const at = `beside-${name.replaceAll(/\W/g, '-')}`;
  const files = { 'event.json': acmeEvent(), 'bucket.json': bucketPolicy, 'key.json': keyPolicy, [name]: content };
  for (const [each, one] of Object.entries(files)) file(`${at}/${each}`, one);
  expect(await verdictOf(join(folder, at))).toBe('passed');
});
