import { arnPattern } from '../../../core/arn.ts';
import type { Evidence } from '../../../core/report.ts';
import { diagnosisOfCause, type Explained, type SaidCause } from './explained.ts';

/** The message of an AWS service that can't use a bucket or key on behalf of a caller. */
interface WordsOfService extends SaidCause {
  readonly code?: string;
  /** The message, as a pattern in which a space matches any whitespace. */
  readonly words?: string;
  readonly advice: string;
  readonly source: string;
}

const fromTrail =
  "CloudTrail in the caller's account has the request that KMS refused: " +
  'it names the caller, the key and the policy. Explain that event for more.';
const keyPolicy = ['key-policy', 'The key policy may not allow it, or may deny it.'] as const;
const callersPolicy = ['identity-policy', "The caller's own policies may not allow it, or may deny it."] as const;
const otherKeyPolicies = [
  callersPolicy,
  ['service-control-policy', "A service control policy on the caller's account may deny it."],
  ['resource-control-policy', "A resource control policy of the key's organization may deny it."],
] as const;
const logBuckets =
  'The service writes with its own service principal, or with the role that it was given, not as the delivery role. ' +
  "Its documentation has the statement that the bucket policy needs, and says whether it can write to a bucket that is encrypted with a KMS key. The bucket's owner can compare both.";
const bucketOfLogs = [
  ['bucket-policy', 'The bucket policy may not allow the service to write, or may deny it.'],
  ['key-policy', "The bucket's default key may not allow the service, or the service may not support KMS keys."],
  ['resource-control-policy', "A resource control policy of the bucket's organization may deny it."],
] as const;

/** The first matching row applies. */
const rows: readonly WordsOfService[] = [
  {
    words:
      '(?:is|was) unable to assume (?:the )?(?:provided |IAM |service )?role|, unable to assume role:|cannot be assumed by|not authorized to perform AssumeRole on role|Error assuming AWS_ROLE',
    summary: 'Most likely, the trust policy of the role does not let the service assume it.',
    layer: 'role-trust-policy',
    action: 'sts:AssumeRole',
    candidates: [['identity-policy', 'Who gives the role to the service needs iam:PassRole for it.']],
    advice:
      "Compare the role's trust policy with the one in the service's documentation: its Principal is the service, and conditions such as sts:ExternalId or aws:SourceAccount must fit. The service says the same of a role that does not exist, and for some seconds of a new one.",
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html',
  },
  {
    code: 'KMSKeyNotAccessible(?:Fault|Exception)|KMSKeyInaccessible(?:Exception)?|InaccessibleEncryptionCredentials(?:Exception)?',
    words:
      'KMS key(?: \\[[^\\]]{0,200}\\])? does not exist, is not enabled,? or you do not have permissions? to access',
    summary: 'Most likely, the policy of the KMS key does not let the service use it for the caller.',
    layer: 'key-policy',
    candidates: [
      callersPolicy,
      ['key-state', 'The service says the same of a key that is disabled or pending deletion.'],
      ['key-missing', 'The service says the same of a key that does not exist.'],
      ['region', 'The service says the same of a key in another Region.'],
    ],
    advice:
      'First ask the owner of the key for `aws kms describe-key`: it shows whether the key exists in that Region and is enabled. ' +
      "If it is, both the key policy and the caller's policies must allow the service's requests, usually kms:DescribeKey and kms:CreateGrant in addition to encryption. " +
      fromTrail,
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartExportTask.html',
  },
  {
    words: 'KMS key does not exist or is not allowed to be used',
    summary: 'Most likely, the policy of the KMS key does not let the service use it.',
    layer: 'key-policy',
    candidates: [callersPolicy, ['key-missing', 'The service says the same of a key that does not exist.']],
    advice: `The service uses the key with its own service principal, which the key policy must allow. ${fromTrail}`,
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
  },
  {
    code: '(?:[A-Za-z0-9]{1,40}\\.){0,3}KMS\\.?AccessDenied(?:Exception|Fault)?|InvalidKMSResourceException',
    words:
      'Access to KMS is not allowed|KMS access was denied|Access was denied\\. Ensure that [^.]{0,60}permissions to use the (?:AWS )?KMS key|does not have access to the KMS key',
    summary: "KMS refused to use a key for another service of AWS; the text doesn't say by which policy.",
    candidates: [keyPolicy, ...otherKeyPolicies],
    advice: fromTrail,
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html',
  },
  {
    code: 'IamRoleMissingPermissions(?:Fault)?',
    summary: 'Most likely, no policy of the role that the service was given allows it to write into the bucket.',
    layer: 'identity-policy',
    candidates: [
      ['bucket-policy', 'The bucket policy may deny it, or not allow it to a role of another account.'],
      keyPolicy,
    ],
    advice:
      'Compare the policies of that role with the ones in the documentation of the service: an export needs to write, list and delete in the bucket, and to use the key.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartExportTask.html',
  },
  {
    code: 'InsufficientEncryptionPolicyException',
    summary: "CloudTrail may not write with this key or into this bucket; it doesn't say which of the two.",
    candidates: [keyPolicy, ['bucket-policy', 'The bucket policy may not allow CloudTrail to write.']],
    advice: logBuckets,
    source: 'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html',
  },
  {
    code: 'InsufficientS3BucketPolicyException',
    words: 'Incorrect S3 bucket policy is detected for bucket',
    summary: 'Most likely, the bucket policy does not let CloudTrail write.',
    layer: 'bucket-policy',
    candidates: [],
    advice: logBuckets,
    source: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html',
  },
  {
    code: 'InsufficientDeliveryPolicyException',
    words: 'Insufficient delivery policy to s3 bucket',
    summary: "AWS Config may not write into the bucket; it doesn't say by which policy.",
    candidates: [...bucketOfLogs, callersPolicy],
    advice: logBuckets,
    source: 'https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html',
  },
  {
    words:
      'do not seem to have access to the S3 location of your query results|Access denied when writing (?:output )?to',
    summary:
      "Athena may not use the bucket of the query results, or its key, for the caller; it doesn't say by which policy.",
    candidates: [
      callersPolicy,
      ['bucket-policy', 'The bucket policy may not allow it, or may deny it.'],
      keyPolicy,
      ['bucket-owner', 'The bucket may belong to another account than the query expects.'],
    ],
    advice: `Athena reads and writes the results with the permissions of the caller. ${fromTrail}`,
    source: 'https://repost.aws/knowledge-center/athena-output-bucket-error',
  },
  {
    code: 'InvalidS3Configuration(?:Exception)?|WAFLogDestinationPermissionIssueException|S3AccessDeniedFault|InvalidS3ObjectException',
    words:
      'Access Denied for (?:bucket|LogDestination):|GetBucketAcl call on the given bucket failed|Failed to verify customer bucket permission|Unable to get object metadata from S3|does not have permission to the KMS key or the resource',
    summary: "A service of AWS may not use the bucket or its key; it doesn't say by which policy.",
    candidates: bucketOfLogs,
    advice: logBuckets,
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html',
  },
];

const spaced = (words: string) => words.replaceAll(' ', String.raw`[\s"']+`);

/** Finds such a message in a long text. */
export const codesOfServices = rows.flatMap(({ code }) => code ?? []);
export const wordsOfServices = rows.flatMap(({ words }) => (words === undefined ? [] : [spaced(words)]));

const known = rows.map((row) => ({
  ...row,
  sign: new RegExp(
    [row.code && `(?<![\\w.])(?:${row.code})(?![\\w.]*\\w)`, row.words && `\\b(?:${spaced(row.words)})`]
      .filter(Boolean)
      .join('|'),
  ),
}));
const resourceArn = arnPattern(/(?:kms:[^:\s]*:[^:\s]*:key\/[\w-]+|iam::[^:\s]*:role\/[\w+=,.@/-]*[\w+=@-])/, {
  anchored: false,
});

/** @returns undefined if the text is not from such a service */
export function refusedToService(text: string, evidence: readonly Evidence[]): Explained | undefined {
  const row = known.find(({ sign }) => sign.test(text));
  if (!row) return undefined;
  const { summary, advice, source } = row;
  const cause = { ...row, summary: `${summary} No delivery of reports makes this request.` };
  const detail = `This is an AWS service's own message. ${source}`;
  const all: readonly Evidence[] = [...evidence, { source: 'service-message', detail }];
  return { kind: 'denial', diagnosis: diagnosisOfCause(cause, all, text.match(resourceArn)?.[0]), advice };
}
