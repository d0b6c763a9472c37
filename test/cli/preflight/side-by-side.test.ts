import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../core/report.ts';
import { acmeEvent } from './acme.ts';
import { preflight, preflightReport, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

const given = join(import.meta.dirname, '../../fixtures/templates/side-by-side');
const { folder, file } = testFolder('side-by-side');
const at = (name: string) => join(folder, name);
cpSync(given, at('acme'), { recursive: true });
file('event.json', acmeEvent());

/** The same two templates, each given by name. */
const options = (dir: string) =>
  ['key.yaml', 'bucket.yaml']
    .flatMap((name) => ['--inbox-template', join(dir, name)])
    .concat('--event', at('event.json'));

const placesIn = ({ diagnoses }: Report) =>
  diagnoses.map(({ denial }) => [
    denial.layer,
    denial.statement?.file?.replace(`${folder}/`, ''),
    denial.statement?.sid,
  ]);

it('two templates in a folder form one account, and each fault is in its own file', async () => {
  expect(placesIn(await preflightReport(at('acme')))).toEqual([
    ['key-policy', 'acme/key.yaml', 'Vendor'],
    ['key-policy', 'acme/key.yaml', 'Vendor'],
    ['bucket-policy', 'acme/bucket.yaml', 'Vendor'],
  ]);
});

it('so do two that are given by name, in any order; each fix changes its own file, and the fixed ones pass', async () => {
  const { status, stderr } = await preflight(...options(at('acme')), '--fix', at('fixed'));
  expect({ status, stderr }).toMatchObject({ status: 1 });
  expect(readFileSync(at('fixed/bucket.yaml'), 'utf8')).toContain('!Sub "${Inbox.Arn}/reports/*"');
  expect((await preflightReport(...options(at('fixed')))).verdict).toBe('passed');
});

it('a template given by its option and one given by name are both read, each once', async () => {
  const bucket = at('acme/bucket.yaml');
  const event = ['--event', at('event.json')];
  const both = await preflightReport('--inbox-template', bucket, ...event, at('acme/key.yaml'));
  expect(placesIn(both)).toEqual(placesIn(await preflightReport(...options(at('acme')))));
  const { stdout } = await preflight('--inbox-template', bucket, '--inbox-template', bucket, ...event);
  expect(stdout.match(/template (?:of the Secure Inbox|beside it)/g)).toEqual(['template of the Secure Inbox']);
});

it('an import gets the value that the other template exports; without it, a Deny proves nothing', async () => {
  const denied = ({ diagnoses, notes = [] }: Report) => [
    diagnoses.filter(({ denial }) => denial.statement?.sid === 'DenyOtherKeys').length,
    notes.filter(({ kind, detail }) => kind === 'unknown' && detail.includes('acme-reports-key')).length,
  ];
  expect(denied(await preflightReport(...options(at('acme'))))).toEqual([0, 0]);
  const alone = await preflightReport('--inbox-template', at('acme/bucket.yaml'), '--event', at('event.json'));
  expect(denied(alone)).toEqual([0, 1]);
  // No value changes this, because nothing allows the request.
  expect(alone.diagnoses.map(({ denial, confidence }) => [denial.effect, denial.statement?.sid, confidence])).toEqual([
    ['implicit', 'Vendor', 'proven'],
  ]);
});

it('a statement in the report is written as in the template, and assumed values are not verified', async () => {
  const assumed = (await preflightReport(at('acme'))).diagnoses.at(-1)?.remedy;
  expect(assumed?.statement?.['Resource']).toEqual({ 'Fn::Sub': '${Inbox.Arn}/reports/*' });
  expect(assumed?.verified).toBeUndefined();
  const told = (await preflightReport(...options(at('acme')))).diagnoses;
  expect(told.map(({ remedy }) => remedy?.verified)).toEqual([true, true, true]);
});

it('a fix imports what another template exports, and so does the statement of the report', async () => {
  const to = at('imports');
  cpSync(given, to, { recursive: true });
  const bucket = readFileSync(at('acme/bucket.yaml'), 'utf8');
  const otherKey = `          - Sid: DenyOtherKeys
            Effect: Deny
            Principal: '*'
            Action: s3:PutObject
            Resource: !Sub '\${Inbox.Arn}/*'
            Condition: { StringNotEquals: { s3:x-amz-server-side-encryption-aws-kms-key-id: [other] } }
`;
  const [before = ''] = bucket.split('          - Sid: Vendor');
  writeFileSync(
    join(to, 'bucket.yaml'),
    `${before.replace('!ImportValue acme-reports-key', 'alias/other')}${otherKey}`,
  );
  const { diagnoses } = await preflightReport(...options(to));
  const statements = diagnoses.map(({ remedy }) => JSON.stringify(remedy?.statement ?? {}));
  expect(statements.at(-1)).toContain('{"Fn::ImportValue":"acme-reports-key"}');
  await preflight(...options(to), '--fix', at('imports-fixed'));
  const fixed = readFileSync(at('imports-fixed/bucket.yaml'), 'utf8');
  expect(fixed).toMatch(/\[other, \{ "Fn::ImportValue": "acme-reports-key" \}\]|- !ImportValue acme-reports-key/);
  expect(fixed).not.toMatch(/key\/11111111/);
  expect((await preflightReport(...options(at('imports-fixed')))).verdict).toBe('passed');
  // Not if the key's template imports from the bucket's: then neither could be created first.
  writeFileSync(
    join(to, 'key.yaml'),
    `${readFileSync(join(to, 'key.yaml'), 'utf8')}  Bucket: { Value: !ImportValue inbox }\n`,
  );
  await preflight(...options(to), '--fix', at('imports-of-both'));
  expect(readFileSync(at('imports-of-both/bucket.yaml'), 'utf8')).toMatch(/key\/11111111/);
});

it('an object of a bucket that another template exports is written with an import of it', async () => {
  const to = at('apart');
  cpSync(given, to, { recursive: true });
  writeFileSync(
    join(to, 'bucket.yaml'),
    `Resources:
  Inbox: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-inbox } }
Outputs:
  Name: { Value: !Ref Inbox, Export: { Name: !Sub "inbox-\${AWS::Region}" } }
`,
  );
  writeFileSync(
    join(to, 'policy.yaml'),
    `Resources:
  InboxPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: { "Fn::ImportValue": { "Fn::Sub": "inbox-\${AWS::Region}" } }
      PolicyDocument:
        Statement:
          - { Effect: Deny, Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-inbox/*', Condition: { Bool: { 'aws:SecureTransport': false } } }
`,
  );
  const all = [...options(to), '--inbox-template', join(to, 'policy.yaml')];
  await preflight(...all, '--fix', at('apart-fixed'));
  const fixed = readFileSync(at('apart-fixed/policy.yaml'), 'utf8');
  expect(fixed).toContain('arn:${AWS::Partition}:s3:::${Bucket}/reports/*');
  expect(
    (await preflight(...options(at('apart-fixed')), '--inbox-template', at('apart-fixed/policy.yaml'))).status,
  ).toBe(0);
});

it('without a stated Region, a condition on it is not verified', async () => {
  const key = readFileSync(at('acme/key.yaml'), 'utf8');
  const bucket = `  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: acme-inbox
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: { SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn }
`;
  file('one.yaml', key.replace('Outputs:', `${bucket}Outputs:`));
  const { diagnoses } = await preflightReport('--inbox-template', at('one.yaml'));
  const onRegion = diagnoses.flatMap(({ remedy }) =>
    JSON.stringify(remedy?.statement ?? {}).includes('s3.us-east-1.amazonaws.com') ? [remedy] : [],
  );
  expect(onRegion.map((remedy) => [remedy?.verified, /s3\.us-east-1/.test(remedy?.instruction ?? '')])).toEqual([
    [undefined, true],
    [undefined, true],
  ]);
});

it('two buckets with the same name in two templates are rejected, with the line', async () => {
  cpSync(at('acme/bucket.yaml'), at('acme/other.yaml'));
  file('acme/other.yaml', readFileSync(at('acme/bucket.yaml'), 'utf8').replace('acme-inbox', 'acme-other'));
  const { status, stderr } = await preflight(at('acme'));
  expect(status).toBe(2);
  expect(stderr).toMatch(/(?:other|bucket)\.yaml:\d+:\d+: /);
});
