import { keyTroubles } from '../aws-words/key-troubles.ts';
import { layerRow, type layers } from '../layers.ts';
import type { Layer } from '../vocabulary.ts';
import type { Asked } from './asked.ts';
import { type Advice, askFor, changeDocument, type DeniedCase, keyId } from './changes.ts';
import { identityStatement, resourceStatement } from './statement.ts';

// Longer than 250 lines: one table of texts, with a row for each layer.

/** The names used in a sentence about a denial. */
export interface SentenceNames {
  readonly who: string;
  readonly action: string;
  readonly on: string;
  readonly bucket: string;
  readonly key: string;
  /** The bucket or the key that the denial is about. */
  readonly subject: string;
  readonly assumed: string;
  readonly elsewhere: string;
  /** Why the key can't be used. */
  readonly trouble: string;
}

interface Sentences {
  readonly implicit?: (names: SentenceNames) => string;
  readonly explicit?: (names: SentenceNames) => string;
  /** Used if a missing Allow and a Deny can't be told apart. */
  readonly refused: (names: SentenceNames) => string;
}

/** The texts for a layer that denies a request. */
interface LayerAdvice {
  /** The default says that the layer's document doesn't allow the request, or denies it. */
  readonly summary: Sentences;
  /** The default is to ask the administrators of the layer's policies to change them. */
  readonly remedy?: (denied: DeniedCase) => Advice;
}

type LayerWithDocument = {
  [L in Layer]: (typeof layers)[L] extends { readonly document: unknown } ? L : never;
}[Layer];

/** A row for each layer without a document, and for those with texts of their own. */
const adviceByLayer: Readonly<
  Record<Exclude<Layer, LayerWithDocument>, LayerAdvice> & Partial<Record<LayerWithDocument, Partial<LayerAdvice>>>
> = {
  'identity-policy': {
    summary: {
      implicit: ({ who, action, on }) => `no policy of ${who} allows ${action} ${on}.`,
      explicit: ({ who, action, on }) => `a Deny statement in a policy of ${who} blocks ${action} ${on}.`,
      refused: ({ who, action, on }) => `the policies of ${who} don't permit ${action} ${on}.`,
    },
    remedy: (denied) => changeDocument(denied, 'identity-policy', identityStatement(denied.asked), 'a policy of'),
  },
  'role-trust-policy': {
    summary: {
      implicit: ({ who, assumed }) => `the trust policy of ${assumed} does not allow ${who} to assume it.`,
      explicit: ({ who, assumed }) =>
        `a Deny statement in the trust policy of ${assumed} prevents ${who} from assuming it.`,
      refused: ({ who, assumed }) => `the trust policy of ${assumed} does not let ${who} assume it.`,
    },
    remedy: (denied) =>
      denied.asked.missing
        ? createRole(denied)
        : changeDocument(denied, 'role-trust-policy', resourceStatement(denied.asked), 'the trust policy of'),
  },
  'bucket-policy': {
    remedy: (denied) =>
      changeDocument(denied, 'bucket-policy', resourceStatement(denied.asked), 'the bucket policy of'),
  },
  'key-policy': {
    remedy: (denied) => changeDocument(denied, 'key-policy', resourceStatement(denied.asked), 'the key policy of'),
  },
  'session-policy': {
    remedy: ({ target, request }) => ({
      target,
      instruction:
        `Change the policy that is passed when the role is assumed so that it allows ${request}. The check writes that ` +
        'policy itself, from its table of permissions: if no one else passes one, report this as a bug in the check.',
    }),
  },
  'service-control-policy': {
    summary: {
      implicit: ({ who, action, on }) => `no service control policy on the account of ${who} allows ${action} ${on}.`,
      refused: ({ who, action, on }) => `a service control policy on the account of ${who} denies ${action} ${on}.`,
    },
  },
  'resource-control-policy': {
    summary: {
      refused: ({ who, action, on }) =>
        `a resource control policy of the organization that owns the resource denies ${who} ${action} ${on}.`,
    },
  },
  'vpc-endpoint-policy': {
    summary: {
      implicit: ({ who, action, on }) =>
        `the policy of the VPC endpoint that ${who} used does not allow ${action} ${on}.`,
      refused: ({ who, action, on }) => `the policy of the VPC endpoint that ${who} used denies ${action} ${on}.`,
    },
  },
  'block-public-access': {
    summary: {
      refused: ({ bucket, who, action }) => `S3 Block Public Access of ${bucket} blocks ${action} by ${who}.`,
    },
    remedy: (denied) => ({ target: denied.target, instruction: withoutPublicAccess(denied) }),
  },
  'object-ownership': {
    summary: { refused: ({ bucket }) => `${bucket} accepts no ACLs, and the request sent one.` },
    remedy: ({ target, asked }) => ({
      target,
      instruction: `Send no ACL to ${target ?? 'the bucket'}: ${asked.delivery ? 'remove inbox.acl from the test event' : 'with Object Ownership “bucket owner enforced” its owner owns every object without one'}.`,
    }),
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
  'requester-pays': {
    summary: {
      refused: ({ bucket }) =>
        `${bucket} has Requester Pays: S3 refuses requests of other accounts that do not agree to pay.`,
    },
    remedy: ({ target }) => ({
      target,
      instruction: `Turn off Requester Pays (\`aws s3api put-bucket-request-payment --bucket ${target ?? '…'} --request-payment-configuration Payer=BucketOwner\`): deliveries do not send x-amz-request-payer.`,
    }),
  },
  'key-grant': {
    summary: { refused: ({ key, who, action }) => `no grant on ${key} lets ${who} perform ${action}.` },
    remedy: ({ target, request }) => ({
      target,
      instruction: `Create a grant on ${target ?? 'the key'} that allows ${request}.`,
    }),
  },
  'key-state': {
    summary: {
      refused: ({ key, trouble }) => `${key} ${trouble}`,
    },
    remedy: ({ target, message: { keyTrouble } }) => ({
      target,
      instruction:
        (keyTrouble && keyTroubles[keyTrouble].fix(target ?? 'the key', keyId(target))) ??
        `Check the state of ${target ?? 'the key'} with \`aws kms describe-key --key-id ${keyId(target)}\`. If it is ` +
          'disabled, enable it (`aws kms enable-key`). If it is pending deletion, cancel that (`aws kms cancel-key-deletion`) ' +
          'and enable it. If it has no key material, import it. If it is asymmetric or for signatures, use a symmetric ' +
          'encryption key instead.',
    }),
  },
  'bucket-owner': {
    summary: { refused: ({ bucket }) => `${bucket} belongs to another account than expected.` },
    // The denial's account is the one that the request expects. The bucket's real owner may be unknown.
    remedy: ({ target, asked, denial: { accountId }, keysAccount }) => ({
      target,
      instruction:
        `Find out whether ${accountId ? `account ${accountId}` : 'the expected account'} owns ${target ?? 'the bucket'}, and deliver nothing to it until then. ` +
        `If another account owns it, correct the bucket name or the account ID in ${nameIn(asked)}.${keysAccount ? ` The key that it names for that bucket is in account ${keysAccount}.` : ''}`,
    }),
  },
  'bucket-missing': {
    summary: { refused: ({ bucket }) => `${bucket} does not exist.` },
    remedy: ({ target, asked }) => ({
      target,
      instruction: `Create the bucket${target ? ` ${target}` : ''}, or correct its name in ${nameIn(asked)}.`,
    }),
  },
  'key-missing': {
    summary: { refused: ({ key }) => `${key} does not exist.` },
    remedy: ({ target, asked }) => ({ target, instruction: correctKey(target, asked) }),
  },
  'plain-http': {
    summary: { refused: () => 'the request was sent over plain HTTP, and over plain HTTP S3 uses no KMS key.' },
    // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    remedy: ({ target }) => ({
      target,
      instruction:
        'Send requests to S3 over HTTPS: no policy lets S3 use a KMS key over plain HTTP. Check where the caller gets its ' +
        'endpoint from (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, or endpoint_url in its profile): it must start with https://.',
    }),
  },
  region: {
    summary: {
      refused: ({ subject, elsewhere }) => `${subject} is in another Region than the request assumes${elsewhere}.`,
    },
    remedy: ({ target, message, asked }) => ({
      target,
      instruction:
        message.subject === 'key' || asked.role?.endsWith('-key')
          ? `Use a key in the bucket's own Region: S3 accepts no other. ${target ?? 'This key'} is in another Region.`
          : `Correct the Region of ${target ?? 'the bucket'} in ${nameIn(asked)}${message.expectedRegion ? `: it is ${message.expectedRegion}` : ''}.`,
    }),
  },
};

export function sentencesOn(layer: Layer): Sentences {
  return adviceByLayer[layer]?.summary ?? ofDocument(layer);
}

function ofDocument(layer: Layer): Sentences {
  const { of, document: [, , kept] = [] } = layerRow(layer);
  const ofItsOwn = layer === 'bucket-policy' || layer === 'key-policy';
  const name = ofItsOwn ? 'policy' : layer.replaceAll('-', ' ');
  if (of === 'caller') {
    return {
      implicit: ({ who, action, on }) => `the ${name} of ${who} does not allow ${action} ${on}.`,
      explicit: ({ who, action, on }) => `a Deny statement in the ${name} of ${who} blocks ${action} ${on}.`,
      refused: ({ who, action, on }) => `the ${name} of ${who} blocks ${action} ${on}.`,
    };
  }
  const whose = ({ bucket, key }: SentenceNames) => `the ${name} of ${kept === 'keys' ? key : bucket}`;
  return {
    implicit: (names) => `${whose(names)} does not allow ${names.who} to perform ${names.action}.`,
    explicit: (names) => `a Deny statement in ${whose(names)} blocks ${names.action} by ${names.who}.`,
    refused: (names) => `${whose(names)} does not let ${names.who} perform ${names.action}.`,
  };
}

/** Used instead of the trust policy's texts if the role itself is missing. */
export const missingRole: Sentences = { refused: ({ assumed }) => `the role ${assumed} does not exist.` };

/** The change, its place, and who makes it. */
export function adviceOn(layer: Layer, denied: DeniedCase): Advice {
  const { remedy = askItsKeeper(layer) } = adviceByLayer[layer] ?? {};
  return remedy(denied);
}

function askItsKeeper(layer: Layer) {
  const { keeper = 'its owner', ask = 'allow', of } = layerRow(layer);
  return (denied: DeniedCase): Advice => {
    const { principalAccountId, resourceAccountId } = denied.asked;
    const account = of === 'caller' ? principalAccountId : resourceAccountId;
    const whom = keeper.includes('organization') && account ? `${keeper} (account ${account})` : keeper;
    return { target: denied.target, instruction: askFor(denied, whom, ask) };
  };
}

/** Names where the value in a sentence comes from: the delivery, or any other request. */
function nameIn({ delivery }: Asked): string {
  return delivery ? 'the test event' : 'the request';
}

function correctKey(target: string | undefined, asked: Asked): string {
  if (asked.delivery) {
    return `Correct the key's ARN in the test event: KMS finds no key${target ? ` ${target}` : ''} in that account and Region.`;
  }
  return (
    "Use the key's full ARN in the request (…:kms:REGION:ACCOUNT:key/ID), as the owner of the key gives it. KMS looks " +
    "up a bare key ID or an alias in the caller's own account and Region, so the account in this message may be the " +
    "caller's and not the owner's. If the request has the full ARN already, the key ID, account or Region in it is wrong."
  );
}

/** Block Public Access denies callers from other accounts, or refuses to save a public ACL or policy. */
function withoutPublicAccess({ target, who, message: { setting } }: DeniedCase): string {
  const bucket = target ?? 'the bucket';
  if (setting === 'BlockPublicAcls') {
    return (
      `Send no public ACL (such as public-read) to ${bucket}. To allow someone to read, the bucket's owner names them in the ` +
      'bucket policy. S3 Block Public Access can stay on.'
    );
  }
  if (setting === 'BlockPublicPolicy') {
    return (
      `Change the policy that is to be saved for ${bucket}: a statement in it is public. Instead of “*”, name who is ` +
      'meant (a role, an account), or add a condition with fixed values, such as aws:PrincipalOrgID, and save it again. ' +
      'S3 Block Public Access can stay on.'
    );
  }
  return (
    `In the bucket policy of ${bucket}, name ${who} as Principal instead of “*”, or remove the public ACL. S3 Block Public ` +
    'Access can stay on: it does not affect a policy that names its principals.'
  );
}

/** The service's stack creates the role: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-deploy.html */
function createRole({ denial: { resource }, asked: { missing } }: DeniedCase): Advice {
  const place = 'deliveryRoleArn in the test event, or DELIVERY_ROLE_ARN in the environment of the check';
  return {
    target: resource,
    instruction: missing?.instead
      ? `Set ${place}, to ${missing.instead}: that is the role of this name. ${resource} does not exist.`
      : `Create the role ${resource ?? ''}: deploy the service's stack with \`npx cdk deploy\`. If the role has another name or path, correct its ARN: ${place}.`,
  };
}
