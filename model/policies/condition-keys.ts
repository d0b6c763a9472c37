import { ownEntry } from '../template/values.ts';
import type { World } from '../world/world.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

/** The `s3:` keys that hold a header of the request: the key's name is the header's. */
const grantKeys = [
  's3:x-amz-acl',
  's3:x-amz-grant-full-control',
  's3:x-amz-grant-read',
  's3:x-amz-grant-read-acp',
  's3:x-amz-grant-write',
  's3:x-amz-grant-write-acp',
] as const;

const headerKeys: Readonly<Record<string, readonly string[]>> = {
  's3:PutObject': [
    ...grantKeys,
    's3:x-amz-copy-source',
    's3:x-amz-metadata-directive',
    's3:x-amz-server-side-encryption',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
    's3:x-amz-server-side-encryption-customer-algorithm',
    's3:x-amz-storage-class',
    's3:x-amz-website-redirect-location',
    's3:if-match',
    's3:if-none-match',
  ],
  's3:PutObjectAcl': [...grantKeys, 's3:x-amz-storage-class'],
  's3:DeleteObject': ['s3:if-match'],
};

/** The `s3:` keys that hold a parameter of the query. */
const queryKeys: Readonly<Record<string, readonly string[]>> = {
  's3:ListBucket': ['s3:delimiter', 's3:max-keys', 's3:prefix'],
};

/** Actions that look at the tags of the object that is there. */
const looksAtExistingTags: readonly string[] = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:GetObjectTagging',
  's3:GetObjectVersionTagging',
  's3:PutObjectAcl',
  's3:PutObjectTagging',
];

interface S3RequestFacts {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly region: string;
}

export interface ConditionFacts {
  /**
   * False for the calls of a multipart upload but the one that completes it.
   *
   * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
   * @default true
   */
  readonly createsObject?: boolean | undefined;
  readonly existingTags?: Readonly<Record<string, string>> | undefined;
  readonly requestTags?: Readonly<Record<string, string>> | undefined;
  readonly versionId?: string | undefined;
}

/**
 * The condition keys that IAM defines for an action, with what this request puts into them. A header that was not sent
 * leaves its key out; what a bucket adds by default never shows.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function conditionKeys(world: World, request: S3RequestFacts, action: string, facts: ConditionFacts): Context {
  const { headers, query, region } = request;
  const presigned = query.has('X-Amz-Signature');
  const sent = (ownEntry(headerKeys, action) ?? []).flatMap((key) => {
    const value = headers[key.slice('s3:'.length)];
    return value === undefined ? [] : [[key, value] as const];
  });
  const listed = (ownEntry(queryKeys, action) ?? []).flatMap((key) => {
    const value = query.get(key.slice('s3:'.length));
    return value === null ? [] : [[key, value] as const];
  });
  const requestTags = action === 's3:PutObject' || action === 's3:PutObjectTagging' ? facts.requestTags : undefined;
  const existingTags = looksAtExistingTags.includes(action) ? facts.existingTags : undefined;
  return {
    'aws:RequestedRegion': region,
    's3:authType': presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    ...(action === 's3:PutObject' && { 's3:ObjectCreationOperation': String(facts.createsObject ?? true) }),
    ...(world.network.secureTransport && { 's3:TlsVersion': '1.3' }),
    ...(headers['x-amz-content-sha256'] && { 's3:x-amz-content-sha256': headers['x-amz-content-sha256'] }),
    ...(facts.versionId !== undefined && action.includes('Version') && { 's3:versionid': facts.versionId }),
    ...Object.fromEntries([...sent, ...listed]),
    ...tagKeys('s3:RequestObjectTag', requestTags),
    ...(requestTags && Object.keys(requestTags).length > 0 && { 's3:RequestObjectTagKeys': Object.keys(requestTags) }),
    ...tagKeys('s3:ExistingObjectTag', existingTags),
  };
}

function tagKeys(prefix: string, tags: Readonly<Record<string, string>> = {}): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}
