import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allow, deliveryRole as arn, policy } from './acme.ts';
import { preflightReport, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

const customers = join(import.meta.dirname, '../../fixtures/preflight');
const { file } = testFolder('notes');

async function notesOf(...args: readonly string[]): Promise<readonly string[]> {
  const { notes = [] } = await preflightReport(...args);
  return notes.map(({ detail }) => detail);
}

test('of the id of a role that is gone say which ARN to write there', async () => {
  const event = JSON.parse(readFileSync(join(customers, 'acme/event.json'), 'utf8'));
  const allows = (principal: string) =>
    file('bucket-policy.json', policy(allow(principal, 's3:PutObject', `arn:aws:s3:::${event.inbox.bucket}/*`)));
  const given = ['--event', file('event.json', { ...event, deliveryRoleArn: arn }), '--bucket-policy'];
  const gone = await notesOf(...given, allows('AROA27HJSWAHEPTTLIWSO'));
  expect(gone).toContainEqual(expect.stringMatching(new RegExp(`AROA27HJSWAHEPTTLIWSO.*${arn}`)));
  expect(gone.join()).not.toContain('which no delivery needs');
  expect((await notesOf(...given, allows(arn))).join()).not.toMatch(/AROA/);
});

test('never show stand-ins for unknown values', async () => {
  const notes = await notesOf(
    file(
      'inbox.yaml',
      `
Parameters:
  Auditor: { Type: String }
  Other: { Type: String }
Resources:
  Inbox:
    Type: AWS::S3::Bucket
    Properties: { BucketName: inbox }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Sid: Deliver, Effect: Allow, Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' }, Action: 's3:PutObject', Resource: !Sub '\${Inbox.Arn}/*' }
          - { Sid: Audit, Effect: Allow, Principal: { AWS: !Ref Auditor }, Action: 's3:GetObject', Resource: !Sub '\${Inbox.Arn}/*' }
          - { Sid: Known, Effect: Allow, Principal: { AWS: '444455556666' }, Action: 's3:GetObject', Resource: !Sub '\${Inbox.Arn}/*' }
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - { Sid: Own, Effect: Allow, Principal: { AWS: !Sub 'arn:aws:iam::\${AWS::AccountId}:root' }, Action: 'kms:*', Resource: !Ref Other }
          - { Sid: Deliver, Effect: Allow, Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' }, Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' }
`,
    ),
  );
  expect(notes.join('\n')).toContain('444455556666');
  expect(notes.join('\n')).not.toMatch(/not-known|999999999990/);
});

// https://github.com/aws-cloudformation/aws-cloudformation-templates, S3/s3-bucket-and-policy-for-caa-v1.yaml, has such a policy.
test('recommend two Sids if a bucket policy has one twice', async () => {
  const deliver = JSON.parse(readFileSync(join(customers, 'acme/bucket-policy.json'), 'utf8')).Statement[0];
  const twice = policy({ ...deliver, Action: 's3:GetObject' }, deliver);
  const notes = await notesOf(
    '--event',
    join(customers, 'acme/event.json'),
    '--bucket-policy',
    file('twice.json', twice),
  );
  expect(notes).toContainEqual(expect.stringMatching(/\bSid DeliverReports\b/));
});

test('name a bucket of another name once, with a gap for the unknown part', async () => {
  const template = file(
    'other.yaml',
    `
Parameters: { Stage: { Type: String } }
Resources:
  Inbox: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub 'logs-\${Stage}-a' } }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { AWS: '111111111111' }, Action: 's3:PutObject', Resource: !Sub '\${Inbox.Arn}/*' }
          - { Effect: Deny, Principal: '*', Action: 's3:*', Resource: !GetAtt Inbox.Arn, Condition: { Bool: { 'aws:SecureTransport': false } } }
`,
  );
  const about = (await notesOf('--event', join(customers, 'acme/event.json'), '--inbox-template', template)).filter(
    (detail) => detail.includes('logs-'),
  );
  expect(about).toEqual([expect.stringContaining('logs-…-a')]);
});
