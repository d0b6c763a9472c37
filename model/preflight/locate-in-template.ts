import { keyIdIn, partitionOf } from '../../core/arn.ts';
import type { DocumentOfWorld } from '../remedies/document-edit.ts';
import type { MapNode } from '../template/node.ts';
import { expectMap, optional } from '../template/read-value.ts';
import { type ResolvedResource, resolveTemplate } from '../template/resolve-template.ts';
import type { DocumentPath } from '../text/policy-file.ts';
import { embeddedPolicy } from '../text/read-policy-file.ts';
import { hasUnreadPart } from '../world/from-templates/unread.ts';
import type { Scenario } from '../world/scenario.ts';
import { type Express, expressing } from './fixes/expressions.ts';
import type { LocatedPolicy } from './locate.ts';

/**
 * The policies of bucket and key as the customer's template has them, its functions resolved.
 *
 * @param name of the template's file, where that is not what it is called in its origins
 */
export function locatedInTemplate(scenario: Scenario, name?: string): readonly LocatedPolicy[] {
  const read = readOf(scenario, name);
  if (!read) return [];
  const { fileOf, resources, keys, arnOfKey, expressIn, expressInKey } = read;
  return [
    ...policiesOf(resources, 'AWS::S3::BucketPolicy', ['Properties', 'PolicyDocument']).map((found) =>
      inTemplate(fileOf(found.node), found, expressIn(found.node), {
        kind: 'bucket-policy',
        owner: found.resource.name,
        index: 0,
      }),
    ),
    ...keys.map((found) =>
      inTemplate(fileOf(found.node), found, expressInKey, {
        kind: 'key-policy',
        owner: arnOfKey(found.resource),
        index: 0,
      }),
    ),
  ];
}

/** The policy of the inbox where the template makes the bucket and gives it none: as if there were an empty one. */
export function missingInTemplate(scenario: Scenario, name?: string): readonly LocatedPolicy[] {
  const read = readOf(scenario, name);
  const { inboxBucket, buckets } = scenario.world;
  const bucket = read?.resources.find((one) => one.type === 'AWS::S3::Bucket' && one.name === inboxBucket);
  const hasPolicy = read?.resources.some((one) => one.type === 'AWS::S3::BucketPolicy' && one.name === inboxBucket);
  if (!read || !bucket || hasPolicy || buckets.get(inboxBucket)?.policy) return [];
  const { fileOf, expressIn, declared } = read;
  const wanted = `${bucket.logicalId}Policy`;
  const logicalId = declared.has(wanted) ? `${wanted}ForDeliveries` : wanted;
  const at: DocumentPath = ['Resources', logicalId, 'Properties', 'PolicyDocument'];
  const empty = { kind: 'map' as const, entries: new Map(), origin: bucket.origin };
  const { text } = bucket.origin.source;
  const policy = embeddedPolicy({ file: fileOf(bucket), text }, 'bucket-policy', at, empty);
  const document = { Version: '2012-10-17', Statement: [] };
  return [
    {
      of: { kind: 'bucket-policy', owner: inboxBucket, index: 0 },
      policy: { ...policy, document, express: expressIn(bucket), missingFor: bucket.logicalId },
    },
  ];
}

function readOf({ world, customerStack }: Scenario, name: string | undefined) {
  if (!customerStack) return undefined;
  const { template } = customerStack;
  const { source } = template.origin;
  const { resources } = resolveTemplate(template, customerStack);
  const keys = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'].flatMap((type) =>
    policiesOf(resources, type, ['Properties', 'KeyPolicy']),
  );
  // The key may belong to any account, the template's is the one that it is deployed to.
  const arnOfKey = (key: ResolvedResource) =>
    keys.length === 1 || key.name === keyIdIn(world.inboxKeyArn) ? world.inboxKeyArn : key.attribute('Arn');
  const partition = partitionOf(customerStack.region);
  const parameters = { ...defaultsIn(template), ...customerStack.parameters };
  const keyArns = new Map(keys.map(({ resource }) => [resource.logicalId, arnOfKey(resource)]));
  return {
    fileOf: ({ origin }: Pick<MapNode, 'origin'>) =>
      origin.source.file === source.file ? (name ?? source.file) : origin.source.file,
    declared: new Set(optional(template, 'Resources', expectMap)?.entries.keys()),
    resources,
    keys,
    arnOfKey,
    // A template can't refer to what another one makes.
    expressIn: ({ origin: { source: own } }: Pick<MapNode, 'origin'>) => {
      const isOwn = ({ origin }: Pick<ResolvedResource, 'origin'>) => origin.source.file === own.file;
      const ofKeys = keys.filter(({ resource }) => isOwn(resource)).map(({ resource }) => resource.logicalId);
      return expressing({
        partition,
        resources: resources.filter(isOwn),
        keyArns: new Map([...keyArns].filter(([logicalId]) => ofKeys.includes(logicalId))),
        parameters,
      });
    },
    // A bucket refers to its key: a key policy that referred to the bucket would be a circle.
    expressInKey: expressing({ partition, resources: [], keyArns: new Map(), parameters }),
  };
}

function defaultsIn(template: MapNode): Readonly<Record<string, string>> {
  const parameters = [...(optional(template, 'Parameters', expectMap)?.entries ?? [])];
  return Object.fromEntries(
    parameters.flatMap(([name, { value }]) => {
      const byDefault = value.kind === 'map' ? value.entries.get('Default')?.value : undefined;
      return byDefault?.kind === 'scalar' ? [[name, byDefault.text] as const] : [];
    }),
  );
}

interface PolicyOfResource {
  readonly resource: ResolvedResource;
  readonly node: MapNode;
  readonly path: DocumentPath;
}

function policiesOf(
  resources: readonly ResolvedResource[],
  type: string,
  [section, property]: readonly [string, string],
): readonly PolicyOfResource[] {
  return resources.flatMap((resource) => {
    const node = resource.properties.entries.get(property)?.value;
    // What a transform makes of a policy nobody knows.
    if (resource.type !== type || node?.kind !== 'map' || hasUnreadPart(node)) return [];
    return [{ resource, node, path: ['Resources', resource.logicalId, section, property] }];
  });
}

function inTemplate(
  file: string,
  { node, path }: PolicyOfResource,
  express: Express,
  of: DocumentOfWorld,
): LocatedPolicy {
  const { text } = node.origin.source;
  return { of, policy: { ...embeddedPolicy({ file, text }, of.kind, path, node), express } };
}
