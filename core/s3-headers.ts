/** The S3 condition keys whose value is a header of the request, for each action that has any. The header has the key's name. */
const grantKeys = [
  's3:x-amz-acl',
  's3:x-amz-grant-full-control',
  's3:x-amz-grant-read',
  's3:x-amz-grant-read-acp',
  's3:x-amz-grant-write',
  's3:x-amz-grant-write-acp',
];

const headerKeys = new Map<string, readonly string[]>([
  [
    's3:PutObject',
    [
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
  ['s3:PutObjectAcl', [...grantKeys, 's3:x-amz-storage-class']],
  ['s3:DeleteObject', ['s3:if-match']],
]);

/** The actions that look at the tags which the request gives to the object. */
const looksAtTags: ReadonlySet<string> = new Set(['s3:PutObject', 's3:PutObjectTagging']);

type Headers = Readonly<Record<string, string>>;
type Keys = Readonly<Record<string, string | readonly string[]>>;

/**
 * The condition keys of an action in the headers of a request. A header that was not sent leaves its key out.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 *
 * @param headers by their lower-case names
 * @param tags those that the object gets, if not from a header
 */
export function keysOfHeaders(action: string, headers: Headers, tags = tagsIn(headers['x-amz-tagging'])): Keys {
  const sent = ['s3:x-amz-content-sha256', ...(headerKeys.get(action) ?? [])].flatMap((key) => {
    const value = headers[key.slice('s3:'.length)];
    return value === undefined ? [] : [[key, value]];
  });
  const given = looksAtTags.has(action) ? Object.entries(tags) : [];
  return {
    ...Object.fromEntries(sent),
    ...Object.fromEntries(given.map(([name, value]) => [`s3:RequestObjectTag/${name}`, value])),
    ...(given.length > 0 && { 's3:RequestObjectTagKeys': given.map(([name]) => name) }),
  };
}

function tagsIn(header: string | undefined): Headers {
  return header === undefined ? {} : Object.fromEntries(new URLSearchParams(header));
}

/** The parameters about a stored object, by the SDK's names, with the headers that carry them. */
const headerNames = {
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  ACL: 'x-amz-acl',
} as const;
type StoredAs = Readonly<Partial<Record<keyof typeof headerNames, string>>>;

/** Every delivery sends these about its object. The delivery role's policy allows nothing else. */
const always = { ServerSideEncryption: 'aws:kms' } as const satisfies StoredAs;

const ownerFullControl = 'bucket-owner-full-control';

/** Sent with every delivery: the copy, the conditions that test it and proposed statements derive from this. */
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

/** The condition keys of an action that have one value in what is sent. */
export function conditionsOn(action: string, stored: StoredAs): Readonly<Record<string, string>> {
  const keys = Object.entries(keysOfHeaders(action, headersOf(stored)));
  return Object.fromEntries(keys.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

/** The values that are the same for every delivery and customer; for a permission that only an ACL needs, the ACL's. */
export function conditionsOfEvery(action: string, onlyWith?: 'acl'): Readonly<Record<string, string>> {
  return conditionsOn(action, onlyWith === 'acl' ? { ACL: ownerFullControl } : always);
}
