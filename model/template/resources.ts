import { ownEntry } from '../../core/values.ts';
import { names } from '../../core/vocabulary.ts';
import type { TemplateScope } from './functions/intrinsic-function.ts';
import type { MapNode, Origin, TemplateNode } from './node.ts';
import {
  entry,
  expectKeys,
  expectLogicalId,
  expectMap,
  expectString,
  optional,
  requiredEntry,
  textOf,
} from './read-value.ts';
import { type References, references, type StackPlacement, unknownReferences } from './references.ts';
import { resolve } from './resolve.ts';
import type { ResourceType } from './resource-types/resource-type.ts';
import { resourceTypeOf } from './resource-types/table.ts';
import { type ProblemList, refuse } from './template-error.ts';

/** A resource that is not read, because it doesn't affect a delivery or because its effect is unknown. */
export interface SetAside {
  readonly logicalId: string;
  readonly type: string;
  readonly origin: Origin;
  readonly properties: MapNode;
  /** The file that the CDK created for it. */
  readonly asset?: string;
  /** Absent if its type is not of S3, KMS or IAM. */
  readonly why?: string;
}

/** A supported resource that is created, before its properties are resolved. */
export interface DeclaredResource {
  readonly logicalId: string;
  readonly type: string;
  readonly origin: Origin;
  readonly properties: MapNode;
  /** The names of the properties that become part of the world. */
  readonly modeled: readonly string[];
  name(): string;
  attribute(name: string): string;
}

const resourceKeys = names(`
  Condition CreationPolicy DeletionPolicy DependsOn Metadata Properties Type UpdatePolicy UpdateReplacePolicy
`);

/**
 * Reads the section Resources: checks every type and property, and makes resources available to `Ref` and `Fn::GetAtt`.
 *
 * @param base the scope of conditions
 * @returns the supported resources that are created, the others, and a scope that includes the resources
 */
export function declareResources(
  section: MapNode,
  base: TemplateScope,
  problems: ProblemList,
  placement: StackPlacement,
): {
  readonly resources: readonly DeclaredResource[];
  readonly setAside: readonly SetAside[];
  readonly scope: TemplateScope;
} {
  const declarations = new Map<string, Declaration>();
  const scope: TemplateScope = {
    ...base,
    resources: {
      logicalIds: [...section.entries.keys()],
      physicalId: (logicalId, origin) => created(logicalId, origin).ref(origin),
      attribute: (logicalId, attribute, origin) => created(logicalId, origin).attribute(attribute, origin),
    },
  };
  const areSupposed = base.unknown.areSupposed;
  const created = (logicalId: string, origin: Origin): References => {
    const declaration = declarations.get(logicalId);
    if (areSupposed && (declaration === undefined || declaration.unlessCondition !== undefined))
      return unknownReferences(logicalId, scope);
    if (declaration === undefined) refuse(origin, `${logicalId} cannot be referred to: it is not a valid resource.`);
    if (declaration.unlessCondition !== undefined) {
      refuse(origin, `${logicalId} is not created, because its condition ${declaration.unlessCondition} is false.`);
    }
    return declaration.references;
  };

  for (const [logicalId, { value, origin }] of section.entries) {
    // A transform or a loop that could not be evaluated, so the resources that it creates are unknown.
    if (areSupposed && logicalId.startsWith('Fn::')) continue;
    const declaration = problems.attempt(() => declare(logicalId, value, origin, scope, placement));
    if (declaration !== undefined) declarations.set(logicalId, declaration);
  }
  // A resource that is not created has no effect, and must not prevent loading a template with options.
  const made = [...declarations].filter(([, { unlessCondition }]) => unlessCondition === undefined);
  if (!areSupposed) for (const [, declaration] of made) judge(declaration, problems);
  const setAside = made.flatMap(([logicalId, { type, typeName, origin, properties, asset }]) => {
    if (type?.relevance === 'understood') return [];
    const why = type?.relevance === 'refused' ? { why: type.why } : {};
    return [{ logicalId, type: typeName, origin, properties, ...(asset !== undefined && { asset }), ...why }];
  });
  const resources = made.flatMap(([logicalId, { type, typeName, origin, properties, references }]) => {
    if (type?.relevance !== 'understood') return [];
    const attribute = (name: string) => references.attribute(name, origin);
    return [{ logicalId, type: typeName, origin, properties, modeled: type.modeled, name: references.name, attribute }];
  });
  return { resources, setAside, scope };
}

interface Declaration {
  readonly type: ResourceType | undefined;
  readonly typeName: string;
  readonly origin: Origin;
  readonly properties: MapNode;
  readonly unlessCondition: string | undefined;
  readonly asset: string | undefined;
  readonly references: References;
}

function declare(
  logicalId: string,
  node: TemplateNode,
  origin: Origin,
  scope: TemplateScope,
  placement: StackPlacement,
): Declaration {
  // Fn::ForEach is used like a logical ID. Like any unsupported function, it is rejected by name.
  if (logicalId.startsWith('Fn::') && !scope.unknown.areSupposed) {
    resolve({ kind: 'map', entries: new Map([[logicalId, { origin, value: node }]]), origin }, scope);
  }
  const resource = expectMap(node);
  const typeNode = requiredEntry(resource, 'Type');
  refuseModule(typeNode);
  const typeName = expectString(typeNode);
  const isOurs = oursByType.test(typeName);
  if (isOurs || !scope.unknown.areSupposed) {
    expectLogicalId(logicalId, origin);
    // Other properties are input for the macro, which changes the resource.
    if (!placement.hasMacros) expectKeys(resource, resourceKeys);
  }
  const type = resourceTypeOf(typeName);
  const nothing: MapNode = { kind: 'map', entries: new Map(), origin: resource.origin };
  const properties = optional(resource, 'Properties', expectMap) ?? nothing;
  const condition = optional(resource, 'Condition', expectString);
  const isCreated =
    condition === undefined || scope.conditions.holds(condition, entry(resource, 'Condition')?.origin ?? origin);
  return {
    type,
    typeName,
    origin: { ...typeNode.origin, path: origin.path },
    properties,
    unlessCondition: isCreated ? undefined : condition,
    // https://docs.aws.amazon.com/cdk/v2/guide/assets.html
    asset: textOf(entry(entry(resource, 'Metadata'), 'aws:asset:path')),
    references: references(logicalId, typeName, type, properties, scope, placement),
  };
}

function refuseModule(type: TemplateNode): void {
  const [tag] = type.kind === 'map' ? type.entries.keys() : [];
  if (!tag?.includes('Rain::')) return;
  refuse(
    type.origin,
    'is a module of Rain, which CloudFormation does not know. Give what `rain pkg FILE` makes of it.',
  );
}

/** The services of a delivery's resources. */
const oursByType = /^AWS::(?:S3|KMS|IAM)::/;

function judge({ type, typeName, origin, properties }: Declaration, problems: ProblemList): void {
  problems.attempt(() => {
    if (type === undefined) {
      refuse(
        origin,
        `the type ${typeName} is not known, so it is not clear whether it matters to a delivery. If it does not, list it in model/template/resource-types/irrelevant.ts.`,
      );
    }
    if (type.relevance === 'refused') refuse(origin, `the type ${typeName} is not modeled: ${type.why}.`);
  });
  if (type?.relevance !== 'understood') return;
  const { modeled, irrelevant = [], refused = {} } = type;
  const known = [...modeled, ...irrelevant, ...Object.keys(refused)].toSorted();
  for (const [name, { origin: at }] of properties.entries) {
    problems.attempt(() => {
      const why = ownEntry(refused, name);
      if (why !== undefined) refuse(at, `${name} of ${typeName} is not modeled: ${why}.`);
      if (!known.includes(name))
        refuse(at, `${typeName} has no property "${name}" that is known; known: ${known.join(', ')}.`);
    });
  }
}
