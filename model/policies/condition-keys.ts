import { keysOfHeaders } from '../../core/s3-headers.ts';
import { ownEntry } from '../../core/values.ts';
import { names } from '../../core/vocabulary.ts';
import type { World } from '../world/world.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

/** The `s3:` keys whose value is a query parameter. */
const queryKeys: Readonly<Record<string, readonly string[]>> = {
  's3:ListBucket': ['s3:delimiter', 's3:max-keys', 's3:prefix'],
};

/** Actions that evaluate the tags of the existing object. */
const looksAtExistingTags = names(`
  s3:GetObject s3:GetObjectVersion s3:GetObjectTagging s3:GetObjectVersionTagging s3:PutObjectAcl s3:PutObjectTagging
`);

interface S3RequestFacts {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly region: string;
}

export interface ConditionFacts {
  /**
   * False for the requests of a multipart upload, except the one that completes it.
   *
   * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
   * @default true
   */
  readonly createsObject?: boolean | undefined;
  readonly existingTags?: Readonly<Record<string, string>> | undefined;
  /** The tags that the request sets on the object. @default those in the header */
  readonly requestTags?: Readonly<Record<string, string>> | undefined;
  readonly versionId?: string | undefined;
}

/**
 * The condition keys that IAM defines for an action, with this request's values. A key whose header was not sent is
 * left out; a bucket's defaults never appear.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function conditionKeys(world: World, request: S3RequestFacts, action: string, facts: ConditionFacts): Context {
  const { headers, query, region } = request;
  const presigned = query.has('X-Amz-Signature');
  const listed = (ownEntry(queryKeys, action) ?? []).flatMap((key) => {
    const value = query.get(key.slice('s3:'.length));
    return value === null ? [] : [[key, value] as const];
  });
  const existingTags = looksAtExistingTags.includes(action) ? Object.entries(facts.existingTags ?? {}) : [];
  const userAgent = headers['user-agent'];
  return {
    'aws:RequestedRegion': region,
    ...(userAgent !== undefined && { 'aws:UserAgent': userAgent }),
    's3:authType': presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    ...(action === 's3:PutObject' && { 's3:ObjectCreationOperation': String(facts.createsObject ?? true) }),
    ...(world.network.secureTransport && { 's3:TlsVersion': '1.3' }),
    ...(facts.versionId !== undefined && action.includes('Version') && { 's3:versionid': facts.versionId }),
    ...keysOfHeaders(action, headers, facts.requestTags),
    ...Object.fromEntries(listed),
    ...Object.fromEntries(existingTags.map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value])),
  };
}
