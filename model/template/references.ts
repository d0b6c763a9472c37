import { ownEntry } from '../../core/values.ts';
import type { TemplateScope } from './functions/intrinsic-function.ts';
import type { GeneratedNames } from './names.ts';
import type { MapNode, Origin } from './node.ts';
import { expectString, optional } from './read-value.ts';
import { resolve } from './resolve.ts';
import { keyTypes, type Referable, type ResourceType } from './resource-types/resource-type.ts';
import { refuse } from './template-error.ts';

export interface StackPlacement {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly urlSuffix: string;
  readonly names: GeneratedNames;
  /** True if unsupported macros or transforms change the template. */
  readonly hasMacros: boolean;
}

/** The values of `Ref` and `Fn::GetAtt` of one resource. */
export interface References {
  name(): string;
  ref(origin: Origin): string;
  attribute(name: string, origin: Origin): string;
}

/** References to a resource that is set aside or doesn't exist. */
export function unknownReferences(logicalId: string, { unknown, imports }: TemplateScope): References {
  const fromOutside = (name: string, what: string, origin: Origin): string => {
    const value = ownEntry(imports, name);
    if (value !== undefined) return value;
    return unknown.valueOf({ key: what, what, given: { by: 'import', name }, origin }, what);
  };
  return {
    name: () => logicalId,
    ref: (origin) => fromOutside(logicalId, `what CloudFormation calls ${logicalId}`, origin),
    attribute: (name, origin) => fromOutside(`${logicalId}.${name}`, `the attribute ${name} of ${logicalId}`, origin),
  };
}

export function references(
  logicalId: string,
  typeName: string,
  type: ResourceType | undefined,
  properties: MapNode,
  scope: TemplateScope,
  { names, ...place }: StackPlacement,
): References {
  const { unknown } = scope;
  const notKnown = unknownReferences(logicalId, scope);
  if (unknown.areSupposed && (type === undefined || type.relevance === 'refused')) return notKnown;
  const referable: Referable = type === undefined || type.relevance === 'refused' ? {} : type;
  const property = (key: string): string | undefined => {
    const value = optional(properties, key, (node) => resolve(node, scope));
    return value && expectString(value);
  };
  const generate = (): string => {
    if (keyTypes.includes(typeName)) return names.keyId(logicalId);
    if (!unknown.areSupposed) return names.physicalName(logicalId, typeName);
    const what = `the name that CloudFormation makes for ${logicalId}`;
    return unknown.valueOf({ key: `name of ${logicalId}`, what, origin: properties.origin }, what);
  };

  let known: string | undefined;
  let isBeingNamed = false;
  const name = (): string => {
    if (known !== undefined) return known;
    if (isBeingNamed) refuse(properties.origin, `the name of ${logicalId} depends on itself.`);
    isBeingNamed = true;
    try {
      known = (referable.nameProperty === undefined ? undefined : property(referable.nameProperty)) ?? generate();
      return known;
    } finally {
      isBeingNamed = false;
    }
  };
  const physical = () => ({ ...place, logicalId, type: typeName, name: name(), property });
  return {
    name,
    ref: (origin) => {
      if (unknown.areSupposed && type?.relevance === 'irrelevant' && !('ref' in type) && !('nameProperty' in type)) {
        return notKnown.ref(origin);
      }
      return referable.ref?.(physical()) ?? name();
    },
    attribute: (attribute, origin) => {
      const attributes = referable.attributes ?? {};
      const read = ownEntry(attributes, attribute);
      if (read === undefined && unknown.areSupposed) return notKnown.attribute(attribute, origin);
      if (read === undefined) {
        const existing = Object.keys(attributes).join(', ') || 'none';
        refuse(origin, `${typeName} (${logicalId}) has no attribute "${attribute}" that is known; known: ${existing}.`);
      }
      return read(physical());
    },
  };
}
