import { accountIn, bucketIn, identityOf, nameOf } from '../arn.ts';
import type { MessageDenial } from '../aws-words/message.ts';
import { patterns } from '../event-patterns.ts';
import type { Denial, Remedy } from '../report.ts';
import type { Layer, RemedyDocument, Side } from '../vocabulary.ts';
import type { Asked } from './asked.ts';
import { grantee, identityStatement, resourcePattern, resourceStatement, type Statement } from './statement.ts';

/** What to change, where, and who does it. */
interface Advice {
  readonly instruction: string;
  readonly document?: RemedyDocument;
  readonly target?: string | undefined;
  readonly statement?: Statement | undefined;
}

interface Case {
  readonly denial: Denial;
  readonly asked: Asked;
  readonly message: MessageDenial;
  readonly ground: Ground;
  /** “secure-inbox-delivery to s3:PutObject on arn:…/*”: what must be possible, in the words of whoever has to allow it. */
  readonly request: string;
  readonly who: string;
  readonly target: string | undefined;
}

/**
 * A name goes into a command only if AWS allows it. It may come out of somebody's template or message, and a command is
 * pasted into a shell.
 */
const allowed =
  (pattern: RegExp, placeholder: string) =>
  (name: string | undefined): string =>
    name !== undefined && pattern.test(name) ? name : placeholder;
const bucketName = allowed(patterns.bucket, 'BUCKET');
const keyId = allowed(/^[\w:/-]{1,2048}$/, 'KEY');
const roleName = (role: string | undefined): string => allowed(/^[\w+=,.@-]{1,64}$/, 'ROLE')(nameOf(role));

/** How to put a changed document into place. */
const apply: Readonly<Record<RemedyDocument, (target: string | undefined) => string>> = {
  'identity-policy': (role) =>
    `aws iam put-role-policy --role-name ${roleName(role)} --policy-name … --policy-document file://…`,
  'role-trust-policy': (role) =>
    `aws iam update-assume-role-policy --role-name ${roleName(role)} --policy-document file://…`,
  'bucket-policy': (bucket) => `aws s3api put-bucket-policy --bucket ${bucketName(bucket)} --policy file://…`,
  'key-policy': (key) => `aws kms put-key-policy --key-id ${keyId(key)} --policy-name default --policy file://…`,
};

/**
 * A policy keeps a deleted role as its id, which a role made again under the same name does not have.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
const recreatedRole =
  'If such a statement is there already and its Principal is an id that begins with AROA, the role was deleted and made again: write its ARN there once more.';

const remedies: Readonly<Record<Layer, (about: Case) => Advice>> = {
  'identity-policy': (about) => document(about, 'identity-policy', identityStatement(about.asked), 'a policy of'),
  'role-trust-policy': (about) =>
    about.asked.missing
      ? missingRole(about)
      : document(about, 'role-trust-policy', resourceStatement(about.asked), 'the trust policy of'),
  'bucket-policy': (about) => document(about, 'bucket-policy', resourceStatement(about.asked), 'the bucket policy of'),
  'key-policy': (about) => document(about, 'key-policy', resourceStatement(about.asked), 'the key policy of'),
  'permissions-boundary': (about) => ({
    target: about.target,
    instruction: askFor(about, 'whoever manages the permissions boundary of the role', 'Let the boundary allow'),
  }),
  'session-policy': (about) => ({
    target: about.target,
    instruction:
      `Let the policy that is passed when the role is assumed allow ${about.request}. The check writes that policy itself, ` +
      'from its table of permissions: if nobody else passes one, report this as a fault of the check.',
  }),
  'service-control-policy': (about) => ({
    target: about.target,
    instruction: askFor(
      about,
      `the administrators of the organization of account ${about.asked.principalAccountId ?? 'of the caller'}`,
      'Let the service control policies allow',
    ),
  }),
  'resource-control-policy': (about) => ({
    target: about.target,
    instruction: askFor(
      about,
      `the administrators of the organization of account ${about.asked.resourceAccountId ?? 'of the resource'}`,
      'Let the resource control policies no longer refuse',
    ),
  }),
  'vpc-endpoint-policy': (about) => ({
    target: about.target,
    instruction: askFor(
      about,
      'whoever manages the VPC endpoint that the request came through',
      'Let its policy allow',
    ),
  }),
  'block-public-access': (about) => ({ target: about.target, instruction: publicAccess(about) }),
  'object-ownership': ({ target, asked }) => ({
    target,
    instruction: `Send no ACL to ${target ?? 'the bucket'}: ${asked.delivery ? 'take inbox.acl out of the test event' : 'with Object Ownership “bucket owner enforced” its owner owns every object without one'}.`,
  }),
  'key-grant': ({ target, request }) => ({
    target,
    instruction: `Create a grant on ${target ?? 'the key'} for ${request}.`,
  }),
  'key-state': ({ target }) => ({
    target,
    instruction:
      `Look at ${target ?? 'the key'} with \`aws kms describe-key --key-id ${keyId(target)}\`. Enable it (\`aws kms enable-key\`), cancel its deletion ` +
      '(`aws kms cancel-key-deletion`, then enable it) or import its key material; where it is asymmetric or for signatures, choose a symmetric encryption key.',
  }),
  // The account of the denial is the one that the request expects; whose the bucket is, may be known or not.
  'bucket-owner': ({ target, asked, denial: { accountId } }) => ({
    target,
    instruction:
      `Find out whether ${accountId ? `account ${accountId}` : 'the account that is expected'} owns ${target ?? 'the bucket'}. Deliver nothing to it until then; ` +
      `if another one does, correct the bucket name or the account id in ${nameIn(asked)}.${keysAccount(asked)}`,
  }),
  'bucket-missing': ({ target, asked }) => ({
    target,
    instruction: `Create the bucket ${target ?? ''}, or correct its name in ${nameIn(asked)}.`.replace(' ,', ','),
  }),
  'key-missing': ({ target, asked }) => ({ target, instruction: missingKey(target, asked) }),
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  'plain-http': ({ target }) => ({
    target,
    instruction:
      'Send requests to S3 over HTTPS: no policy lets it use a KMS key over plain HTTP. Look where the caller has its endpoint ' +
      'from (AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL, or endpoint_url in its profile): it must begin with https://.',
  }),
  region: ({ target, message, asked }) => ({
    target,
    instruction:
      message.subject === 'key' || asked.role?.endsWith('-key')
        ? `Use a key in the bucket's own Region: S3 takes no other. ${target ?? 'This key'} is in another one.`
        : `Correct the Region of ${target ?? 'the bucket'} in ${nameIn(asked)}${message.expectedRegion ? `: it is ${message.expectedRegion}` : ''}.`,
  }),
};

/** Where a delivery has its names from, or any other request. */
function nameIn({ delivery }: Asked): string {
  return delivery ? 'the test event' : 'the request';
}

function missingKey(target: string | undefined, asked: Asked): string {
  if (asked.delivery) {
    return `Correct the key's ARN in the test event: KMS finds no key ${target ?? ''} in that account and Region.`.replace(
      '  ',
      ' ',
    );
  }
  return (
    "Use the key's full ARN in the request (…:kms:REGION:ACCOUNT:key/ID), as the owner of the key tells it. KMS looks " +
    "up a bare key ID or an alias in the caller's own account and Region, so the account in this message may be the " +
    "caller's and not the owner's. If the request has the full ARN already, the key ID, account or Region in it is wrong."
  );
}

/** Block Public Access refuses callers of other accounts, or saving an ACL or a policy that would be public. */
function publicAccess({ target, who, message: { setting } }: Case): string {
  const bucket = target ?? 'the bucket';
  if (setting === 'BlockPublicAcls') {
    return (
      `Send no public ACL to ${bucket}: whoever sends the request leaves out the ACL (public-read, for example). To let ` +
      "somebody read, the bucket's owner names them in the bucket policy. S3 Block Public Access need not be turned off."
    );
  }
  if (setting === 'BlockPublicPolicy') {
    return (
      `Change the policy that is to be saved for ${bucket}: some statement in it is public. Its author names who is ` +
      'meant (a role, an account) in place of “*”, or adds a condition with fixed values, such as aws:PrincipalOrgID, and ' +
      'saves it again. S3 Block Public Access need not be turned off.'
    );
  }
  return (
    `Make the bucket policy of ${bucket} name ${who} as Principal instead of “*”, or drop the public ACL: ` +
    'S3 Block Public Access does not hinder a policy that names its principals, and need not be turned off.'
  );
}

/** Undefined where not even the layer is known. */
export function remedyFor(
  denial: Denial,
  asked: Asked,
  message: MessageDenial,
  ground: Ground = 'known',
): Remedy | undefined {
  const { layer, accountId } = denial;
  if (!layer) return undefined;
  const who = grantee(asked) ?? (denial.principal ? identityOf(denial.principal) : 'the caller');
  const on = resourcePattern(asked) ?? denial.resource;
  const request = `${who} to ${denial.action ?? 'use it'}${on ? ` on ${on}` : ''}`;
  const advice = remedies[layer]({ denial, asked, message, ground, request, who, target: targetOf(denial, who) });
  const { document: goesInto, target, statement, instruction } = advice;
  // Policies of a resource are its owner's to change, which in this pattern is the customer where nothing else is known.
  const side: Side | undefined = denial.side ?? (asked.caller === 'service' ? 'customer' : undefined);
  return {
    ...(side && { side }),
    ...(accountId && { accountId }),
    ...(goesInto && { document: goesInto }),
    ...(target && { target }),
    instruction,
    ...(statement && { statement }),
  };
}

const layersOfTheRole: ReadonlySet<Layer> = new Set(['identity-policy', 'permissions-boundary', 'session-policy']);
const layersOfTheAccount: ReadonlySet<Layer> = new Set(['service-control-policy', 'vpc-endpoint-policy']);

function targetOf({ layer, resource }: Denial, who: string): string | undefined {
  if (layer && layersOfTheRole.has(layer)) return who.startsWith('arn:') ? who : undefined;
  if (layer && layersOfTheAccount.has(layer)) return undefined;
  return bucketIn(resource) ?? resource;
}

/** A statement mends what nothing allows. A Deny has to be taken back where it stands: no Allow overrides it. */
function document(about: Case, into: RemedyDocument, statement: Statement | undefined, words: string): Advice {
  const { denial, target, request, message } = about;
  const place = `${words} ${target ?? (into === 'identity-policy' ? 'the caller' : 'the resource')}`;
  const base = { document: into, target };
  if (denial.effect === 'explicit') {
    const which = denial.policyArn ? ` in ${denial.policyArn}` : '';
    return {
      ...base,
      instruction: `Change the Deny statement${which} in ${place} so that it no longer matches ${request}. No Allow can override it.`,
    };
  }
  const named = into === 'identity-policy' || about.asked.namesNoDeletedRole ? '' : ` ${recreatedRole}`;
  const denies =
    denial.effect === undefined
      ? ` Make sure that no Deny statement there matches the request${likeReports(about)}.`
      : '';
  const look = into === 'key-policy' && message.wording === 'lumped' ? lookAtKey(about) : '';
  const paste = statement
    ? `Add this statement to ${place}: what is there stays (\`${apply[into](target)}\` replaces the whole document).`
    : `Let ${place} allow ${request}.`;
  return { ...base, instruction: `${paste}${look}${denies}${named}`, ...(statement && { statement }) };
}

/** The service's stack makes the role: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-deploy.html */
function missingRole({ denial: { resource }, asked: { missing } }: Case): Advice {
  const place = 'deliveryRoleArn in the test event, or DELIVERY_ROLE_ARN in the environment of the check';
  return {
    target: resource,
    instruction: missing?.instead
      ? `Set ${place}, to ${missing.instead}: that is the role of this name. ${resource} does not exist.`
      : `Create the role ${resource ?? ''}: deploy the service's stack with \`npx cdk deploy\`. If the role has another name or path, correct its ARN: ${place}.`,
  };
}

/** A bucket and its key are hardly ever in different accounts, so that one of two ids is easily the mistyped one. */
function keysAccount({ role, delivery }: Asked): string {
  if (role !== 'inbox-object' || !delivery) return '';
  const account = accountIn(delivery.inbox.kmsKeyArn);
  return account === undefined || account === delivery.inbox.accountId
    ? ''
    : ` The key that it names for that bucket is in account ${account}.`;
}

/** What conditions of a Deny usually look at. */
function likeReports({ asked: { role, delivery, action } }: Case): string {
  if (role !== 'inbox-object' || !delivery) return '';
  const { kmsKeyArn, acl } = delivery.inbox;
  const named = delivery.kind === 'multipart' ? ' names no encryption in its parts and otherwise' : '';
  const headers = action === 's3:PutObject' ? `${named} is encrypted with ${kmsKeyArn},` : '';
  return `, which${headers} sends ${acl ? `the ACL ${acl}` : 'no ACL'} and comes from no network of the bucket's owner`;
}

/** KMS answers alike for a key that is not as it must be; only its owner can look. */
function lookAtKey({ target, asked: { role, delivery } }: Case): string {
  const region = role === 'inbox-key' ? delivery?.inbox.region : delivery?.internal.region;
  const where = region ? `, in ${region},` : '';
  return ` See first, with \`aws kms describe-key --key-id ${keyId(target)}\`, that the key is there${where} and enabled.`;
}

/** How the layer of a denial is known, which decides what can be told to others as a fact. */
export const grounds = {
  known: 'AWS, or the documents themselves, say that this layer refuses.',
  likely: 'Something speaks for this layer, and not only against others.',
  guessed: 'It is what the answer usually means.',
} as const;
export type Ground = keyof typeof grounds;

const asks: Readonly<Record<Ground, { readonly ask: string; readonly reason: (kind: string) => string }>> = {
  known: { ask: 'Ask', reason: (kind) => ` As it is, ${kind}.` },
  likely: { ask: 'Ask', reason: (kind) => ` It looks as if ${kind}.` },
  guessed: { ask: 'If the other candidates are ruled out, ask', reason: () => '' },
};

/** What to send to somebody who owns none of the two accounts' policies. */
function askFor({ denial, request, ground }: Case, whom: string, words: string): string {
  const kind = denial.effect === 'implicit' ? 'no such policy allows it' : 'such a policy refuses it';
  const isOfMore = denial.resource !== undefined && !request.endsWith(denial.resource);
  const { ask, reason } = asks[ground];
  const what = `${kind}${isOfMore ? ' for a test object there' : ''}`;
  const because = reason(`${what}${denial.policyArn ? `: ${denial.policyArn}` : ''}`);
  return `${ask} ${whom}: “${words} ${request}.${because} Without it, reports cannot be delivered to the Secure Inbox.”`;
}
