import type { Relation } from '../../../core/advice/asked.ts';
import type { Wording } from '../../../core/aws-words/reasons.ts';
import type { ResourceRole } from '../../../core/permissions.ts';
import type { Confidence, Effect, Layer, Step } from '../../../core/vocabulary.ts';

/** AWS's documentation of its messages. */
export const iamMessages = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html';
export const s3Messages = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html';
export const crossAccount =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html';
export const foreignKeys =
  'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html';

/**
 * One row for each kind of answer, with its conclusion; the first matching row applies. A row says `proven` only if no
 * other explanation of the message is known, because AWS names one of several causes and sometimes not the one to
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
    /** Set for requests that name an access point instead of the bucket. */
    readonly through?: 'access-point';
  };
  readonly confidence: Confidence;
  /** The layer to start with, if it is not the one that AWS names. */
  readonly blames?: Layer;
  /** The permission to start with, if it is not the one in the request. */
  readonly edge?: { readonly action: string; readonly on: ResourceRole };
  /** Set if AWS's message distinguishes a Deny from a missing Allow. */
  readonly effectIsTold?: true;
  /** Other explanations of the same message, most likely first. @default none */
  readonly alternatives?: readonly Alternative[];
  /** Set if there are no explanations other than the layer and the alternatives. */
  readonly exhaustive?: true;
  readonly because: string;
  readonly source: string;
}

export interface Alternative {
  readonly layer: Layer;
  /** The edge, if it differs from the one that seems to be denied. */
  readonly edge?: { readonly action: string; readonly on: ResourceRole };
  readonly onlyWith?: 'acl';
  readonly step?: Step;
  readonly service?: 's3' | 'kms' | 'sts';
  readonly why: string;
}

/** For a fact about another key or Region, which makes the explanation likely but doesn't prove it. */
export function uncertain({ exhaustive: _, ...rule }: Rule): Rule {
  return { ...rule, confidence: 'inferred' };
}
