import { keyIdIn, partitionOf } from '../../core/arn.ts';
import type { DocumentOfWorld } from '../remedies/documents.ts';
import type { MapNode, TemplateNode, TemplateSource } from '../template/node.ts';
import { writtenDefaults } from '../template/parameters.ts';
import { wasPolicyText } from '../template/policy-text.ts';
import { entry, expectMap, optional, textOf } from '../template/read-value.ts';
import { type ResolvedResource, resolveTemplate } from '../template/resolve-template.ts';
import { keyTypes } from '../template/resource-types/resource-type.ts';
import type { DocumentPath, PolicyFile } from '../text/policy-file.ts';
import { embeddedPolicy } from '../text/read-policy-file.ts';
import { hasUnreadPart } from '../world/from-templates/stack-resources.ts';
import { withoutStatements } from '../world/plain-policies.ts';
import type { Scenario } from '../world/scenario.ts';
import { type Express, type Expression, expressing } from './fixes/expressions.ts';
import type { LocatedPolicy } from './locate.ts';

/**
 * The bucket's and key's policies in the customer's template, with its functions resolved.
 *
 * @param name the name of the template's file, if it differs from the one in its origins
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
      inTemplate(fileOf(found.node), found, expressInKey(found.node), {
        kind: 'key-policy',
        owner: arnOfKey(found.resource),
        index: 0,
      }),
    ),
  ];
}

/** Policies that the template has as a text. They are evaluated like the others, but their parts have no positions. */
export function policyTextsInTemplate(scenario: Scenario, name?: string): readonly PolicyFile[] {
  const { resources = [], fileOf } = readOf(scenario, name) ?? {};
  const places = [
    ['AWS::S3::BucketPolicy', 'PolicyDocument', 'bucket-policy'],
    ...keyTypes.map((type) => [type, 'KeyPolicy', 'key-policy'] as const),
  ] as const;
  return places.flatMap(([type, property, kind]) =>
    policiesOf(resources, type, ['Properties', property], true).map(({ node, path }) => {
      const { source } = node.origin;
      return embeddedPolicy({ file: fileOf?.(node) ?? source.file, text: source.text }, kind, path, node);
    }),
  );
}

/** The missing policy of the inbox if the template creates the bucket without one, as if it had an empty one. */
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
  return [
    {
      of: { kind: 'bucket-policy', owner: inboxBucket, index: 0 },
      policy: { ...policy, document: withoutStatements, express: expressIn(bucket), missingFor: bucket.logicalId },
    },
  ];
}

function readOf({ world, customerStack }: Scenario, name: string | undefined) {
  if (!customerStack) return undefined;
  const { template } = customerStack;
  const { source } = template.origin;
  const { resources, outputs } = resolveTemplate(template, customerStack);
  const keys = keyTypes.flatMap((type) => policiesOf(resources, type, ['Properties', 'KeyPolicy']));
  // The key may be in any account, but the template creates it in the one that it is deployed to.
  const arnOfKey = (key: ResolvedResource) =>
    keys.length === 1 || key.name === keyIdIn(world.inboxKeyArn) ? world.inboxKeyArn : key.attribute('Arn');
  const partition = partitionOf(customerStack.region);
  const defaults = [...writtenDefaults(template)].map(([parameter, { text }]) => [parameter, text] as const);
  const values = { ...Object.fromEntries(defaults), ...customerStack.parameters };
  // Each template can only refer to its own parameters.
  const parametersOf = ({ text }: TemplateSource) =>
    Object.fromEntries(
      Object.entries(values).filter(([name]) => new RegExp(`^[\\s{,"']*${name}["']?\\s*:`, 'm').test(text)),
    );
  const keyArns = new Map(keys.map(({ resource }) => [resource.logicalId, arnOfKey(resource)]));
  return {
    fileOf: ({ origin }: Pick<MapNode, 'origin'>) =>
      origin.source.file === source.file ? (name ?? source.file) : origin.source.file,
    declared: new Set(optional(template, 'Resources', expectMap)?.entries.keys()),
    resources,
    keys,
    arnOfKey,
    // A template can't refer to another's resources, but may import its exports.
    expressIn: ({ origin: { source: own } }: Pick<MapNode, 'origin'>) => {
      const isOwn = ({ origin }: Pick<ResolvedResource, 'origin'>) => origin.source.file === own.file;
      const ofKeys = keys.filter(({ resource }) => isOwn(resource)).map(({ resource }) => resource.logicalId);
      return expressing({
        partition,
        resources: resources.filter(isOwn),
        keyArns: new Map([...keyArns].filter(([logicalId]) => ofKeys.includes(logicalId))),
        parameters: parametersOf(own),
        imports: exportsFor(own, template, outputs, keyArns),
      });
    },
    // A bucket refers to its key, so a key policy that refers to the bucket would be circular.
    expressInKey: ({ origin: { source: own } }: Pick<MapNode, 'origin'>) =>
      expressing({ partition, resources: [], keyArns: new Map(), parameters: parametersOf(own), imports: new Map() }),
  };
}

/**
 * The exports of other templates. A template that imports something itself is left out, because two stacks that need
 * each other can't be created.
 */
function exportsFor(
  own: TemplateSource,
  template: MapNode,
  outputs: Readonly<Record<string, string>>,
  keyArns: ReadonlyMap<string, string>,
): ReadonlyMap<string, Expression> {
  const found = [...(optional(template, 'Outputs', expectMap)?.entries ?? [])].flatMap(([output, { value: node }]) => {
    const { source } = node.origin;
    if (node.kind !== 'map' || source.file === own.file || /ImportValue/.test(source.text)) return [];
    const name = entry(entry(node, 'Export'), 'Name');
    const imported = name && nameElsewhere(name);
    const value = keyArns.get(attributeOf(entry(node, 'Value')) ?? '') ?? outputs[output];
    return imported === undefined || value === undefined || value === '' ? [] : [[value, imported] as const];
  });
  return new Map(found.map(([value, imported]) => [value, { 'Fn::ImportValue': imported }]));
}

/** How another template in the same account and Region writes the name of an export. */
function nameElsewhere(name: TemplateNode): string | Expression | undefined {
  if (name.kind === 'scalar') return name.text;
  const text = textOf(entry(name, 'Fn::Sub'));
  const isSame = text !== undefined && !/\$\{(?!AWS::(?:AccountId|Region|Partition)\})/.test(text);
  return isSame ? { 'Fn::Sub': text } : undefined;
}

/** The logical ID of the resource with this ARN. */
function attributeOf(value: TemplateNode | undefined): string | undefined {
  const argument = entry(value, 'Fn::GetAtt');
  if (argument?.kind === 'scalar') return /^(\w+)\.Arn$/.exec(argument.text)?.[1];
  const [id, attribute] = argument?.kind === 'list' ? argument.items : [];
  return textOf(attribute) === 'Arn' ? textOf(id) : undefined;
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
  isText = false,
): readonly PolicyOfResource[] {
  return resources.flatMap((resource) => {
    const node = resource.properties.entries.get(property)?.value;
    // If a transform creates the policy, it is unknown.
    if (resource.type !== type || node?.kind !== 'map' || hasUnreadPart(node)) return [];
    if (wasPolicyText(node) !== isText) return [];
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
