import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { acmeEvent } from './acme.ts';
import { preflight, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

const templates = join(import.meta.dirname, '../../fixtures/templates/public-patterns');
const { folder, file } = testFolder('template-fixes');
const event = file('event.json', acmeEvent());
const judged = (...args: readonly string[]) => preflight('--event', event, ...args);

/** The lines that only the fixed or only the given template has. */
async function fixed(name: string) {
  const given = join(templates, name);
  const directory = join(folder, basename(name));
  const { stdout, stderr } = await judged('--inbox-template', given, '--fix', directory);
  const after = join(directory, name);
  const [old, now] = [given, after].map((file) => readFileSync(file, 'utf8').split('\n'));
  if (!old || !now) throw new Error(stdout + stderr);
  const again = await judged('--inbox-template', after);
  return {
    status: again.status,
    added: now.filter((line) => !old.includes(line)).map((line) => line.trim()),
    removed: old.filter((line) => !now.includes(line)).map((line) => line.trim()),
  };
}

it('corrects a resource in the function that it is written with', async () => {
  expect(await fixed('wrong-prefix.yaml')).toEqual({
    status: 0,
    removed: ['Resource: !Sub "${Bucket.Arn}/report/*"'],
    added: ['Resource: !Sub "${Bucket.Arn}/reports/*"'],
  });
});

it('adds a key as the attribute of the resource that makes it', async () => {
  const { status, added, removed } = await fixed('alias-in-deny.yaml');
  expect([status, removed.length]).toEqual([0, 1]);
  expect(added).toContain('- !GetAtt Key.Arn');
});

it('adds one value to the list that a Deny exempts', async () => {
  const { status, added, removed } = await fixed('deny-other-encryption.yaml');
  expect([status, added.length, removed.length]).toEqual([0, 1, 1]);
});

it('does not refer to a bucket in the policy of its key, because CloudFormation rejects circular references', async () => {
  const { status, added, removed } = await fixed('key-policy-silent.yaml');
  expect([status, removed]).toEqual([0, []]);
  expect(added.filter((line) => line.includes('Bucket'))).toEqual([]);
});

it('adds the bucket policy that a template lacks, with functions of the template', async () => {
  const { status, added, removed } = await fixed('without-policy.yaml');
  expect([status, removed]).toEqual([0, []]);
  expect(added).toContain('Type: AWS::S3::BucketPolicy');
  expect(added).toContain('Bucket: !Ref Bucket');
  expect(added).toContain('Resource: !Sub "${Bucket.Arn}/reports/*"');
});
