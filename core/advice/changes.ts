import { accountIn, nameOf } from '../arn.ts';
import type { MessageDenial } from '../aws-words/message.ts';
import { patterns } from '../event-rules.ts';
import type { Denial } from '../report.ts';
import type { Layer, RemedyDocument } from '../vocabulary.ts';
import type { Asked } from './asked.ts';
import type { ProposedStatement } from './statement.ts';

/** A change, and where to make it. */
export interface Advice {
  readonly instruction: string;
  readonly document?: RemedyDocument;
  readonly target?: string | undefined;
  readonly statement?: ProposedStatement | undefined;
}

/** A denial with everything that its advice needs. */
export interface DeniedCase {
  readonly denial: Denial;
  readonly asked: Asked;
  readonly message: MessageDenial;
  readonly ground: Ground;
  /**
   * “s3:PutObject on arn:…/* for secure-inbox-delivery”: the required permission, as the person who must allow it puts
   * it.
   */
  readonly request: string;
  readonly who: string;
  readonly target: string | undefined;
  /** The account of the inbox's key, if it is not the expected owner of the bucket. */
  readonly keysAccount: string | undefined;
}

/** How a denial's layer is known. This decides what can be stated as a fact. */
const grounds = {
  known: 'AWS, or the documents themselves, say that this layer refuses.',
  likely: 'Something speaks for this layer, and not only against others.',
  guessed: 'It is what the answer usually means.',
} as const;
export type Ground = keyof typeof grounds;

/**
 * Puts a name in a command only if AWS allows such a name. Names may come from other people's templates or messages,
 * and people paste commands into a shell.
 */
const allowed =
  (pattern: RegExp, placeholder: string) =>
  (name: string | undefined): string =>
    name !== undefined && pattern.test(name) ? name : placeholder;
const bucketName = allowed(patterns.bucket, 'BUCKET');
export const keyId = allowed(/^[\w:/-]{1,2048}$/, 'KEY');
const roleName = (role: string | undefined): string => allowed(/^[\w+=,.@-]{1,64}$/, 'ROLE')(nameOf(role));

/** How to save a changed document. */
const commands: Readonly<Record<RemedyDocument, (target: string | undefined) => string>> = {
  'identity-policy': (role) =>
    `aws iam put-role-policy --role-name ${roleName(role)} --policy-name … --policy-document file://…`,
  'role-trust-policy': (role) =>
    `aws iam update-assume-role-policy --role-name ${roleName(role)} --policy-document file://…`,
  'bucket-policy': (bucket) => `aws s3api put-bucket-policy --bucket ${bucketName(bucket)} --policy file://…`,
  'key-policy': (key) => `aws kms put-key-policy --key-id ${keyId(key)} --policy-name default --policy file://…`,
};

const unnamed: Readonly<Record<RemedyDocument, string>> = {
  'identity-policy': 'the caller',
  'role-trust-policy': 'the role',
  'bucket-policy': 'the bucket',
  'key-policy': 'the KMS key',
};

/**
 * A policy stores a deleted role as its ID. A role that is re-created under the same name has a different ID.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
const recreatedRole = (statement: ProposedStatement | undefined) =>
  `If the policy already has ${statement ? 'this' : 'such a'} statement, but its Principal is an ID that starts with AROA, the role was deleted and re-created: replace the ID with the role's ARN.`;

/** A statement fixes a missing Allow. A Deny must be changed itself, because no Allow overrides it. */
export function changeDocument(
  denied: DeniedCase,
  into: RemedyDocument,
  statement: ProposedStatement | undefined,
  words: string,
): Advice {
  const { denial, target, request, message, asked } = denied;
  const place = `${words} ${target ?? unnamed[into]}`;
  const base = { document: into, target };
  if (denial.effect === 'explicit') {
    const which = denial.policyArn ? ` in ${denial.policyArn}` : '';
    const first = ifSimulated(denied);
    return {
      ...base,
      instruction: `${first}Change the Deny statement${which} in ${place} so that it no longer matches ${request}. No Allow can override it.${orPublic(denied, into)}`,
    };
  }
  const sentences = [
    statement
      ? `Add this statement to ${place} and keep the existing statements. (\`${commands[into](target)}\` overwrites the whole policy, so submit old and new together.)`
      : `Change ${place} so that it allows ${request}.`,
    into === 'key-policy' && message.wording === 'lumped' ? checkKey(denied) : '',
    denial.effect === undefined
      ? `Also check that no Deny statement there blocks this request${likeReports(denied)}.`
      : '',
    into === 'bucket-policy' && denial.effect === undefined ? orOtherFolder(denied) : '',
    into === 'identity-policy' || asked.namesNoDeletedRole ? '' : recreatedRole(statement),
  ];
  return { ...base, instruction: sentences.filter(Boolean).join(' '), ...(statement && { statement }) };
}

const simulated: readonly (Layer | undefined)[] = ['identity-policy', 'permissions-boundary', 'service-control-policy'];

/** The policy simulator evaluates conditions without a delivery's keys: https://github.com/aws/aws-cli/issues/10525 */
function ifSimulated({ ground, denial: { layer }, asked: { delivery } }: DeniedCase): string {
  if (ground !== 'likely' || !delivery || !simulated.includes(layer)) return '';
  return 'First compare the conditions of the policies with a real delivery: the policy simulator does not know its network, and not always its tags and organizations. Change nothing if they exempt it. ';
}

/** S3's message is the same for a Deny and for a grant in a public policy that Block Public Access ignores. */
function orPublic({ message, asked }: DeniedCase, into: RemedyDocument): string {
  if (into !== 'bucket-policy' || message.wording !== 'named' || asked.relation === 'same-account') return '';
  return ' If no Deny there matches, a statement of the policy is public and S3 Block Public Access refuses: name the role as Principal instead of “*”.';
}

/** A mistyped folder is as likely as a missing statement, and the statement would allow a folder that no one uses. */
function orOtherFolder({ asked: { role, delivery } }: DeniedCase): string {
  const prefix = role === 'inbox-object' ? delivery?.inbox.prefix : undefined;
  return prefix
    ? `If reports belong in another folder than ${prefix}, correct inbox.prefix in the test event instead.`
    : '';
}

/** The conditions that a Deny usually has. */
function likeReports({ asked: { role, delivery } }: DeniedCase): string {
  if (role !== 'inbox-object' || !delivery) return '';
  const { kmsKeyArn, acl } = delivery.inbox;
  const parts = delivery.kind === 'multipart' ? ' (the parts of the upload name no encryption)' : '';
  return `: it is encrypted with ${kmsKeyArn}${parts}, sets ${acl ? `the ACL ${acl}` : 'no ACL'}, and comes from outside the bucket owner's VPCs and IP ranges`;
}

/** KMS gives the same answer for every unusable key, so only the owner can find the reason. */
function checkKey({ target, asked: { role, delivery } }: DeniedCase): string {
  const region = role === 'inbox-key' ? delivery?.inbox.region : delivery?.internal.region;
  const where = region ? ` in ${region}` : '';
  const account = accountIn(target);
  const { internal, inbox } = delivery ?? {};
  const isOfNeither = account && inbox && account !== inbox.accountId && account !== internal?.accountId;
  const whose = isOfNeither
    ? ` Its ARN names account ${account}, and the test event expects the bucket in account ${inbox.accountId}: make sure that neither is mistyped.`
    : '';
  return `First check with \`aws kms describe-key --key-id ${keyId(target)}\` that the key exists${where} and is enabled.${whose}`;
}

const asks: Readonly<Record<Ground, { readonly ask: string; readonly reason: (kind: string) => string }>> = {
  known: { ask: 'Ask', reason: (kind) => ` At present, ${kind}.` },
  likely: { ask: 'Ask', reason: (kind) => ` Most likely, ${kind}.` },
  guessed: { ask: 'If the other candidates are ruled out, ask', reason: () => '' },
};

/** A request to send to someone who manages the policies but owns neither account. */
export function askFor(denied: DeniedCase, whom: string, words: string): string {
  const { denial, request, ground } = denied;
  const kind = denial.effect === 'implicit' ? 'no such policy allows it' : 'such a policy denies it';
  const isOfMore = denial.resource !== undefined && !request.includes(denial.resource);
  const { ask, reason } = asks[ground];
  const what = `${kind}${isOfMore ? ' for a test object there' : ''}`;
  const because = reason(`${what}${denial.policyArn ? `: ${denial.policyArn}` : ''}`);
  const first = ifSimulated(denied);
  return `${first}${ask} ${whom}: “${words} ${request}.${because} Without it, reports cannot be delivered to the Secure Inbox.”`;
}
