import { arnPattern, keyArn, parseArn } from '../../../core/arn.ts';
import { names } from '../../../core/vocabulary.ts';
import type { MapNode, TemplateNode } from '../../template/node.ts';
import {
  entry,
  expectBoolean,
  expectKeys,
  expectList,
  expectMap,
  expectOneOf,
  expectString,
  optional,
  requiredEntry,
} from '../../template/read-value.ts';
import { refuse } from '../../template/template-error.ts';
import {
  type Bucket,
  type DefaultEncryption,
  type Key,
  type ObjectOwnership,
  objectOwnerships,
  type PolicyDocument,
  type PublicAccessBlock,
  publicAccessSettings,
  sseAlgorithms,
} from '../world.ts';
import { readPolicyDocument } from './policy-document.ts';
import type { StackResources } from './stack-resources.ts';

export interface DetachedBucketPolicy {
  readonly bucket: string;
  readonly document: PolicyDocument;
}

/** The buckets of a stack, with S3's defaults for everything that the template leaves out. */
export function readBuckets(
  stack: StackResources,
  keys: readonly Key[],
): { readonly buckets: readonly Bucket[]; readonly detachedBucketPolicies: readonly DetachedBucketPolicy[] } {
  const policies = new Map<string, PolicyDocument>();
  stack.attempt(stack.ofType('AWS::S3::BucketPolicy'), (resource) => {
    const { name, properties, origin } = stack.readable(resource);
    if (entry(properties, 'PolicyDocument') === undefined && entry(resource.properties, 'PolicyDocument')) return;
    if (policies.has(name)) refuse(origin, `the bucket ${name} has another bucket policy already; a bucket has one.`);
    policies.set(name, readPolicyDocument(requiredEntry(properties, 'PolicyDocument'), 'resource'));
  });
  const buckets = stack.attempt(stack.ofType('AWS::S3::Bucket'), (resource) => {
    const { name, properties } = stack.readable(resource);
    checkModeledValues(properties, stack);
    const policy = policies.get(name);
    policies.delete(name);
    return {
      name,
      accountId: stack.accountId,
      region: stack.region,
      ...(policy && { policy }),
      objectOwnership: optional(properties, 'OwnershipControls', objectOwnership) ?? 'BucketOwnerEnforced',
      publicAccessBlock: publicAccessBlock(entry(properties, 'PublicAccessBlockConfiguration')),
      defaultEncryption:
        optional(properties, 'BucketEncryption', (node) => defaultEncryption(node, stack, keys)) ?? sseS3,
      versioned: optional(properties, 'VersioningConfiguration', isVersioned) ?? false,
      objects: new Map(),
    };
  });
  return { buckets, detachedBucketPolicies: [...policies].map(([bucket, document]) => ({ bucket, document })) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html */
const sseS3: DefaultEncryption = { sseAlgorithm: 'AES256', bucketKeyEnabled: false };

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
const cannedAcls = names(`
  Private PublicRead PublicReadWrite AuthenticatedRead LogDeliveryWrite BucketOwnerRead BucketOwnerFullControl
  AwsExecRead
`);

/**
 * A canned ACL gives the service nothing that a delivery needs. Since April 2023, a new bucket accepts one only if its
 * ACLs are enabled.
 */
function checkModeledValues(properties: MapNode, stack: StackResources): void {
  optional(properties, 'AbacStatus', (node) =>
    expectOneOf(node, stack.isOpen ? ['Disabled', 'Enabled'] : ['Disabled']),
  );
  const acl = optional(properties, 'AccessControl', (node) => expectOneOf(node, cannedAcls));
  const ownership = optional(properties, 'OwnershipControls', objectOwnership) ?? 'BucketOwnerEnforced';
  const { origin } = properties.entries.get('AccessControl') ?? properties;
  if (acl === undefined || acl === 'Private' || ownership !== 'BucketOwnerEnforced') return;
  stack.refused(
    origin,
    `AccessControl ${acl} needs ACLs, which are turned off in every bucket that is created since April 2023: “Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting”. Remove AccessControl, or set OwnershipControls to BucketOwnerPreferred.`,
  );
}

function objectOwnership(node: TemplateNode): ObjectOwnership {
  const rule = onlyRule(node, 'Rules');
  expectKeys(rule, ['ObjectOwnership']);
  return expectOneOf(requiredEntry(rule, 'ObjectOwnership'), objectOwnerships);
}

/**
 * A new bucket has all four settings on. A template with this property turns off those that it doesn't mention.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-publicaccessblockconfiguration.html
 */
function publicAccessBlock(node: TemplateNode | undefined): PublicAccessBlock {
  const map = node === undefined ? undefined : expectMap(node);
  if (map !== undefined) expectKeys(map, publicAccessSettings);
  const isOn = (setting: keyof PublicAccessBlock) =>
    map === undefined || (optional(map, setting, expectBoolean) ?? false);
  return Object.fromEntries(publicAccessSettings.map((setting) => [setting, isOn(setting)])) as PublicAccessBlock;
}

function defaultEncryption(node: TemplateNode, stack: StackResources, keys: readonly Key[]): DefaultEncryption {
  const rule = onlyRule(node, 'ServerSideEncryptionConfiguration');
  // BlockedEncryptionTypes can only block SSE-C, which a delivery never uses.
  expectKeys(rule, ['BlockedEncryptionTypes', 'BucketKeyEnabled', 'ServerSideEncryptionByDefault']);
  const bucketKeyEnabled = optional(rule, 'BucketKeyEnabled', expectBoolean) ?? false;
  const byDefault = optional(rule, 'ServerSideEncryptionByDefault', expectMap);
  if (byDefault === undefined) return { ...sseS3, bucketKeyEnabled };
  expectKeys(byDefault, ['KMSMasterKeyID', 'SSEAlgorithm']);
  const kmsKeyArn = optional(byDefault, 'KMSMasterKeyID', (key) => keyArnOf(key, stack, keys));
  return {
    sseAlgorithm: expectOneOf(requiredEntry(byDefault, 'SSEAlgorithm'), sseAlgorithms),
    bucketKeyEnabled,
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
  };
}

/** @returns undefined for the AWS managed key, which no template can name by ARN */
function keyArnOf(node: TemplateNode, stack: StackResources, keys: readonly Key[]): string | undefined {
  const id = expectString(node);
  if (arnPattern(/kms:[^:]+:\d{12}:key\/.+/).test(id)) return id;
  const alias = parseArn(id)?.service === 'kms' ? (parseArn(id)?.resource ?? id) : id;
  if (alias === 'alias/aws/s3') return undefined;
  const key = keys.find(({ keyId, aliases }) => keyId === id || aliases.includes(alias));
  if (key !== undefined) return key.arn;
  if (stack.isOpen) return undefined;
  return refuse(
    node.origin,
    `"${id}" is not a key of this template in ${stack.accountId}; give another key by its whole ARN (${keyArn(stack.region, 'ACCOUNT', 'ID')}).`,
  );
}

function isVersioned(node: TemplateNode): boolean {
  const configuration = expectMap(node);
  expectKeys(configuration, ['Status']);
  return expectOneOf(requiredEntry(configuration, 'Status'), ['Enabled', 'Suspended']) === 'Enabled';
}

/** S3 takes a list of rules in several places, but allows only one rule. */
function onlyRule(node: TemplateNode, key: string): MapNode {
  const map = expectMap(node);
  expectKeys(map, [key]);
  const { items, origin } = expectList(requiredEntry(map, key));
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) refuse(origin, `must be a list of one rule, not of ${items.length}.`);
  return expectMap(item);
}
