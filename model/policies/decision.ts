import type { Effect, Layer } from '../../core/vocabulary.ts';
import type { Caller, Policy, PolicyDocument } from '../world/world.ts';
import type { Mismatch } from './mismatch.ts';

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

/** The statement that refused, or the one closest to allowing. */
export interface StatementReference {
  readonly policy: string;
  readonly policyArn?: string;
  readonly sid?: string;
  readonly index: number;
}

/** One layer that refuses a question. */
export interface Refusal {
  readonly layer: Layer;
  readonly effect: Effect;
  readonly statement?: StatementReference;
  /** Why the statements of the layer don't match, for people. */
  readonly why: string;
  /** What keeps the closest statement from matching, element by element; absent where there is none. */
  readonly mismatches?: readonly Mismatch[];
  /** What the conditions of the denying statement ask for, all of which the request has. */
  readonly conditions?: readonly Mismatch[];
  /** Set where the request would be refused also without the Deny, for nothing allows it. */
  readonly behind?: Behind;
}

/** What would refuse a request if there were no Deny: the statement that comes closest to allowing it, if any does. */
export interface Behind {
  readonly statement?: StatementReference;
  readonly mismatches: readonly Mismatch[];
}

export interface Decision {
  readonly allowed: boolean;
  /** Every layer that would have to change, whatever the others say; empty exactly where `allowed`. */
  readonly refusals: readonly Refusal[];
  /** The one that AWS's message names. */
  readonly blamed?: Refusal;
  /** True where the resource's policy trusts the caller's whole account rather than the caller. */
  readonly trustsAccount: boolean;
}

export type { Policy };
