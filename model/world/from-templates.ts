import type { MapNode } from '../template/node.ts';
import { type DeploymentOptions, type ResolvedTemplate, resolveTemplate } from '../template/resolve-template.ts';
import { ProblemList, type TemplateProblem } from '../template/template-error.ts';
import { type DetachedBucketPolicy, readBuckets } from './from-templates/buckets.ts';
import { readFunctions, type StackFunction } from './from-templates/functions.ts';
import { readKeys } from './from-templates/keys.ts';
import { readRoles } from './from-templates/roles.ts';
import { type StackResources, type UnreadProperty, withoutUnread } from './from-templates/stack-resources.ts';
import type { Bucket, Key, Role } from './world.ts';

export type { DetachedBucketPolicy };

export interface Stack {
  readonly roles: readonly Role[];
  readonly buckets: readonly Bucket[];
  /** Policies of buckets that the template doesn't create. */
  readonly detachedBucketPolicies: readonly DetachedBucketPolicy[];
  readonly keys: readonly Key[];
  readonly functions: readonly StackFunction[];
  readonly outputs: Readonly<Record<string, string>>;
  /** The bucket of a delivery, if it had to be determined. */
  readonly inbox?: Bucket;
  readonly inboxKey?: Key;
  /** Values that the template leaves open; see {@link DeploymentOptions.supposed}. */
  readonly open: Pick<ResolvedTemplate, 'unknown' | 'setAside' | 'unsupported' | 'resources'>;
  /** Properties that could not be read, because a transform creates them. */
  readonly unread: readonly UnreadProperty[];
  readonly refused: readonly TemplateProblem[];
}

/**
 * A template as AWS would deploy it.
 *
 * @throws TemplateError with file, line and column of each problem
 */
export function deployedStack(template: MapNode, options: DeploymentOptions): Stack {
  const open = resolveTemplate(template, options);
  const { resources, outputs } = open;
  const problems = new ProblemList();
  const unread: UnreadProperty[] = [];
  const refused: TemplateProblem[] = [];
  const stack: StackResources = {
    accountId: options.accountId,
    region: options.region,
    isOpen: options.supposed !== undefined,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    attempt: attemptWith(problems),
    readable: (resource) => {
      const { known, unread: some } = withoutUnread(resource);
      unread.push(...some);
      return known;
    },
    refused: (origin, message) => refused.push({ origin, message }),
  };
  // The permissions of a customer's own roles and functions don't affect a delivery.
  const ofNoConcern = options.supposed === undefined ? stack : { ...stack, attempt: attemptWith(new ProblemList()) };
  const keys = readKeys(stack);
  const result = {
    roles: readRoles(ofNoConcern),
    ...readBuckets(stack, keys),
    keys,
    functions: readFunctions(ofNoConcern),
    outputs,
    open,
    unread,
    refused,
  };
  problems.throwIfAny();
  return result;
}

function attemptWith(problems: ProblemList): StackResources['attempt'] {
  return (some, read) =>
    some.flatMap((resource) => {
      const value = problems.attempt(() => ({ read: read(resource) }));
      return value === undefined ? [] : [value.read];
    });
}
