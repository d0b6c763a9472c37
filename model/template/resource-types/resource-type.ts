import { arnOf } from '../../../core/arn.ts';

export type ResourceType = UnderstoodType | IrrelevantType | RefusedType;

/** A type that becomes part of the world. A property in none of the three lists is an error. */
interface UnderstoodType extends Referable {
  readonly relevance: 'understood';
  readonly modeled: readonly string[];
  readonly irrelevant?: readonly string[];
  readonly refused?: Readonly<Record<string, string>>;
}

/** A type that no request of a check uses. Its properties are not read, but other resources may refer to it. */
export interface IrrelevantType extends Referable {
  readonly relevance: 'irrelevant';
}

/** A type that could affect a check and is not supported. */
interface RefusedType {
  readonly relevance: 'refused';
  readonly why: string;
}

export interface Referable {
  /** The property with the resource's name. Without a property or value, a name is generated. */
  readonly nameProperty?: string;
  /** The value of `Ref`. @default the name */
  readonly ref?: (resource: PhysicalResource) => string;
  readonly attributes?: Readonly<Record<string, (resource: PhysicalResource) => string>>;
}

export interface PhysicalResource {
  readonly logicalId: string;
  readonly type: string;
  /** The value of its name property, otherwise a generated name. */
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly urlSuffix: string;
  /** Another property of the resource; undefined if the template doesn't set it. */
  property(name: string): string | undefined;
}

/** `arn:aws:sns:us-east-1:111111111111:NAME`, with the prefix before the name. */
export function regionalArn(service: string, prefix = ''): (resource: PhysicalResource) => string {
  return ({ partition, region, accountId, name }) =>
    arnOf({ partition, service, region, accountId, resource: `${prefix}${name}` });
}

export const keyTypes: readonly string[] = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'];

/** The resource types of a delivery. */
export const decisiveTypes: ReadonlySet<string> = new Set(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', ...keyTypes]);
