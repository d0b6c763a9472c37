const ofEveryAction = ['s3:x-amz-content-sha256'];
const grantKeys = [
  's3:x-amz-acl',
  's3:x-amz-grant-full-control',
  's3:x-amz-grant-read',
  's3:x-amz-grant-read-acp',
  's3:x-amz-grant-write',
  's3:x-amz-grant-write-acp',
];

/** S3 condition keys whose value is a request header of the same name, for actions that have more of them. */
const headerKeys = new Map<string, readonly string[]>([
  [
    's3:PutObject',
    [
      ...ofEveryAction,
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
  ],
  ['s3:PutObjectAcl', [...ofEveryAction, ...grantKeys, 's3:x-amz-storage-class']],
  ['s3:DeleteObject', [...ofEveryAction, 's3:if-match']],
]);

/** The actions that evaluate the tags in the request. */
const looksAtTags: ReadonlySet<string> = new Set(['s3:PutObject', 's3:PutObjectTagging']);

type Headers = Readonly<Record<string, string>>;
type Keys = Readonly<Record<string, string | readonly string[]>>;

/**
 * The condition keys of an action, with values from the request's headers. A key whose header is missing is left out.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 *
 * @param headers keyed by lower-case name
 * @param tags the object's new tags, if they don't come from a header
 */
export function keysOfHeaders(action: string, headers: Headers, tags = tagsIn(headers['x-amz-tagging'])): Keys {
  const keys: Record<string, string | readonly string[]> = {};
  for (const key of headerKeys.get(action) ?? ofEveryAction) {
    const value = headers[key.slice('s3:'.length)];
    if (value !== undefined) keys[key] = value;
  }
  const given = looksAtTags.has(action) ? Object.entries(tags) : [];
  for (const [name, value] of given) keys[`s3:RequestObjectTag/${name}`] = value;
  if (given.length > 0) keys['s3:RequestObjectTagKeys'] = given.map(([name]) => name);
  return keys;
}

function tagsIn(header: string | undefined): Headers {
  return header === undefined ? {} : Object.fromEntries(new URLSearchParams(header));
}

/** Parameters of a stored object, by their names in the SDK, with their headers. */
const headerNames = {
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  ACL: 'x-amz-acl',
} as const;
type StoredAs = Readonly<Partial<Record<keyof typeof headerNames, string>>>;

/** Sent with every delivery. The delivery role's policy allows nothing else. */
const always = { ServerSideEncryption: 'aws:kms' } as const satisfies StoredAs;

const ownerFullControl = 'bucket-owner-full-control';

/** Sent with a delivery. The copy, the conditions that test it, and proposed statements derive from this. */
export function deliveredAs({
  kmsKeyArn,
  acl,
}: {
  readonly kmsKeyArn: string;
  readonly acl?: typeof ownerFullControl;
}) {
  return { ...always, SSEKMSKeyId: kmsKeyArn, ...(acl && { ACL: acl }) };
}

export function encryptedWith(kmsKeyArn: string) {
  return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn } as const;
}

export function headersOf(stored: StoredAs): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [headerNames[name as keyof typeof headerNames], value]),
  );
}

/** The condition keys of an action that have a single value in the delivery's headers. */
export function conditionsOn(action: string, stored: StoredAs): Readonly<Record<string, string>> {
  const keys = Object.entries(keysOfHeaders(action, headersOf(stored)));
  return Object.fromEntries(keys.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

/** The values that are the same for every delivery and customer. For a permission that only an ACL needs, the ACL. */
export function conditionsOfEvery(action: string, onlyWith?: 'acl'): Readonly<Record<string, string>> {
  return conditionsOn(action, onlyWith === 'acl' ? { ACL: ownerFullControl } : always);
}
