import { accountIn, bucketIn, nameOf } from '../arn.ts';
import type { MessageDenial } from '../aws-words/message.ts';
import type { Wording } from '../aws-words/wordings.ts';
import type { ResourceRole } from '../permissions.ts';
import type { Denial } from '../report.ts';
import type { Confidence, Layer } from '../vocabulary.ts';
import type { Asked } from './asked.ts';

/** The names that a sentence about a denial is made of. */
interface Names {
  readonly who: string;
  readonly action: string;
  readonly on: string;
  readonly bucket: string;
  readonly key: string;
  /** Bucket or key, whichever it is about. */
  readonly subject: string;
  readonly assumed: string;
  readonly elsewhere: string;
}

interface Sentences {
  readonly implicit?: (names: Names) => string;
  readonly explicit?: (names: Names) => string;
  /** Where a missing Allow and a Deny cannot be told apart. */
  readonly refused: (names: Names) => string;
}

const sentences: Readonly<Record<Layer, Sentences>> = {
  'identity-policy': {
    implicit: ({ who, action, on }) => `no policy of ${who} allows it to ${action} ${on}.`,
    explicit: ({ who, action, on }) => `a Deny in a policy of ${who} keeps it from doing ${action} ${on}.`,
    refused: ({ who, action, on }) => `the policies of ${who} do not let it do ${action} ${on}.`,
  },
  'permissions-boundary': {
    implicit: ({ who, action, on }) => `the permissions boundary of ${who} leaves out ${action} ${on}.`,
    explicit: ({ who, action, on }) => `a Deny in the permissions boundary of ${who} refuses ${action} ${on}.`,
    refused: ({ who, action, on }) => `the permissions boundary of ${who} refuses ${action} ${on}.`,
  },
  'session-policy': {
    implicit: ({ who, action, on }) => `the policy of the session that ${who} runs in leaves out ${action} ${on}.`,
    explicit: ({ who, action, on }) =>
      `a Deny in the policy of the session that ${who} runs in refuses ${action} ${on}.`,
    refused: ({ who, action, on }) => `the policy of the session that ${who} runs in refuses ${action} ${on}.`,
  },
  'role-trust-policy': {
    implicit: ({ who, assumed }) => `the trust policy of ${assumed} does not allow ${who} to assume it.`,
    explicit: ({ who, assumed }) => `a Deny in the trust policy of ${assumed} keeps ${who} from assuming it.`,
    refused: ({ who, assumed }) => `the trust policy of ${assumed} does not let ${who} assume it.`,
  },
  'service-control-policy': {
    implicit: ({ who, action, on }) => `no service control policy on the account of ${who} allows ${action} ${on}.`,
    refused: ({ who, action, on }) => `a service control policy on the account of ${who} refuses ${action} ${on}.`,
  },
  'resource-control-policy': {
    refused: ({ who, action, on }) =>
      `a resource control policy of the organization that owns the resource refuses ${who} ${action} ${on}.`,
  },
  'vpc-endpoint-policy': {
    implicit: ({ who, action, on }) =>
      `the policy of the VPC endpoint that ${who} came through leaves out ${action} ${on}.`,
    refused: ({ who, action, on }) =>
      `the policy of the VPC endpoint that ${who} came through refuses ${action} ${on}.`,
  },
  'bucket-policy': {
    implicit: ({ bucket, who, action }) => `the policy of ${bucket} does not allow ${who} to ${action}.`,
    explicit: ({ bucket, who, action }) => `a Deny in the policy of ${bucket} keeps ${who} from doing ${action}.`,
    refused: ({ bucket, who, action }) => `the policy of ${bucket} does not let ${who} do ${action}.`,
  },
  'block-public-access': {
    refused: ({ bucket, who, action }) => `S3 Block Public Access of ${bucket} refuses ${who} ${action}.`,
  },
  'object-ownership': { refused: ({ bucket }) => `${bucket} takes no ACLs, and the request sent one.` },
  'key-policy': {
    implicit: ({ key, who, action }) => `the policy of ${key} does not allow ${who} to ${action}.`,
    explicit: ({ key, who, action }) => `a Deny in the policy of ${key} keeps ${who} from doing ${action}.`,
    refused: ({ key, who, action }) => `the policy of ${key} does not let ${who} do ${action}.`,
  },
  'key-grant': { refused: ({ key, who, action }) => `no grant on ${key} lets ${who} do ${action}.` },
  'key-state': {
    refused: ({ key }) =>
      `${key} is disabled, about to be deleted, without key material or of a kind that S3 can't use.`,
  },
  'bucket-owner': { refused: ({ bucket }) => `${bucket} belongs to another account than expected.` },
  'bucket-missing': { refused: ({ bucket }) => `${bucket} does not exist.` },
  'key-missing': { refused: ({ key }) => `${key} does not exist.` },
  'plain-http': {
    refused: () => 'the request came over plain HTTP, over which S3 writes and reads nothing under a KMS key.',
  },
  region: {
    refused: ({ subject, elsewhere }) => `${subject} is in another Region than the request assumes${elsewhere}.`,
  },
};

const missingRole: Sentences = { refused: ({ assumed }) => `the role ${assumed} does not exist.` };

/** One sentence that says who refuses what; how sure that is, in its first words. */
export function summaryOf(denial: Denial, asked: Asked, message: MessageDenial, confidence: Confidence): string {
  const names = namesFor(denial, asked, message);
  if (!denial.layer) {
    if (message.wording === 'condition')
      return 'AWS refused the request for a reason that is no policy: its message says which.';
    const request = denial.action
      ? `The request of ${names.who} for ${names.action} ${names.on}`
      : (asked.operation ?? 'The request');
    return `${request} was refused; ${refusers[message.wording] ?? 'AWS does not say which policy refuses it'}.`;
  }
  const kinds = asked.missing && denial.layer === 'role-trust-policy' ? missingRole : sentences[denial.layer];
  const sentence = ((denial.effect && kinds[denial.effect]) ?? kinds.refused)(names);
  return `${certainty[confidence]}${confidence === 'proven' ? upperFirst(sentence) : sentence}`;
}

/** What is known of a policy that is no layer. */
const refusers: Partial<Record<Wording, string>> = {
  named: 'AWS names the policy of that resource',
  unattributed: 'AWS says that a Deny refuses it, and not in which policy',
  cut: 'the text ends before it says which policy refuses it',
};

/** How a sentence begins that names a layer. Where that is not even likely, answers of AWS contradict each other. */
const certainty: Readonly<Record<Confidence, string>> = {
  proven: '',
  inferred: 'Most likely, ',
  unknown: "AWS's answers contradict each other; it may be that ",
};

const buckets: Partial<Record<ResourceRole, string>> = {
  'internal-object': 'the internal bucket',
  'inbox-object': 'the Secure Inbox',
};

const keys: Partial<Record<ResourceRole, string>> = {
  'internal-key': 'the KMS key of the internal bucket',
  'inbox-key': 'the KMS key of the Secure Inbox',
};

/** Waiting reports lie under the customer's key too: what matters to whoever mends it is whose key it is. */
function keyNameOf(keyArn: string | undefined, { role, delivery }: Asked): string {
  const owner = accountIn(keyArn);
  const isCustomers = delivery && owner === delivery.inbox.accountId && owner !== delivery.internal.accountId;
  return isCustomers ? "the customer's KMS key" : ((role && keys[role]) ?? 'the KMS key');
}

function namesFor(
  { principal, action, resource }: Denial,
  asked: Asked,
  { expectedRegion, subject }: MessageDenial,
): Names {
  const { role } = asked;
  const bucketName = bucketIn(resource);
  const keyArn = resource?.includes(':kms:') ? resource : undefined;
  const isOfKey = keyArn !== undefined || subject === 'key';
  const bucket = (role && buckets[role]) ?? 'the bucket';
  const key = keyNameOf(keyArn, asked);
  const named = {
    bucket: bucketName ? `${bucket} (${bucketName})` : bucket,
    key: keyArn ? `${key} (${keyArn})` : key,
  };
  return {
    ...named,
    subject: isOfKey ? named.key : named.bucket,
    who: nameOf(principal) ?? 'the caller',
    action: action ?? 'this',
    on: resource ? `on ${resource}` : 'there',
    assumed: resource ?? 'the role',
    elsewhere: expectedRegion ? `: ${isOfKey ? 'its ARN names' : 'S3 expects'} ${expectedRegion}` : '',
  };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
