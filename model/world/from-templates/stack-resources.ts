import type { Origin } from '../../template/node.ts';
import type { ResolvedResource } from '../../template/resolve-template.ts';

/** A property that stands in for one that nobody knows: it is as if the template did not have it. */
export interface UnreadProperty {
  readonly type: string;
  /** Of a bucket policy, its bucket. */
  readonly name: string;
  readonly property: string;
  readonly what: string;
  readonly origin: Origin;
}

/** The resources of a stack, by type, and where they are. */
export interface StackResources {
  readonly accountId: string;
  readonly region: string;
  /** Whether names of resources may be of others than this template's. */
  readonly isOpen: boolean;
  ofType(type: string): readonly ResolvedResource[];
  /** Goes on after a resource that is wrong, so that all of them are named. */
  attempt<T>(resources: readonly ResolvedResource[], read: (resource: ResolvedResource) => T): readonly T[];
  /** The same resource without what a transform makes of it. */
  readable(resource: ResolvedResource): ResolvedResource;
  /** Remembers what would be refused only once it is created. */
  refused(origin: Origin, message: string): void;
}
