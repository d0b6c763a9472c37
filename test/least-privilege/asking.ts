import { authorize } from '../../model/policies/authorize.ts';
import type { Question } from '../../model/policies/decision.ts';
import { noContext, questionOf, type TrialRequest } from '../../model/remedies/request.ts';
import type { Caller, World } from '../../model/world/world.ts';
import { homeRegion } from '../here.ts';

/** The differences from a request that is sent over TLS for a resource in the caller's own account. */
export interface Asked extends Partial<TrialRequest> {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** Condition keys that only some actions have. */
  readonly context?: Question['context'];
}

/** True if every policy in a world allows a request. */
export function isAllowed(world: World, asked: Asked): boolean {
  const { caller, action, resource, context } = asked;
  if (!/^(s3|kms|sts):/.test(action)) {
    // If the resource has no policy, the caller's policies decide.
    const ofTheAccount = { 'aws:RequestedRegion': homeRegion, ...context };
    const question = { caller, action, resource, resourceAccountId: caller.accountId, context: ofTheAccount };
    return authorize(world, question).allowed;
  }
  const sent = questionOf(world, {
    resourceAccountId: caller.accountId,
    region: homeRegion,
    headers: {},
    encryptionContextArn: noContext,
    viaS3: false,
    plainHttp: false,
    ...asked,
  });
  const question = { ...sent.question, context: { ...asItsAction(action, sent.question.context), ...context } };
  return authorize(sent.world, question).allowed;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-algorithm */
function asItsAction(action: string, { 'kms:EncryptionAlgorithm': algorithm, ...others }: Question['context']) {
  const encrypts = /^kms:(Decrypt|Encrypt|GenerateDataKey)$/.test(action) && algorithm !== undefined;
  return { ...others, ...(encrypts && { 'kms:EncryptionAlgorithm': algorithm }) };
}
