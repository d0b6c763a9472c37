import type * as policy from '../../policy/index.ts';
import type { Caller, PolicyDocument } from '../world/world.ts';

/** One authorization question: may this caller perform this action on this resource, with this context? */
export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string;
  /** The policy of the bucket, key or role; absent if the resource has none. */
  readonly resourcePolicy?: PolicyDocument;
  /** Condition keys of this request, in addition to those that every request of the caller has. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** Set for requests that S3 sends to KMS on behalf of the caller, which have no network keys of the client. */
  readonly forwardedBy?: { readonly service: 's3'; readonly region: string };
}

export type { Behind, Mismatch, Refusal, StatementReference } from '../../policy/index.ts';

export interface Decision extends policy.Decision {
  /** False if a layer certainly denies. An unknown fact doesn't deny. */
  readonly allowed: boolean;
}
