import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Benchmark } from '../benchmark.ts';
import { spreadOf } from '../statistics.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const resources = 150;
const rounds = 5;
const role = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';

/** The whole command, as a person runs it: a template with a bucket, a policy and a key for each of many purposes. */
export const templatePreflight: Benchmark = {
  name: 'template-preflight',
  question: `How long does a preflight of a template with ${resources} resources take?`,
  async measure(progress) {
    const folder = temporaryFolder();
    const [template, event] = [join(folder, 'template.json'), join(folder, 'event.json')];
    writeFileSync(template, JSON.stringify(largeTemplate()));
    writeFileSync(event, JSON.stringify(testEvent));
    const run = () => milliseconds(['preflight', '--json', '--event', event, '--inbox-template', template]);
    // Compiles the command and synthesizes the app, once.
    run();
    const samples: number[] = [];
    for (let round = 0; round < rounds; round++) {
      progress.counter(`round ${round + 1} of ${rounds}`);
      samples.push(run());
    }
    const spread = spreadOf(samples);
    return [
      { what: `a template with ${resources} resources`, value: spread.min, unit: 'ms', goal: { atMost: 1000 }, spread },
    ];
  },
};

function milliseconds(args: readonly string[]): number {
  const since = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [resolve('bin/secure-inbox.mjs'), ...args]);
  if (status !== 0) throw new Error(`preflight ended with ${status}: ${stderr}`);
  return performance.now() - since;
}

const testEvent = {
  customer: 'acme',
  inbox: {
    accountId: '222222222222',
    region: 'us-east-1',
    bucket: 'acme-inbox',
    kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/11111111-2222-4333-8444-555555555555',
    prefix: 'reports/',
  },
  deliveryRoleArn: role,
};

function largeTemplate(): object {
  const made = Array.from({ length: resources / 3 }, (_, at) => resourcesOf(at));
  return { Resources: Object.assign({}, ...made) as object };
}

function resourcesOf(at: number): object {
  const allow = (Action: string | readonly string[], Resource: unknown, AWS: unknown) => ({
    Effect: 'Allow',
    Principal: { AWS },
    Action,
    Resource,
  });
  const keyArn = { 'Fn::GetAtt': [`Key${at}`, 'Arn'] };
  const rule = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } };
  const objects = { 'Fn::Sub': `\${Bucket${at}.Arn}/*` };
  return {
    [`Key${at}`]: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: {
          Statement: [
            allow('kms:*', '*', { Ref: 'AWS::AccountId' }),
            allow(['kms:GenerateDataKey', 'kms:Decrypt'], '*', role),
          ],
        },
      },
    },
    [`Bucket${at}`]: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: at === 0 ? 'acme-inbox' : { 'Fn::Sub': `\${AWS::StackName}-${at}` },
        BucketEncryption: { ServerSideEncryptionConfiguration: [rule] },
      },
    },
    [`Policy${at}`]: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: `Bucket${at}` },
        PolicyDocument: { Statement: [allow('s3:PutObject', objects, role)] },
      },
    },
  };
}
