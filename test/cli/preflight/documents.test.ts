import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { main } from '../../../cli/main.ts';
import { type Report, reportSchema } from '../../../core/report.ts';
import { testSurroundings } from '../surroundings.ts';
import { policy } from './acme.ts';
import { faultsIn, preflight, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

const customers = join(import.meta.dirname, '../../fixtures/preflight');
const { folder, file } = testFolder('documents');

/** A text without its line breaks, which depend on the length of the paths in it. */
const flowing = (text: string) => text.replaceAll(/\s+/g, ' ');

async function reportsOf(...args: readonly string[]) {
  const { status, stdout, stderr } = await preflight('--json', ...args);
  const printed: unknown = JSON.parse(stdout === '' ? '[]' : stdout);
  const reports: Report[] = (Array.isArray(printed) ? printed : [printed]).map((one) => reportSchema.parse(one));
  const [report] = reports;
  if (!report) throw new Error(stderr);
  return { status, reports, report };
}

const acme = join(customers, 'acme/event.json');
const acmeBucket = join(customers, 'acme/bucket-policy.json');
const acmeKey = join(customers, 'acme/key-policy.json');
const event = JSON.parse(readFileSync(acme, 'utf8')) as { inbox: Record<string, unknown> };
const deliver = {
  Sid: 'Deliver',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::777788889999:role/delivery/secure-inbox-delivery' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::acme-reports-inbox/*',
};

describe('documents', () => {
  it('are shown with the line of a fault, and the output mentions --fix', async () => {
    const { stdout } = await preflight('--event', acme, '--bucket-policy', acmeBucket);
    expect(flowing(stdout)).toContain(`where DeliverReports, ${acmeBucket}:5:5`);
    expect(stdout).toMatch(/\n +10 \| +"Resource": "arn:aws:s3:::acme-reports-inbox\/reports\/\*"\n +\^\n/);
    expect(stdout).toMatch(/\n\n {2}--fix DIR /);
    const passed = await preflight('--event', acme, '--bucket-policy', file('whole.json', policy(deliver)));
    expect(passed.stdout).toContain('✓ acme: passed.');
    expect(passed.stdout).not.toContain('--fix');
  });

  it('are shown in lines that a narrow terminal does not break', async () => {
    const inOneLine = JSON.stringify(JSON.parse(readFileSync(acmeBucket, 'utf8')));
    const surroundings = testSurroundings();
    const narrow = { ...surroundings, stdout: { ...surroundings.stdout, columns: 40 } };
    await main(['preflight', '--event', acme, '--bucket-policy', file('one-line.json', inOneLine)], narrow);
    const lines = surroundings.written.stdout.split('\n');
    const at = lines.findIndex((line) => /^ +\^$/.test(line));
    const [shown = '', caret = ''] = lines.slice(at - 1);
    expect(shown.length).toBeLessThanOrEqual(40);
    expect(shown.slice(caret.indexOf('^'))).toMatch(/^"arn:aws:s3:::/);
  });

  it('are fixed at the fault, and existing files are not replaced', async () => {
    const given = ['--event', acme, '--bucket-policy', acmeBucket, '--fix', join(folder, 'output')];
    const fixed = await preflight(...given);
    expect(flowing(fixed.stdout)).toContain(` - ${acmeBucket}:10:19: Let DeliverReports also cover`);
    expect(fixed.status).toBe(1);
    const again = await preflight(...given);
    expect(again.stderr).toMatch(/event\.json .*--force/);
    expect(again.status).toBe(2);
  });

  it('give every permission a state, because all policies were read', async () => {
    const { report } = await reportsOf('--event', acme, '--bucket-policy', acmeBucket);
    const states = report.permissions?.map(({ action, on, state }) => `${action} on ${on}: ${state}`) ?? [];
    expect(states.filter((one) => !one.endsWith(': allowed'))).toEqual(['s3:PutObject on inbox-object: denied']);
    expect(states).toHaveLength(8);
    const refused = report.permissions?.find(({ state }) => state === 'denied');
    expect(report.diagnoses[refused?.because.diagnosis ?? -1]?.denial).toMatchObject({ layer: 'bucket-policy' });
  });

  it('are read with a byte order mark, and in any order of keys', async () => {
    const text = readFileSync(acmeBucket, 'utf8').replace('/reports/*', '/*').replaceAll('\n', '\r\n');
    const bucket = file('bom.json', `\ufeff${text}`);
    const { status, report } = await reportsOf('--event', acme, '--bucket-policy', bucket);
    expect([status, report.verdict]).toEqual([0, 'passed']);
  });

  it('replace an event, and other facts are listed as assumed', async () => {
    const { status, report } = await reportsOf('--bucket-policy', acmeBucket, '--key-policy', acmeKey);
    expect(status).toBe(0);
    const assumed = report.notes?.filter(({ kind }) => kind === 'assumed').map(({ detail }) => detail);
    expect(assumed).toEqual([
      `customer's account: 444455556666 (${acmeKey}:7:29)`,
      `Region: us-east-1 (${acmeKey}:17:58)`,
      `bucket: acme-reports-inbox (${acmeBucket}:10:19)`,
      'key: arn:aws:kms:us-east-1:444455556666:key/00000000-0000-4000-8000-000000000002 (assumed)',
      `prefix: reports/ (${acmeBucket}:10:19)`,
      `delivery role: arn:aws:iam::777788889999:role/delivery/secure-inbox-delivery (${acmeBucket}:8:29)`,
    ]);
  });

  it('that are missing are those of the shipped template, with a note', async () => {
    const bucket = file('alone.json', policy(deliver));
    const alone = await reportsOf('--event', acme, '--bucket-policy', bucket);
    expect([alone.report.verdict, alone.report.notes]).toEqual([
      'passed',
      expect.arrayContaining([
        {
          kind: 'assumed',
          detail: "policy of the Secure Inbox's key: that of the shipped template (assumed; none was given)",
        },
      ]),
    ]);
    const { stdout } = await preflight('--event', acme, '--key-policy', acmeKey);
    expect(flowing(stdout)).toContain('- bucket policy of the Secure Inbox: ');
    const both = await preflight('--event', acme, '--key-policy', acmeKey, '--bucket-policy', bucket);
    expect(both.stdout).not.toContain('assumed');
  });

  it('for other buckets and keys than the event’s are reported', async () => {
    const other = policy({ ...deliver, Resource: 'arn:aws:s3:::another-inbox/*' });
    const bucket = file('another-bucket.json', other);
    const key = file('another-key.json', {
      ...policy({
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123412341234:root' },
        Action: 'kms:*',
        Resource: '*',
      }),
    });
    const { status, report } = await reportsOf('--event', acme, '--bucket-policy', bucket, '--key-policy', key);
    expect(status).toBe(1);
    const found = report.notes?.filter(({ kind }) => kind === 'contradiction');
    expect(found).toMatchObject([
      {
        file: bucket,
        line: 11,
        detail: expect.stringMatching(/another-inbox.*acme-reports-inbox/),
      },
      { file: key, line: 6, detail: expect.stringContaining('123412341234') },
    ]);
  });

  it('that S3 would not save never pass', async () => {
    const unsavable = { ...deliver, Sid: 'Lists', Action: 's3:ListBucket' };
    const { status, stdout } = await preflight(
      '--event',
      acme,
      '--bucket-policy',
      file('unsavable.json', policy(deliver, unsavable)),
    );
    expect([status, stdout.includes('A real report would be delivered')]).toEqual([2, false]);
    expect(stdout).toMatch(/\n! acme: passed\./);
  });

  it('that contradict the event are wrong even if the rest would pass', async () => {
    const stray = { ...deliver, Sid: 'Stray', Resource: 'arn:aws:s3:::another-inbox/*' };
    const bucket = file('stray.json', policy(deliver, stray));
    const { status, report } = await reportsOf('--event', acme, '--bucket-policy', bucket);
    expect([status, report.verdict]).toEqual([2, 'passed']);
  });

  it('that S3 would not save for their resources are reported', async () => {
    const bucketOf = (Resource: string) => file('resource.json', policy(deliver, { ...deliver, Sid: 'Odd', Resource }));
    for (const arn of [
      'arn:aws:s3:us-east-1:444455556666:acme-reports-inbox/*',
      'arn:aws:s3:eu-central-1:444455556666:accesspoint/acme/object/*',
      'arn:aws-cn:s3:::acme-reports-inbox/*',
      'arn:aws:sqs:eu-central-1:444455556666:acme-reports-inbox',
      '*',
    ]) {
      const { status, report } = await reportsOf('--event', acme, '--bucket-policy', bucketOf(arn));
      expect([status, report.notes]).toEqual([2, expect.arrayContaining([expect.objectContaining({ line: 20 })])]);
      const [note] = report.notes ?? [];
      expect(note?.detail).toContain(
        `${arn} is neither this bucket nor an object in it; write arn:aws:s3:::acme-reports`,
      );
    }
    for (const arn of ['arn:*:s3:::acme-reports-inbox/*', 'arn:aws:s3:::${aws:PrincipalTag/inbox}/*']) {
      const { status } = await reportsOf('--event', acme, '--bucket-policy', bucketOf(arn));
      expect(status).toBe(0);
    }
  });

  it('may test facts that only the service knows, which are not guessed', async () => {
    const bucket = file(
      'network.json',
      policy(deliver, {
        ...deliver,
        Sid: 'OurNetwork',
        Effect: 'Deny',
        Principal: '*',
        Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
      }),
    );
    const asked = await reportsOf('--event', acme, '--bucket-policy', bucket);
    expect([asked.status, asked.report.verdict, asked.report.diagnoses]).toEqual([3, 'inconclusive', []]);
    expect(asked.report.notes).toContainEqual(
      expect.objectContaining({ kind: 'unknown', file: bucket, detail: expect.stringContaining('192.0.2.0/24') }),
    );
    const inside = await reportsOf('--event', acme, '--bucket-policy', bucket, '--source-ip', '192.0.2.7');
    expect([inside.status, inside.report.verdict]).toEqual([0, 'passed']);
    const outside = await reportsOf('--event', acme, '--bucket-policy', bucket, '--source-ip', '198.51.100.7');
    expect(outside.report.diagnoses.map(({ denial }) => denial.statement?.sid)).toEqual(['OurNetwork']);
  });

  it('are fixed if that does not matter, and left unchanged if it does', async () => {
    const onlyThere = {
      Sid: 'OnlyThere',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::acme-reports-inbox/*',
      Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } },
    };
    const bucket = file('behind-doubt.json', policy(onlyThere, { ...deliver, Resource: `${deliver.Resource}.csv` }));
    const output = join(folder, 'fixed-beside-doubt');
    const fixed = await preflight('--event', acme, '--bucket-policy', bucket, '--fix', output);
    expect([fixed.status, fixed.stdout]).toEqual([1, expect.not.stringContaining('Left, for')]);
    const [denial, ...others] = JSON.parse(readFileSync(join(output, 'behind-doubt.json'), 'utf8')).Statement;
    expect(denial).toEqual(onlyThere);
    expect(others).toMatchObject([{ Sid: 'Deliver', Resource: [`${deliver.Resource}.csv`, expect.any(String)] }]);
    const again = await reportsOf('--event', acme, '--bucket-policy', join(output, 'behind-doubt.json'));
    expect([again.report.verdict, again.report.diagnoses]).toEqual(['inconclusive', []]);
  });

  it('are not about a third key, with which the event stages reports', async () => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:444455556666:key/33333333-0000-4000-8000-333333333333';
    const { status, report } = await reportsOf('--event', file('third.json', { ...event, internal: { kmsKeyArn } }));
    expect([status, report.verdict, report.diagnoses]).toEqual([3, 'inconclusive', []]);
    expect(report.notes?.[0]?.detail).toContain(kmsKeyArn);
  });

  it('that test it without effect leave no doubt', async () => {
    const condition = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-partner' } } };
    const bucket = file(
      'partner.json',
      policy(deliver, { ...deliver, ...condition, Sid: 'Partner', Action: 's3:GetObject' }),
    );
    const { status, report } = await reportsOf('--event', acme, '--bucket-policy', bucket);
    expect([status, report.verdict]).toEqual([0, 'passed']);
  });

  it('of organizations apply to their own account', async () => {
    const deny = { Sid: 'NoKeys', Effect: 'Deny', Action: 'kms:*', Resource: '*' };
    const scp = file('scp.json', policy(deny));
    const ours = await reportsOf('--service-control-policy', scp);
    expect(faultsIn(ours.report)[0]).toBe('put-internal kms:GenerateDataKey service-control-policy explicit NoKeys {');
    const theirs = await reportsOf('--customer-service-control-policy', scp);
    expect([theirs.status, theirs.report.diagnoses]).toEqual([0, []]);
    const rcp = file('rcp.json', policy({ ...deny, Principal: '*' }));
    const { report } = await reportsOf('--resource-control-policy', rcp);
    expect(report.diagnoses.map(({ denial }) => denial.side)).toEqual(['customer', 'customer']);
    const told = await reportsOf('--resource-control-policy', rcp, '--customer-organization', 'o-customer00');
    const [organizations] = told.report.notes?.filter(({ detail }) => detail.startsWith('organizations:')) ?? [];
    // Unknown values are not assumed.
    expect(organizations?.detail).toMatch(/service's not known, the customer's o-customer00/);
  });

  it('may allow more than a delivery needs, which changes nothing', async () => {
    const bucket = file(
      'generous.json',
      policy(
        { ...deliver, Action: ['s3:PutObject', 's3:DeleteObject'] },
        { ...deliver, Sid: 'Others', Principal: { AWS: ['arn:aws:iam::777788889999:root', '123412341234'] } },
        { ...deliver, Sid: 'Own', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 's3:*' },
      ),
    );
    const { status, report } = await reportsOf('--event', acme, '--bucket-policy', bucket);
    expect(status).toBe(0);
    expect(report.notes?.map(({ kind, detail, line }) => [kind, line, detail.slice(0, 44)])).toEqual([
      ['beyond-need', 10, 'Deliver allows s3:DeleteObject; a delivery n'],
      ['beyond-need', 19, 'Others trusts the whole account 777788889999'],
      ['beyond-need', 19, 'Others also lets 123412341234 use the bucket'],
      ['beyond-need', 6, 'Deliver: nothing in this policy demands how '],
      ['beyond-need', 6, 'Deliver: nothing in this policy demands TLS '],
      ['assumed', undefined, "policy of the Secure Inbox's key: that of th"],
    ]);
  });
});

describe('a template that makes other buckets and keys too', () => {
  const keyOf = (actions: readonly string[]) => ({
    Type: 'AWS::KMS::Key',
    Properties: {
      KeyPolicy: policy(
        { Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': '${AWS::AccountId}' } }, Action: 'kms:*', Resource: '*' },
        ...(actions.length > 0 ? [{ ...deliver, Action: actions, Resource: '*' }] : []),
      ),
    },
  });
  const needed = ['kms:GenerateDataKey', 'kms:Decrypt'];
  const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'acme-reports-inbox' } };
  const BucketPolicy = {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: { Ref: 'Inbox' }, PolicyDocument: policy(deliver) },
  };
  const Logs = { Type: 'AWS::S3::Bucket' };
  const template = (name: string, Resources: object) => file(name, { Resources });

  it('is read for the inbox that the event names, and for the key that the service may use', async () => {
    const LogKey = keyOf([]);
    const first = template('first.json', { Logs, LogKey, Inbox: bucket, InboxKey: keyOf(needed), BucketPolicy });
    const last = template('last.json', { Inbox: bucket, InboxKey: keyOf(needed), BucketPolicy, Logs, LogKey });
    for (const path of [first, last]) {
      const { report } = await reportsOf('--event', acme, '--inbox-template', path);
      expect([report.verdict, report.diagnoses]).toEqual(['passed', []]);
    }
  });

  it('has its faults in those two policies, and is fixed there', async () => {
    const InboxKey = keyOf(['kms:Decrypt']);
    const path = template('other-key.json', { LogKey: keyOf([]), InboxKey, Logs, Inbox: bucket, BucketPolicy });
    const output = join(folder, 'fixed-template');
    const { stdout, status } = await preflight('--event', acme, '--inbox-template', path, '--fix', output, '--json');
    const { diagnoses } = reportSchema.parse(JSON.parse(stdout));
    const placed = readFileSync(path, 'utf8').split('\n').slice(0, diagnoses[0]?.denial.statement?.line).join('\n');
    expect([status, diagnoses.length, placed.includes('"InboxKey"')]).toEqual([1, 1, true]);
    const written = JSON.parse(readFileSync(join(output, 'other-key.json'), 'utf8'));
    expect(written.Resources.LogKey).toEqual(keyOf([]));
    const again = await reportsOf('--event', acme, '--inbox-template', join(output, 'other-key.json'));
    expect(again.report.verdict).toBe('passed');
  });

  it('is refused for a policy that S3 would not save, with its place', async () => {
    const PolicyDocument = policy({ ...deliver, Resource: { 'Fn::Sub': '${Inbox}/*' } });
    const Policy = { ...BucketPolicy, Properties: { Bucket: { Ref: 'Inbox' }, PolicyDocument } };
    const resources = { Inbox: bucket, InboxKey: keyOf(needed), Policy };
    const { status, stdout, stderr } = await preflight('--inbox-template', template('refused.json', resources));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /refused\.json: Amazon S3 would refuse this bucket policy\.\n.*refused\.json:\d+:\d+: The Resource acme-/,
    );
    expect(stderr).toMatch(/\n +\d+ \| +"Resource": \{\n +\^/);
  });

  it('may name an account without quotes, which a template turns into text', async () => {
    const noted = async (account: string | number) => {
      const whole = { ...deliver, Principal: { AWS: account } };
      const Policy = { ...BucketPolicy, Properties: { Bucket: { Ref: 'Inbox' }, PolicyDocument: policy(whole) } };
      const path = template('numeric.json', { Inbox: bucket, InboxKey: keyOf(needed), Policy });
      const { report } = await reportsOf('--event', acme, '--inbox-template', path);
      return [report.verdict, report.notes?.map(({ detail }) => detail)];
    };
    expect(await noted(777788889999)).toEqual(await noted('777788889999'));
  });

  it('names the candidates, and the option that decides', async () => {
    const Another = { ...bucket, Properties: { BucketName: 'acme-archive' } };
    const path = template('which.json', { Inbox: bucket, Another, Key: keyOf(needed) });
    const unknownIn = async (...args: readonly string[]) => {
      const { status, report } = await reportsOf(...args);
      expect(status).toBe(3);
      return report.notes?.filter(({ kind }) => kind === 'unknown').map(({ detail }) => detail);
    };
    expect(await unknownIn('--inbox-template', path)).toEqual([
      expect.stringMatching(/acme-reports-inbox, acme-archive.*--event/),
    ]);
    const keys = { Inbox: bucket, BucketPolicy, One: keyOf(needed), Two: keyOf(needed) };
    expect(await unknownIn('--event', acme, '--inbox-template', template('which-key.json', keys))).toEqual([
      expect.stringMatching(/\bkeys\b.*\bdefault encryption\b/),
    ]);
  });
});

describe('a scenario', () => {
  const scenario = (name: string, rest: object) => file(name, { name, why: 'a test', ...rest });

  it('replaces placeholders with their values', async () => {
    const Principal = { AWS: ['${deliveryRoleArn}', 'arn:aws:iam::${serviceAccountId}:role/other'] };
    const Resource = '${inboxBucketArn}/*';
    const bucketPolicy = policy({ ...deliver, Principal, Resource });
    const named = scenario('named.json', { customer: { inbox: { bucketPolicy } }, expect: { verdict: 'passed' } });
    const { status, report } = await reportsOf('--scenario', named);
    expect(status).toBe(0);
    expect(report.notes?.filter(({ detail }) => /also lets/.test(detail))).toMatchObject([
      { kind: 'beyond-need', file: named, detail: expect.stringContaining('arn:aws:iam::111111111111:role/other') },
    ]);
  });

  describe('of whose internal bucket nothing is known', () => {
    const unknown = [{ part: 'service.internal', needs: 's3:GetEncryptionConfiguration' }];

    it('has the faults of a key policy that no Bucket Key fixes', async () => {
      const keyPolicy = { without: ['EncryptAndReadWaitingReports'] };
      const silent = scenario('silent.json', {
        unknown,
        customer: { key: { keyPolicy } },
        expect: { verdict: 'denied' },
      });
      const { status, report } = await reportsOf('--scenario', silent);
      expect(report.diagnoses.map(({ step, denial: { action, layer } }) => [step, action, layer])).toEqual([
        ['put-internal', 'kms:GenerateDataKey', 'key-policy'],
        ['copy-to-inbox', 'kms:Decrypt', 'key-policy'],
      ]);
      expect([status, report.verdict, report.deniedStep]).toEqual([1, 'denied', 'put-internal']);
    });

    it('may or may not have those of one that a Bucket Key fixes', async () => {
      const context = 'kms:EncryptionContext:aws:s3:arn';
      const keyPolicy = {
        without: ['EncryptAndReadWaitingReports'],
        with: [
          {
            Sid: 'WithBucketKey',
            Effect: 'Allow',
            Principal: { AWS: '${deliveryRoleArn}' },
            Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
            Resource: '*',
            Condition: { StringEquals: { [context]: '${internalBucketArn}' } },
          },
        ],
      };
      const world = { customer: { key: { keyPolicy } }, expect: { verdict: 'denied' } };
      const known = await reportsOf('--scenario', scenario('without-bucket-key.json', world));
      expect(faultsIn(known.report)).toHaveLength(2);
      const open = await reportsOf('--scenario', scenario('open.json', { ...world, unknown }));
      expect([open.status, open.report.verdict, open.report.diagnoses]).toEqual([3, 'inconclusive', []]);
    });
  });

  it('has the same verdict as a check, even if a part is unknown', async () => {
    const unknown = [{ part: 'customer.inbox.bucketPolicy', needs: 's3:GetBucketPolicy' }];
    const elsewhere = { customer: { key: { region: 'us-west-2' } }, expect: { verdict: 'denied' } };
    const { report } = await reportsOf('--scenario', scenario('elsewhere.json', { ...elsewhere, unknown }));
    // KMS doesn't reveal which keys another account has.
    expect([report.verdict, report.deniedStep]).toEqual(['denied', 'put-internal']);
  });

  it('has no verdict based on parts that could not be read', async () => {
    const unknown = [{ part: 'customer.inbox.bucketPolicy', needs: 's3:GetBucketPolicy' }];
    const silent = scenario('unknown.yaml', {
      unknown,
      customer: { inbox: { bucketPolicy: null } },
      expect: { verdict: 'denied' },
    });
    const { status, report } = await reportsOf('--scenario', silent);
    expect([status, report.verdict, report.diagnoses]).toEqual([3, 'inconclusive', []]);
    expect(report.notes?.[0]?.detail).toMatch(/customer\.inbox\.bucketPolicy.*s3:GetBucketPolicy/);
    expect(report.steps.find(({ step }) => step === 'copy-to-inbox')?.status).toBe('skipped');
  });

  it('is denied for a certain fault, even if the rest is unknown', async () => {
    const unknown = [{ part: 'customer.key.grants', needs: 'kms:ListGrants' }];
    const keyPolicy = { without: ['EncryptDeliveredReports'] };
    const grants = scenario('grants.yaml', {
      unknown,
      customer: { key: { keyPolicy }, inbox: { bucketPolicy: null } },
      expect: { verdict: 'denied' },
    });
    const { status, report } = await reportsOf('--scenario', grants);
    // A grant could allow what the key policy doesn't, but nothing replaces a bucket policy.
    expect(faultsIn(report)).toEqual(['copy-to-inbox s3:PutObject bucket-policy implicit']);
    expect([status, report.verdict, report.deniedStep]).toEqual([1, 'denied', 'copy-to-inbox']);
  });

  it('is not in doubt for facts that cannot decide a delivery', async () => {
    const unknown = [
      { part: 'customer.serviceControlPolicies', needs: 'organizations:ListPoliciesForTarget' },
      { part: 'service.internal.kmsKeyPolicy', needs: 'kms:GetKeyPolicy' },
      { part: 'service.sourceIp', needs: 'ec2:DescribeNatGateways' },
    ];
    const { status } = await reportsOf('--scenario', scenario('scp.yaml', { unknown, expect: { verdict: 'passed' } }));
    expect(status).toBe(0);
  });

  it('is compared with what it expects, fault by fault', async () => {
    const rest = { customer: { inbox: { bucketPolicy: null } } };
    const fault = { step: 'copy-to-inbox', action: 's3:PutObject', layer: 'bucket-policy', side: 'customer' };
    const expected = { verdict: 'denied', deniedStep: 'copy-to-inbox' };
    const right = scenario('right.yaml', { ...rest, expect: { ...expected, denials: [fault] } });
    const wrong = scenario('wrong.yaml', {
      ...rest,
      expect: { ...expected, denials: [{ ...fault, layer: 'key-policy' }] },
    });
    expect(await preflight('--scenario', right, '--expect')).toMatchObject({ status: 0 });
    const { status, stdout } = await preflight('--scenario', right, wrong, '--expect');
    expect(stdout).toMatch(
      /wrong\.yaml: NOT as expected.*\n.*by key-policy.*\n.*by bucket-policy.*\n1 of 2 as expected/,
    );
    expect(status).toBe(1);
  });
});

describe('what is wrong with the input', () => {
  const template = join(import.meta.dirname, '../../../cloudformation/secure-inbox.yaml');
  const folderWith = (name: string, text: string) => dirname(file(`${name}/policy.json`, text));
  const broken = { ...event, inbox: { ...event.inbox, region: 'mars' } };

  it.each<readonly [string, () => readonly string[], RegExp]>([
    ['an event', () => ['--event', file('event.json', broken)], /event\.json:5: inbox\.region: "mars"/],
    ['a policy', () => ['--key-policy', file('key.json', '{"Statement": [}')], /key\.json:1:16: unexpected/],
    ['no file', () => ['--bucket-policy', join(folder, 'none.json')], /none\.json: cannot be read: no such file/],
    ['one that was only begun', () => [folderWith('begun', '{"Version": ')], /begun\/policy\.json:1:13: the text ends/],
    [
      'a template in its place',
      () => ['--key-policy', template],
      /is a template, where.*give it with --inbox-template/,
    ],
    ['an event in its place', () => ['--key-policy', acme], /is a test event, where.*give it with --event/],
    ['the other policy', () => ['--key-policy', acmeBucket], /has only actions of s3.*--bucket-policy/],
    [
      'an answer that has no policy',
      () => ['--bucket-policy', file('answer.json', { LocationConstraint: 'eu-west-1' })],
      /answer\.json: is the answer of a command.*without an option/,
    ],
    ['a policy as a template', () => ['--inbox-template', acmeBucket], /is a policy, where a template is expected/],
    ['an event as a template', () => ['--inbox-template', acme], /is a test event.*--event/],
    ['a policy as a scenario', () => ['--scenario', acmeBucket], /is a policy, where a scenario is expected/],
    ['a bucket policy as an SCP', () => ['--service-control-policy', acmeBucket], /has a Principal.*--bucket-policy/],
    ['a key policy as that of an endpoint', () => ['--vpc-endpoint-policy', acmeKey], /actions of kms.*--key-policy/],
    ['--parameter without a template', () => [acmeBucket, '--parameter', 'A=b'], /--parameter: .*--inbox-template/],
    [
      '--import and --stack-name',
      () => [acmeBucket, '--import', 'A=b', '--stack-name', 'a'],
      /--import, --stack-name: /,
    ],
    ['an SCP that is not there', () => [acmeBucket, '--scp-replaces-full-access'], /--service-control-policy FILE/],
    [
      '--profile without Access Analyzer',
      () => [acmeBucket, '--profile', 'a'],
      /--profile a: is for --access-analyzer/,
    ],
    ['an empty folder', () => [dirname(file('empty/notes', ''))], /holds no policy.*--bucket-policy/],
    ['two bucket policies', () => [acmeBucket, file('b.json', policy(deliver))], /would each be the bucket policy/],
    [
      'a scenario with documents',
      () => [acmeBucket, '--scenario', 'scenarios/key-policy/silent.yaml'],
      /says all about both accounts/,
    ],
    [
      'a template',
      () => [
        '--inbox-template',
        file('t.yaml', 'Resources:\n  Key: { Type: AWS::KMS::Key, Properties: { Enabled: maybe } }\n'),
      ],
      /t\.yaml:2:\d+:/,
    ],
    ['--expect without a scenario', () => [acmeBucket, '--expect'], /--expect: compares/],
    ['--force without --fix', () => [acmeBucket, '--force'], /--force: is for --fix/],
  ])('%s is reported before any verdict', async (_, args, message) => {
    const { status, stdout, stderr } = await preflight(...args());
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('--fix writes nothing that was only assumed', async () => {
    const bucket = file('bare.json', policy({ ...deliver, Action: 's3:GetObject' }));
    const { status, stderr } = await preflight('--bucket-policy', bucket, '--fix', join(folder, 'assumed'));
    expect(stderr).toMatch(/arn:aws:kms.*--event/);
    expect(status).toBe(2);
  });
});
