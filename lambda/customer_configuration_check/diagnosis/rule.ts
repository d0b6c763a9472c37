import type { Relation } from '../../../core/advice/asked.ts';
import type { Wording } from '../../../core/aws-words/reasons.ts';
import type { ResourceRole } from '../../../core/permissions.ts';
import type { Confidence, Effect, Layer, Step } from '../../../core/vocabulary.ts';

/** AWS's documentation about its answers. */
export const iamMessages = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html';
export const s3Messages = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html';
export const crossAccount =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html';
export const foreignKeys =
  'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html';

/**
 * A row for each kind of answer says what it proves; the first matching row counts. A row calls its layer `proven` only
 * if no other explanation of those words is known, because AWS names one of several causes and sometimes not the one to
 * fix.
 */
export interface Rule {
  readonly id: string;
  readonly when: {
    readonly wording: Wording;
    readonly layers?: readonly Layer[];
    readonly effect?: Effect;
    readonly service?: 's3' | 'kms' | 'sts';
    readonly relations?: readonly Relation[];
    readonly subject?: 'key' | 'bucket';
    readonly onlyWith?: 'acl';
    /** Set for requests that name an access point in place of the bucket. */
    readonly through?: 'access-point';
  };
  readonly confidence: Confidence;
  /** The layer to begin with where it is not the one that AWS names. */
  readonly blames?: Layer;
  /** The permission to begin with where it is not the one that the request is known by. */
  readonly edge?: { readonly action: string; readonly on: ResourceRole };
  /** Set where AWS's words tell a Deny from a missing Allow. */
  readonly effectIsTold?: true;
  /** Other explanations of the same words, in order of likelihood. @default nothing */
  readonly alternatives?: readonly Alternative[];
  /** Set where layer and alternatives are all that can be. */
  readonly exhaustive?: true;
  readonly because: string;
  readonly source: string;
}

export interface Alternative {
  readonly layer: Layer;
  /** Another edge than the one that was refused at first sight. */
  readonly edge?: { readonly action: string; readonly on: ResourceRole };
  readonly onlyWith?: 'acl';
  readonly step?: Step;
  readonly service?: 's3' | 'kms' | 'sts';
  readonly why: string;
}

/** A fact about another key or Region makes the explanation likely, but does not prove it. */
export function uncertain({ exhaustive: _, ...rule }: Rule): Rule {
  return { ...rule, confidence: 'inferred' };
}
