import { arnOf, keyIdIn, parseArn, partitionOf } from '../../core/arn.ts';
import { ownEntry } from '../../core/values.ts';
import type { Origin } from '../template/node.ts';
import { bucketAsCreated, defaults } from './default-names.ts';
import type { CustomerStackInput } from './default-stacks.ts';
import type { DetachedBucketPolicy, Stack } from './from-templates.ts';
import { type InboxNames, inboxIn, inboxKeyIn } from './main-resources.ts';
import { leftToOthers } from './outsiders.ts';
import type { ScenarioFile, UnknownPart } from './scenario-schema.ts';
import { withoutStandIns } from './wanted-texts.ts';
import type { Bucket, Key } from './world.ts';

interface StackWithInbox {
  readonly stack: Stack;
  readonly unknown: readonly UnknownPart[];
}

interface Found<T> {
  readonly found: T;
  readonly unknown: readonly UnknownPart[];
}

/**
 * A customer's own template doesn't have to create the inbox or its key. If it doesn't, they exist already, and
 * whatever neither the template nor another document describes is unknown.
 */
export function withInbox(stack: Stack, input: CustomerStackInput, { customer }: ScenarioFile): StackWithInbox {
  if (input.open === undefined) return { stack, unknown: [] };
  const told = { serviceAccountId: input.service.accountId, inboxBucket: input.names?.inboxBucket };
  const inbox = inboxOf(stack, input, told);
  const key = keyOf(stack, inbox.found, input, told);
  const isSaid = ({ part }: UnknownPart) =>
    (part === 'customer.inbox.bucketPolicy' && customer?.inbox?.bucketPolicy !== undefined) ||
    (part === 'customer.resourceControlPolicies' && customer?.resourceControlPolicies !== undefined) ||
    (part === 'customer.key.keyPolicy' && customer?.key?.keyPolicy !== undefined) ||
    (part === 'customer.key.grants' && customer?.key?.grants !== undefined) ||
    (part === 'customer.inbox.defaultEncryption' && customer?.inbox?.defaultEncryption !== undefined);
  const unknown = [
    ...inbox.unknown,
    ...key.unknown,
    ...madeByTransforms(stack),
    ...unreadOf(stack, inbox, key),
    ...leftToOthers(stack.open, inbox.found, key.found.keyId),
  ];
  return {
    stack: {
      ...stack,
      buckets: withOne(stack.buckets, inbox.found, ({ name }) => name),
      keys: withOne(stack.keys, key.found, ({ arn }) => arn),
      inbox: inbox.found,
      inboxKey: key.found,
    },
    unknown: withoutMoot(unknown.filter((part) => !isSaid(part))),
  };
}

/** While the key policy is unknown, there is no point in asking whether a grant is needed instead. */
function withoutMoot(unknown: readonly UnknownPart[]): readonly UnknownPart[] {
  const isPolicyOpen = unknown.some(({ part }) => part === 'customer.key.keyPolicy');
  return unknown.filter(({ part }) => !(isPolicyOpen && part === grantsOfExisting.part));
}

function withOne<T>(all: readonly T[], one: T, nameOf: (item: T) => string): readonly T[] {
  return [...all.filter((other) => nameOf(other) !== nameOf(one)), one];
}

function inboxOf(stack: Stack, input: CustomerStackInput, told: InboxNames): Found<Bucket> {
  const { inboxBucket, serviceAccountId } = told;
  const made = stack.buckets.find(({ name }) => name === inboxBucket);
  if (made) return { found: made, unknown: [] };
  const policies = stack.detachedBucketPolicies;
  const speaking = policies.filter(({ document }) => JSON.stringify(document).includes(serviceAccountId));
  const named = policies.find(({ bucket }) => bucket === inboxBucket);
  const policy = named ?? (stack.buckets.length === 0 ? (onlyOf(policies) ?? onlyOf(speaking)) : undefined);
  if (policy) return { found: existingBucket(input, policy), unknown: [encryptionOfExisting] };
  const chosen = inboxIn(stack, told);
  if (chosen) return { found: chosen, unknown: [] };
  const names = stack.buckets.map(({ name }) => withoutStandIns(name)).join(', ');
  const why =
    stack.buckets.length === 0
      ? 'The template neither makes the bucket nor gives it a policy, so what its policy says is not known.'
      : `The template makes several buckets, and none is known to be the Secure Inbox: ${names}.`;
  const needs = stack.buckets.length === 0 ? '--bucket-policy FILE says it.' : '--event FILE says which it is.';
  const [first] = stack.buckets;
  return {
    found: first ?? existingBucket(input, undefined),
    unknown: [{ part: 'customer.inbox.bucketPolicy', why, needs }, ...(first ? [] : [encryptionOfExisting])],
  };
}

/** Matters if a key policy requires an encryption context. */
export const encryptionOfExisting: UnknownPart = {
  part: 'customer.inbox.defaultEncryption',
  why: 'The key policy asks for an encryption context: the ARN of the bucket if it has a Bucket Key, else that of the object. No document says whether it has one.',
  needs: 'Save the output of aws s3api get-bucket-encryption beside the policies.',
};

function onlyOf<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function existingBucket({ names, customer }: CustomerStackInput, policy: DetachedBucketPolicy | undefined): Bucket {
  return {
    name: policy?.bucket ?? names?.inboxBucket ?? `existing-bucket-${customer.accountId}`,
    accountId: customer.accountId,
    region: customer.region,
    ...(policy && { policy: policy.document }),
    ...bucketAsCreated,
    objects: new Map(),
  };
}

function keyOf(stack: Stack, inbox: Bucket, input: CustomerStackInput, told: InboxNames): Found<Key> {
  const made = inboxKeyIn(stack, inbox, told);
  if (made) return { found: made, unknown: [] };
  const [first] = stack.keys;
  const why = first
    ? `The template makes several keys, and none is known to be the Secure Inbox's: ${stack.keys.map(({ arn }) => arn).join(', ')}.`
    : "The template does not make the Secure Inbox's key, so what its policy says is not known.";
  const needs = first
    ? '--event FILE or the default encryption of the bucket says which.'
    : '--key-policy FILE says it.';
  return {
    found: input.names?.inboxKeyArn === undefined && first ? first : existingKey(input, inbox),
    unknown: [{ part: 'customer.key.keyPolicy', why, needs }, ...(first ? [] : [grantsOfExisting])],
  };
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
const grantsOfExisting: UnknownPart = {
  part: 'customer.key.grants',
  why: 'The key already exists, and its policy does not allow what a delivery needs. Only a grant could allow it instead.',
  needs: 'aws kms list-grants --key-id KEY tells; without one, the key policy has to allow it.',
};

function existingKey({ names, customer }: CustomerStackInput, { defaultEncryption }: Bucket): Key {
  const { accountId, region } = customer;
  const partition = partitionOf(region);
  const arn =
    names?.inboxKeyArn ??
    defaultEncryption.kmsKeyArn ??
    arnOf({ partition, service: 'kms', region, accountId, resource: `key/${defaults.customerKeyId}` });
  const owner = parseArn(arn);
  return {
    arn,
    keyId: keyIdIn(arn),
    accountId: owner?.accountId ?? accountId,
    region: owner?.region ?? region,
    policy: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: owner?.accountId ?? accountId }, Action: 'kms:*', Resource: '*' },
      ],
    },
    state: 'Enabled',
    spec: 'SYMMETRIC_DEFAULT',
    multiRegion: keyIdIn(arn).startsWith('mrk-'),
    grants: [],
    aliases: [],
  };
}

const processed =
  'Give the template that it makes: aws cloudformation get-template --stack-name NAME --template-stage Processed.';

const partsOfTypes: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': ['customer.inbox'],
  'AWS::S3::BucketPolicy': ['customer.inbox.bucketPolicy'],
  'AWS::KMS::Key': ['customer.key'],
  'AWS::KMS::ReplicaKey': ['customer.key'],
};

function madeByTransforms({ open }: Stack): readonly UnknownPart[] {
  return open.unsupported.flatMap(({ what, origin, type = '' }) =>
    (ownEntry(partsOfTypes, type) ?? ['customer.inbox', 'customer.key']).map((part) => unknownPart(part, what, origin)),
  );
}

function unknownPart(part: string, what: string, origin: Origin): UnknownPart {
  return { part, why: `CloudFormation runs ${what} itself, and what it makes is not known.`, needs: processed, origin };
}

const partsOfProperties: Readonly<Record<string, string>> = {
  OwnershipControls: 'customer.inbox.objectOwnership',
  PublicAccessBlockConfiguration: 'customer.inbox.blockPublicAccess',
  BucketEncryption: 'customer.inbox.defaultEncryption',
  PolicyDocument: 'customer.inbox.bucketPolicy',
  KeyPolicy: 'customer.key.keyPolicy',
  Enabled: 'customer.key.state',
  Origin: 'customer.key.state',
  KeySpec: 'customer.key.spec',
};

function unreadOf(
  { unread }: Stack,
  { found: inbox }: Found<Bucket>,
  { found: key }: Found<Key>,
): readonly UnknownPart[] {
  return unread.flatMap(({ name, property, what, origin }) => {
    const part = ownEntry(partsOfProperties, property);
    const isTheirs = name === inbox.name || name === key.keyId;
    return part !== undefined && isTheirs ? [unknownPart(part, what, origin)] : [];
  });
}
