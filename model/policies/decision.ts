import type * as policy from '../../policy/index.ts';
import type { Caller, PolicyDocument } from '../world/world.ts';

/** One authorization question: may this caller do this action on this resource, now, in this way? */
export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string;
  /** The bucket, key or trust policy; absent where the resource has none. */
  readonly resourcePolicy?: PolicyDocument;
  /** Condition keys of the request beyond those that hold for every request of this caller. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** Set for the calls that S3 makes to KMS for the caller: they don't carry the client's network. */
  readonly forwardedBy?: { readonly service: 's3'; readonly region: string };
}

export type { Behind, Mismatch, Refusal, StatementReference } from '../../policy/index.ts';

export interface Decision extends policy.Decision {
  /** False where a layer refuses for certain: what no one knows does not refuse. */
  readonly allowed: boolean;
}
