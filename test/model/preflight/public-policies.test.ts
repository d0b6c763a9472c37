import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../../model/preflight/judge.ts';
import type { StackTemplates } from '../../../model/world/scenario.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { templatesOf } from '../../../sandbox/scenario-files.ts';

/**
 * Statements after those of AWS's guides and samples, about a bucket that the service delivers to. Each line has its source and
 * what AWS documents for it; where several verdicts stand there, how much is known is a matter of taste, but not more.
 */
interface PublicPolicy {
  readonly name: string;
  readonly source: string;
  /** In place of the statement that lets the service deliver. */
  readonly bucketPolicy?: readonly object[];
  readonly besideDeliver?: readonly object[];
  readonly keyPolicy?: readonly object[];
  /** In place of the statement that lets the service use the key. */
  readonly besideAdmin?: readonly object[];
  readonly serviceControlPolicy?: readonly object[];
  readonly resourceControlPolicy?: readonly object[];
  readonly acl?: string;
  readonly told?: Readonly<Record<string, string>>;
  readonly verdict: readonly string[];
}

const given = readFileSync(join(import.meta.dirname, '../../fixtures/public-policies.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as PublicPolicy);

let templates: StackTemplates;
beforeAll(async () => {
  templates = templatesOf(await assembly());
});

const deliveryRoleArn = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
const allowed = { Effect: 'Allow', Principal: { AWS: deliveryRoleArn } };
const deliver = { ...allowed, Sid: 'Deliver', Action: 's3:PutObject', Resource: 'arn:aws:s3:::acme-inbox/reports/*' };
const use = { ...allowed, Sid: 'Use', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' };
const admin = {
  Sid: 'Admin',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::222222222222:root' },
  Action: 'kms:*',
  Resource: '*',
};

function eventWith(acl: string | undefined) {
  const inbox = {
    accountId: '222222222222',
    region: 'us-east-1',
    bucket: 'acme-inbox',
    kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/11111111-2222-4333-8444-555555555555',
    prefix: 'reports/',
    ...(acl && { acl }),
  };
  return { customer: 'acme', inbox, deliveryRoleArn };
}

it.each(given.map((one) => [one.name, one] as const))('%s', async (_, one) => {
  const policies = {
    'customer.inbox.bucketPolicy': one.bucketPolicy ?? [deliver, ...(one.besideDeliver ?? [])],
    'customer.key.keyPolicy': one.keyPolicy ?? [admin, ...(one.besideAdmin ?? [use])],
    'service.serviceControlPolicies': one.serviceControlPolicy,
    'customer.resourceControlPolicies': one.resourceControlPolicy,
  };
  const documents = Object.entries(policies).flatMap(([as, Statement]) =>
    Statement ? [{ id: as, as, name: `${as}.json`, text: JSON.stringify({ Version: '2012-10-17', Statement }) }] : [],
  );
  const { report, problems } = await judge({
    documents,
    told: one.told ?? {},
    deployment: {},
    event: eventWith(one.acl),
    templates,
  });
  expect({ problems, verdict: one.verdict }).toEqual({
    problems: [],
    verdict: expect.arrayContaining([report?.verdict]),
  });
});
