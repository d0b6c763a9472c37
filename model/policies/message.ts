import { lumped, notAuthorized, opaque, policyTypeOf, reasons } from '../../core/aws-words/reasons.ts';
import type { Layer } from '../../core/vocabulary.ts';
import type { World } from '../world/world.ts';
import type { Decision, Question, Refusal } from './decision.ts';

/**
 * AWS's message for a denial, with as much detail as AWS gives in that situation.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */
export function denialMessage(world: World, question: Question, { blamed }: Pick<Decision, 'blamed'>): string {
  const { action, caller, resource } = question;
  if (!blamed) throw new Error(`${action} on ${resource} is allowed: there is no denial to word`);
  if (action.startsWith('s3:')) return s3Message(world, question, blamed.layer, tail(question, blamed));
  if (action.startsWith('kms:'))
    return kmsMessage(question, ofForeignOrganization(world, question) ? withoutArn(blamed) : blamed);
  // Every real answer of AssumeRole seen until August 2026 ends here, whichever policy refused.
  if (action === 'sts:AssumeRole') return notAuthorized(caller.arn, action, `resource: ${resource}`);
  return notAuthorized(caller.arn, action, `resource: ${resource}`, tail(question, blamed));
}

/** A caller from outside is not shown the policies of another organization. */
function withoutArn(blamed: Refusal): Refusal {
  if (blamed.layer !== 'resource-control-policy' || !blamed.statement) return blamed;
  const { policyArn: _policyArn, ...statement } = blamed.statement;
  return { ...blamed, statement };
}

function ofForeignOrganization(world: World, { caller, resourceAccountId }: Question): boolean {
  if (caller.accountId === resourceAccountId) return false;
  const organization = world.accounts.get(caller.accountId)?.organizationId;
  return organization === undefined || organization !== world.accounts.get(resourceAccountId)?.organizationId;
}

/** The same for a denial by S3 itself, without a policy. @param reason AWS's wording, starting at "because" */
export function s3RefusalMessage(world: World, question: Question, reason: string): string {
  return s3Message(world, question, 'bucket-policy', reason);
}

/** S3 gives reasons only to callers in the bucket owner's account or organization. */
function s3Message(world: World, question: Question, layer: Layer, reason: string): string {
  const { action, caller, resource, resourceAccountId } = question;
  const told =
    caller.accountId === resourceAccountId ||
    (!ofForeignOrganization(world, question) && layer !== 'vpc-endpoint-policy');
  if (!told) return opaque;
  // The message for an action without a resource, such as s3:ListAllMyBuckets, names none.
  return notAuthorized(caller.arn, action, resource === '*' ? '' : `resource: "${resource}"`, reason);
}

/** KMS gives reasons to everyone, but combines all possible ones for a key in another account. */
function kmsMessage(question: Question, blamed: Refusal): string {
  const { action, caller, resource, resourceAccountId } = question;
  if (caller.accountId === resourceAccountId) {
    return notAuthorized(caller.arn, action, `resource: ${resource}`, tail(question, blamed));
  }
  // A foreign key that the caller may not use is not named. For Decrypt it is only known from the ciphertext.
  const unnamed = action === 'kms:Decrypt' ? 'the resource associated with this ciphertext' : 'this resource';
  return notAuthorized(
    caller.arn,
    action,
    unnamed,
    blamed.layer === 'key-policy' ? lumped.says : tail(question, blamed),
  );
}

function tail({ action }: Question, { layer, effect, statement }: Refusal): string {
  const type = policyTypeOf(layer);
  if (!type) throw new Error(`AWS has no words for a refusal by ${layer}`);
  const arn = effect === 'explicit' && type.namesArn ? statement?.policyArn : undefined;
  return reasons[effect].says(type, action) + (arn ? `: ${arn}` : '');
}
