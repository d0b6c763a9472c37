/**
 * What each service that saves policies asks of all of them. A rule is here only where a page of AWS, or an answer that
 * was recorded from it, says that the service refuses the document.
 */
export interface GrammarOfKind {
  /** Who refuses to save the policy. */
  readonly service: string;
  readonly principal: 'forbidden' | 'everyone' | 'required' | 'or NotPrincipal';
  /** The types of principals that it may have; absent where any are saved. */
  readonly principalTypes?: readonly string[];
  readonly resource: 'forbidden' | 'required' | 'ineffective without';
  readonly notAction: boolean;
  readonly effects: readonly string[];
  /** Versions that may be there; none at all only where `undefined` is among them. */
  readonly versions: readonly (string | undefined)[];
  readonly sid: 'letters and digits' | 'any';
  readonly repeatedSids: 'refused' | 'saved';
  readonly latin1: boolean;
  /** Whether a date that isn't one, a partition or a service in a Resource, and a key without a prefix are refused. */
  readonly parsesValues: boolean;
  readonly size: PolicySize;
}

export interface PolicySize {
  readonly limit: number;
  /** What every quota that was ever documented leaves room for, where that is less: no change makes a policy longer. */
  readonly safe?: number;
  readonly unit: 'bytes' | 'characters';
}

const anyVersion = ['2012-10-17', '2008-10-17', undefined];
/** The message that IAM answers with was recorded by https://github.com/getmoto/moto, moto/iam/policy_validation.py. */
const newVersion = ['2012-10-17'];
const effects = ['Allow', 'Deny'];

const ofIdentity = {
  principal: 'forbidden',
  resource: 'required',
  notAction: true,
  effects,
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
  sid: 'letters and digits',
  repeatedSids: 'refused',
  latin1: true, // the first of "IAM name requirements" in the quotas
  parsesValues: true,
} as const;

/**
 * Sizes are those that nobody can have raised, and white space is not counted even where the service does: a policy
 * that is too long here is so everywhere.
 */
export const grammarOfKinds = {
  // An inline policy of a role; a managed one has 6,144 (as a boundary is), an inline one of a user 2,048.
  'identity-policy': {
    service: 'IAM',
    ...ofIdentity,
    versions: anyVersion,
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    size: { limit: 10_240, unit: 'characters' },
  },
  'permissions-boundary': {
    service: 'IAM',
    ...ofIdentity,
    versions: newVersion,
    size: { limit: 6_144, unit: 'characters' },
  },
  'session-policy': {
    service: 'AWS STS',
    ...ofIdentity,
    versions: anyVersion,
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    size: { limit: 2_048, unit: 'characters' },
  },
  // All of IAM's policy language since September 2025:
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
  'service-control-policy': {
    service: 'AWS Organizations',
    ...ofIdentity,
    latin1: false,
    parsesValues: false,
    versions: newVersion,
    // 10,240 since 2026-05-15: https://cevo.com.au/post/aws-scp-limits-landing-zone-review/
    // 5,120 in public copies of https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
    size: { limit: 10_240, safe: 5_120, unit: 'characters' },
  },
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
  'resource-control-policy': {
    service: 'AWS Organizations',
    ...ofIdentity,
    principal: 'everyone',
    notAction: false,
    effects: ['Deny'],
    latin1: false,
    parsesValues: false,
    versions: newVersion,
    // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
    size: { limit: 5_120, unit: 'characters' },
  },
  // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html: its examples' Sids have hyphens
  'vpc-endpoint-policy': {
    service: 'Amazon VPC',
    ...ofIdentity,
    principal: 'required',
    sid: 'any',
    latin1: false,
    parsesValues: false,
    versions: anyVersion,
    // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    size: { limit: 20_480, unit: 'characters' },
  },
  // IAM's answers are quoted by https://github.com/versity/versitygw, iamapi/policy/trust.go
  'role-trust-policy': {
    service: 'IAM',
    ...ofIdentity,
    principal: 'required',
    principalTypes: ['AWS', 'Service', 'Federated'],
    resource: 'forbidden',
    versions: anyVersion,
    // 2,048 unless the account had its quota raised, to 8,192 at most.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    size: { limit: 8_192, unit: 'characters' },
  },
  // S3's answers were recorded by https://github.com/versity/versitygw, issues 645 to 650.
  'bucket-policy': {
    service: 'Amazon S3',
    ...ofIdentity,
    principal: 'or NotPrincipal',
    principalTypes: ['AWS', 'Service', 'Federated', 'CanonicalUser'],
    sid: 'any',
    // Buckets have them: https://github.com/cloud-custodian/cloud-custodian/issues/6145
    repeatedSids: 'saved',
    latin1: false,
    parsesValues: false,
    versions: anyVersion,
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
    size: { limit: 20_480, unit: 'bytes' },
  },
  // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html: Sids may have spaces
  'key-policy': {
    service: 'AWS KMS',
    ...ofIdentity,
    principal: 'or NotPrincipal',
    principalTypes: ['AWS', 'Service', 'Federated', 'CanonicalUser'],
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
    resource: 'ineffective without',
    sid: 'any',
    parsesValues: false,
    versions: anyVersion,
    // https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
    size: { limit: 32_768, unit: 'bytes' },
  },
} as const satisfies Readonly<Record<string, GrammarOfKind>>;

export type PolicyKind = keyof typeof grammarOfKinds;

/** `IAM`, `AWS Organizations`, `Amazon S3`, … */
export function whoSaves(kind: PolicyKind): string {
  return grammarOfKinds[kind].service;
}
