import type { MapNode } from '../template/node.ts';
import { readTemplate } from '../template/read-template.ts';
import { type DeploymentOptions, type ResolvedResource, resolveTemplate } from '../template/resolve-template.ts';
import { ProblemList } from '../template/template-error.ts';
import { type DetachedBucketPolicy, readBuckets } from './from-templates/buckets.ts';
import { readFunctions, type StackFunction } from './from-templates/functions.ts';
import { readKeys } from './from-templates/keys.ts';
import { readRoles } from './from-templates/roles.ts';
import type { Bucket, Key, Role } from './world.ts';

export type { DetachedBucketPolicy, StackFunction };

export interface StackOptions extends DeploymentOptions {
  /** A CloudFormation template in YAML or JSON. */
  readonly file: string;
}

/** What a template brings into the world when it is deployed. */
export interface Stack {
  readonly roles: readonly Role[];
  readonly buckets: readonly Bucket[];
  /** Policies of buckets that the template does not create. */
  readonly detachedBucketPolicies: readonly DetachedBucketPolicy[];
  readonly keys: readonly Key[];
  readonly functions: readonly StackFunction[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** The resources of a stack, by type, and where they are. */
export interface StackResources {
  readonly accountId: string;
  readonly region: string;
  ofType(type: string): readonly ResolvedResource[];
  /** Goes on after a resource that is wrong, so that all of them are named. */
  attempt<T>(resources: readonly ResolvedResource[], read: (resource: ResolvedResource) => T): readonly T[];
}

/**
 * Loads a template as AWS would deploy it.
 *
 * @throws TemplateError with file, line and column of every problem
 */
export function loadStack(options: StackOptions): Stack {
  return deployedStack(readTemplate(options.file), options);
}

/** As {@link loadStack}, of a template that has been read already. */
export function deployedStack(template: MapNode, options: DeploymentOptions): Stack {
  const { resources, outputs } = resolveTemplate(template, options);
  const problems = new ProblemList();
  const stack: StackResources = {
    accountId: options.accountId,
    region: options.region,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    attempt: (some, read) =>
      some.flatMap((resource) => {
        const value = problems.attempt(() => ({ read: read(resource) }));
        return value === undefined ? [] : [value.read];
      }),
  };
  const keys = readKeys(stack);
  const result = {
    roles: readRoles(stack),
    ...readBuckets(stack, keys),
    keys,
    functions: readFunctions(stack),
    outputs,
  };
  problems.throwIfAny();
  return result;
}
