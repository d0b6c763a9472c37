/**
 * Parts of random statements: values that are correct in the two accounts, values that are almost correct, and other
 * people's values. In a list, the simplest comes first, because a failing world is simplified by going back in it.
 */

export const otherAccount = '333333333333';

export const actions = {
  s3: ['s3:PutObject', 's3:GetObject', 's3:PutObjectAcl', 's3:DeleteObject', 's3:*', 's3:Put*', 's3:*Object'],
  kms: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:*', 'kms:GenerateDataKey*', 'kms:Encrypt', 'kms:DescribeKey'],
  sts: ['sts:AssumeRole', 'sts:*', 'sts:TagSession'],
} as const;

export const resources = {
  inbox: [
    '${inboxBucketArn}/*',
    '${inboxBucketArn}/reports/*',
    '${inboxBucketArn}/Reports/*',
    '${inboxBucketArn}/old/*',
  ],
  internal: [
    '${internalBucketArn}/*',
    '${internalBucketArn}/configuration-check/*',
    '${internalBucketArn}/reports/*',
    '${internalBucketArn}/*/check-acme/*',
  ],
  keys: [
    '${inboxKeyArn}',
    '${serviceKeyArn}',
    'arn:aws:kms:*:${customerAccountId}:key/*',
    'arn:aws:kms:us-west-2:*:key/*',
  ],
  /** In a key policy, the key itself. */
  everything: ['*'],
} as const;

/** Values of a policy's Principal. */
export const principals: readonly unknown[] = [
  { AWS: '${deliveryRoleArn}' },
  { AWS: 'arn:aws:iam::${serviceAccountId}:root' },
  { AWS: '${serviceAccountId}' },
  '*',
  { AWS: '*' },
  { AWS: 'arn:aws:iam::${serviceAccountId}:role/another' },
  { AWS: 'arn:aws:sts::${serviceAccountId}:assumed-role/secure-inbox-delivery/check-acme' },
  { AWS: 'arn:aws:sts::${serviceAccountId}:assumed-role/secure-inbox-delivery/nightly' },
  { AWS: ['arn:aws:iam::${serviceAccountId}:role/another', '${deliveryRoleArn}'] },
  { AWS: '${checkRoleArn}' },
  { AWS: 'arn:aws:iam::${customerAccountId}:root' },
  { AWS: `arn:aws:iam::${otherAccount}:root` },
  { AWS: 'AROADELETEDROLE000001' },
  { Service: 's3.amazonaws.com' },
];

/** Everyone except these. The session and the account must be named in addition to the role. */
export const notPrincipals: readonly unknown[] = [
  { AWS: '${deliveryRoleArn}' },
  {
    AWS: [
      '${deliveryRoleArn}',
      'arn:aws:sts::${serviceAccountId}:assumed-role/secure-inbox-delivery/check-acme',
      'arn:aws:iam::${serviceAccountId}:root',
    ],
  },
];

const text = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIfExists',
  'StringNotEqualsIfExists',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
] as const;
const anyOf = ['ForAnyValue:StringLike', 'ForAllValues:StringLike', 'ForAnyValue:StringNotLike'] as const;
const pattern = ['StringLike', 'StringNotLike', 'StringLikeIfExists', 'StringNotLikeIfExists'] as const;
const arn = ['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals', 'ArnNotEqualsIfExists'] as const;
const yesNo = ['Bool', 'BoolIfExists'] as const;
const address = ['IpAddress', 'NotIpAddress', 'NotIpAddressIfExists'] as const;
const date = ['DateLessThan', 'DateGreaterThan', 'DateGreaterThanEquals', 'DateNotEquals'] as const;
const number = ['NumericLessThan', 'NumericGreaterThanEquals', 'NumericEquals', 'NumericNotEquals'] as const;

/** A condition key, operators that work with it, and values to compare it with. */
export interface ConditionKey {
  readonly key: string;
  readonly operators: readonly [string, ...string[]];
  readonly values: readonly [unknown, ...unknown[]];
}

const ofEveryRequest: readonly ConditionKey[] = [
  {
    key: 'aws:PrincipalArn',
    operators: arn,
    values: ['${deliveryRoleArn}', 'arn:aws:iam::*:role/another', '${checkRoleArn}'],
  },
  {
    key: 'aws:PrincipalAccount',
    operators: text,
    values: ['${serviceAccountId}', '${customerAccountId}', otherAccount, '${aws:PrincipalAccount}'],
  },
  { key: 'aws:PrincipalOrgID', operators: text, values: ['o-service', 'o-customer', 'o-another'] },
  { key: 'aws:userid', operators: pattern, values: ['*:check-acme', '*:nightly', 'AROADELETEDROLE000001:*'] },
  { key: 'aws:ResourceAccount', operators: text, values: ['${customerAccountId}', '${serviceAccountId}'] },
  { key: 'aws:ResourceOrgID', operators: text, values: ['o-customer', 'o-service'] },
  { key: 'aws:RequestedRegion', operators: text, values: ['us-east-1', ['us-east-1', 'eu-west-1'], 'eu-west-1'] },
  { key: 'aws:SecureTransport', operators: yesNo, values: ['true', 'false'] },
  { key: 'aws:ViaAWSService', operators: yesNo, values: ['true', 'false'] },
  { key: 'aws:PrincipalIsAWSService', operators: yesNo, values: ['false', 'true'] },
  { key: 'aws:MultiFactorAuthPresent', operators: yesNo, values: ['true', 'false'] },
  {
    key: 'aws:SourceIp',
    operators: address,
    values: ['203.0.113.0/24', '198.51.100.0/24', '0.0.0.0/0', '2001:db8::1'],
  },
  { key: 'aws:VpcSourceIp', operators: address, values: ['10.0.0.0/8', '192.168.0.0/16'] },
  { key: 'aws:VpceAccount', operators: text, values: ['${serviceAccountId}', '${customerAccountId}'] },
  { key: 'aws:PrincipalOrgPaths', operators: anyOf, values: ['o-service/*', 'o-another/*', '*'] },
  { key: 'aws:ResourceOrgPaths', operators: anyOf, values: ['o-customer/*', 'o-service/*'] },
  { key: 'aws:PrincipalTag/team', operators: text, values: ['reports', '${aws:PrincipalTag/team}'] },
  { key: 'aws:TokenIssueTime', operators: date, values: ['2020-01-01T00:00:00Z', '4070908800'] },
  { key: 'aws:EpochTime', operators: [...date, ...number], values: ['1577836800', '4070908800'] },
  { key: 'aws:SourceAccount', operators: text, values: ['${serviceAccountId}'] },
  { key: 'aws:SourceVpce', operators: text, values: ['vpce-0a1b2c3d', 'vpce-9f8e7d6c'] },
  { key: 'aws:SourceVpc', operators: text, values: ['vpc-0a1b2c3d', 'vpc-9f8e7d6c'] },
  { key: 'aws:CurrentTime', operators: date, values: ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'] },
];

export const conditionKeys: Readonly<Record<keyof typeof actions, readonly ConditionKey[]>> = {
  s3: [
    ...ofEveryRequest,
    { key: 's3:x-amz-server-side-encryption', operators: text, values: ['aws:kms', 'AES256'] },
    {
      key: 's3:x-amz-server-side-encryption-aws-kms-key-id',
      operators: text,
      values: ['${inboxKeyArn}', '${serviceKeyArn}', '00000000-0000-4000-8000-000000000002'],
    },
    { key: 's3:x-amz-acl', operators: text, values: ['bucket-owner-full-control', 'private'] },
    {
      key: 's3:x-amz-copy-source',
      operators: pattern,
      values: [
        'secure-inbox-internal-111111111111-us-east-1/*',
        'secure-inbox-internal-111111111111-us-east-1/configuration-check/*',
        'secure-inbox-internal-111111111111-us-east-1/configuration-check/acme/*',
        'another-bucket/*',
      ],
    },
    { key: 's3:x-amz-metadata-directive', operators: text, values: ['COPY', 'REPLACE'] },
    { key: 's3:x-amz-storage-class', operators: text, values: ['STANDARD', 'GLACIER'] },
    { key: 's3:ResourceAccount', operators: text, values: ['${customerAccountId}', '${serviceAccountId}'] },
    { key: 's3:TlsVersion', operators: number, values: ['1.2', '1.3'] },
    { key: 's3:ObjectCreationOperation', operators: yesNo, values: ['true', 'false'] },
    { key: 's3:if-none-match', operators: text, values: ['*'] },
    { key: 's3:object-lock-mode', operators: text, values: ['COMPLIANCE'] },
    { key: 's3:authType', operators: text, values: ['REST-HEADER', 'REST-QUERY-STRING'] },
  ],
  kms: [
    ...ofEveryRequest,
    {
      key: 'kms:ViaService',
      operators: [...text, ...pattern],
      values: [
        's3.us-east-1.amazonaws.com',
        's3.*.amazonaws.com',
        's3.eu-west-1.amazonaws.com',
        'ec2.us-east-1.amazonaws.com',
      ],
    },
    { key: 'kms:CallerAccount', operators: text, values: ['${serviceAccountId}', '${customerAccountId}'] },
    {
      key: 'kms:EncryptionContext:aws:s3:arn',
      operators: [...pattern, ...text],
      values: [
        '${inboxBucketArn}',
        '${inboxBucketArn}/*',
        '${internalBucketArn}',
        '${internalBucketArn}/*',
        '${internalBucketArn}/configuration-check/acme/*',
        ['${inboxBucketArn}*', '${internalBucketArn}*'],
      ],
    },
    {
      key: 'kms:EncryptionContextKeys',
      operators: ['ForAnyValue:StringEquals', 'ForAllValues:StringEquals'],
      values: ['aws:s3:arn', 'customer'],
    },
    { key: 'kms:EncryptionAlgorithm', operators: text, values: ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256'] },
    { key: 'kms:KeySpec', operators: text, values: ['SYMMETRIC_DEFAULT', 'RSA_2048'] },
  ],
  sts: [
    ...ofEveryRequest,
    { key: 'sts:RoleSessionName', operators: pattern, values: ['check-*', 'check-acme', 'nightly'] },
    { key: 'sts:ExternalId', operators: text, values: ['acme'] },
    {
      key: 'lambda:SourceFunctionArn',
      operators: arn,
      values: [
        'arn:aws:lambda:*:${serviceAccountId}:function:customer_configuration_check',
        'arn:aws:lambda:*:*:function:other',
      ],
    },
  ],
};
