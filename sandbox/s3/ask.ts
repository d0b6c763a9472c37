import { authorize } from '../../model/policies/authorize.ts';
import { type ConditionFacts, conditionKeys } from '../../model/policies/condition-keys.ts';
import type { Question } from '../../model/policies/decision.ts';
import { denialMessage, s3RefusalMessage } from '../../model/policies/message.ts';
import type { Bucket, World } from '../../model/world/world.ts';
import type { AwsError, SandboxRequest } from '../wire/operation.ts';
import { refusedByOwnAccount } from '../wire/own-account.ts';
import { arnIn } from './address.ts';
import { accessDenied } from './errors.ts';

/** One permission that an S3 call needs, on a bucket or on an object in it. */
export interface S3Permission extends ConditionFacts {
  readonly action: string;
  readonly bucket: Bucket;
  readonly key?: string;
}

/** Checks a permission in the bucket owner's account. @throws AwsError AccessDenied, as S3 words it for this caller */
export function ask(world: World, request: SandboxRequest, edge: S3Permission): void {
  const question = questionOf(world, request, edge);
  const decision = authorize(world, question);
  if (!decision.allowed) throw accessDenied(denialMessage(world, question, decision));
}

export function askAccount(world: World, request: SandboxRequest, action: string): void {
  const refusal = refusedByOwnAccount(world, request, action, '*');
  if (refusal !== undefined) throw accessDenied(refusal);
}

/** Checks in order, so that S3 reports the first denial. */
export function askAll(world: World, request: SandboxRequest, edges: readonly S3Permission[]): void {
  for (const edge of edges) ask(world, request, edge);
}

/**
 * A denial by S3 itself, without a policy. S3 gives the reason to the same callers as for a policy.
 *
 * @param because AWS's wording, starting at "because"
 */
export function refusedByS3(world: World, request: SandboxRequest, edge: S3Permission, because: string): AwsError {
  return accessDenied(s3RefusalMessage(world, questionOf(world, request, edge), because));
}

function questionOf(world: World, request: SandboxRequest, { action, bucket, key, ...facts }: S3Permission): Question {
  return {
    caller: request.caller,
    action,
    resource: arnIn(bucket, key),
    resourceAccountId: bucket.accountId,
    ...(bucket.policy && { resourcePolicy: bucket.policy }),
    context: conditionKeys(world, request, action, facts),
  };
}
