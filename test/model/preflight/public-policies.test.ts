import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../../model/preflight/judge.ts';
import type { StackTemplates } from '../../../model/world/scenario.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { templatesOf } from '../../../sandbox/scenario-files.ts';
import { acmeEvent, administrator, allow, deliveryRole, policy } from '../../cli/preflight/acme.ts';

/**
 * Statements modeled on AWS's guides and samples, for a bucket that the service delivers to. Each line has its source
 * and AWS's documented effect. If it lists several verdicts, each is correct, because they only differ in how much is
 * known.
 */
interface PublicPolicy {
  readonly name: string;
  readonly source: string;
  /** Replaces the statement that lets the service deliver. */
  readonly bucketPolicy?: readonly object[];
  readonly besideDeliver?: readonly object[];
  readonly keyPolicy?: readonly object[];
  /** Replaces the statement that lets the service use the key. */
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

const ofService = (Sid: string, Action: string | readonly string[], Resource: string) => ({
  ...allow(deliveryRole, Action, Resource),
  Sid,
});
const deliver = ofService('Deliver', 's3:PutObject', 'arn:aws:s3:::acme-inbox/reports/*');
const use = ofService('Use', ['kms:Decrypt', 'kms:GenerateDataKey*'], '*');
const admin = { ...administrator, Sid: 'Admin' };

function eventWith(acl: string | undefined) {
  const { inbox, ...event } = acmeEvent();
  return { ...event, inbox: { ...inbox, ...(acl && { acl }) } };
}

it.each(given.map((one) => [one.name, one] as const))('%s', async (_, one) => {
  const policies = {
    'customer.inbox.bucketPolicy': one.bucketPolicy ?? [deliver, ...(one.besideDeliver ?? [])],
    'customer.key.keyPolicy': one.keyPolicy ?? [admin, ...(one.besideAdmin ?? [use])],
    'service.serviceControlPolicies': one.serviceControlPolicy,
    'customer.resourceControlPolicies': one.resourceControlPolicy,
  };
  const documents = Object.entries(policies).flatMap(([as, Statement]) =>
    Statement ? [{ id: as, as, name: `${as}.json`, text: JSON.stringify(policy(...Statement)) }] : [],
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
