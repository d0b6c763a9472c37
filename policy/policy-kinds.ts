import type { NamedPolicy, PolicyDocument } from './document.ts';

/**
 * How a policy type affects a decision, and what the service that saves it requires of a document. A requirement is
 * only here if AWS's documentation, or a recorded answer, shows that the service rejects the document.
 */
export interface PolicyKindRow {
  /**
   * The name and form in which a decision gets it, and when a request is denied that no statement allows: always;
   * unless the resource's policy allows the session itself (`limit`); or if this side must allow it.
   */
  readonly given: readonly [name: string, form: GivenForm, needed: 'always' | 'limit' | 'caller' | 'resource'];
  /** The service that saves the policy. */
  readonly service: string;
  readonly principal: 'forbidden' | 'everyone' | 'required' | 'or NotPrincipal';
  /** The principal types that it may have; absent if any are saved. */
  readonly principalTypes?: readonly string[];
  readonly resource: 'forbidden' | 'required' | 'ineffective without';
  readonly notAction: boolean;
  readonly effects: readonly string[];
  /** The versions that it may have. It may have none only if the list contains `undefined`. */
  readonly versions: readonly (string | undefined)[];
  readonly sid: 'letters and digits' | 'any';
  readonly repeatedSids: 'refused' | 'saved';
  readonly latin1: boolean;
  /** True if the service rejects invalid dates, partitions or services in a Resource, and keys without a prefix. */
  readonly parsesValues: boolean;
  readonly size: PolicySize;
}

/** The policies of a layer, for each form in which they are given. */
const givenForms = {
  list: (policies: readonly NamedPolicy[] = []) => policies,
  named: (policy: NamedPolicy) => [policy],
  document: (document: PolicyDocument) => [{ name: '', document }],
} as const;
type GivenForm = keyof typeof givenForms;

/** @param given the policies in that form */
export function policiesGiven(form: GivenForm, given: unknown): readonly NamedPolicy[] {
  return (givenForms[form] as (given: unknown) => readonly NamedPolicy[])(given);
}

export interface PolicySize {
  readonly limit: number;
  /** The smallest documented quota, if lower. No change may make a policy longer than this. */
  readonly safe?: number;
  readonly unit: 'bytes' | 'characters';
}

/** IAM's message was recorded by https://github.com/getmoto/moto, moto/iam/policy_validation.py. */
const newVersion = ['2012-10-17'];
const effects = ['Allow', 'Deny'];

const ofResource = ['resource', 'document', 'resource'] as const;

const grammar = {
  principal: 'forbidden',
  resource: 'required',
  notAction: true,
  effects,
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
  sid: 'letters and digits',
  repeatedSids: 'refused',
  latin1: true, // the first entry of "IAM name requirements" in the quotas
  parsesValues: true,
  versions: ['2012-10-17', '2008-10-17', undefined],
} as const;
/** Settings of services that check texts less strictly than IAM. */
const lenient = { ...grammar, latin1: false, parsesValues: false } as const;

/**
 * One row for each policy type, in the order in which AWS's messages name them.
 *
 * Sizes are the highest possible quotas. White space never counts, even for services that count it, so a policy that is
 * too long here is too long everywhere.
 */
export const policyKinds = {
  // All of IAM's policy language since September 2025:
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
  'service-control-policy': {
    given: ['serviceControl', 'list', 'always'],
    service: 'AWS Organizations',
    ...lenient,
    versions: newVersion,
    // 10,240 since 2026-05-15: https://cevo.com.au/post/aws-scp-limits-landing-zone-review/
    // 5,120 in public copies of https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
    size: { limit: 10_240, safe: 5_120, unit: 'characters' },
  },
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
  'resource-control-policy': {
    given: ['resourceControl', 'list', 'always'],
    service: 'AWS Organizations',
    ...lenient,
    principal: 'everyone',
    notAction: false,
    effects: ['Deny'],
    versions: newVersion,
    // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
    size: { limit: 5_120, unit: 'characters' },
  },
  // An inline policy of a role. A managed policy has 6,144 (like a boundary), an inline policy of a user 2,048.
  'identity-policy': {
    given: ['identity', 'list', 'caller'],
    service: 'IAM',
    ...grammar,
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    size: { limit: 10_240, unit: 'characters' },
  },
  'permissions-boundary': {
    given: ['permissionsBoundary', 'named', 'limit'],
    service: 'IAM',
    ...grammar,
    versions: newVersion,
    size: { limit: 6_144, unit: 'characters' },
  },
  'session-policy': {
    given: ['session', 'document', 'limit'],
    service: 'AWS STS',
    ...grammar,
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    size: { limit: 2_048, unit: 'characters' },
  },
  // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html: its examples' Sids have hyphens
  'vpc-endpoint-policy': {
    given: ['vpcEndpoint', 'document', 'always'],
    service: 'Amazon VPC',
    ...lenient,
    principal: 'required',
    sid: 'any',
    // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    size: { limit: 20_480, unit: 'characters' },
  },
  // IAM's answers are quoted in https://github.com/versity/versitygw, iamapi/policy/trust.go
  'role-trust-policy': {
    given: ofResource,
    service: 'IAM',
    ...grammar,
    principal: 'required',
    principalTypes: ['AWS', 'Service', 'Federated'],
    resource: 'forbidden',
    // 2,048 unless the account had its quota raised, to 8,192 at most.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    size: { limit: 8_192, unit: 'characters' },
  },
  // S3's answers were recorded by https://github.com/versity/versitygw, issues 645 to 650.
  'bucket-policy': {
    given: ofResource,
    service: 'Amazon S3',
    ...lenient,
    principal: 'or NotPrincipal',
    principalTypes: ['AWS', 'Service', 'Federated', 'CanonicalUser'],
    sid: 'any',
    // Existing buckets have them: https://github.com/cloud-custodian/cloud-custodian/issues/6145
    repeatedSids: 'saved',
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
    size: { limit: 20_480, unit: 'bytes' },
  },
  // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html: Sids may have spaces
  'key-policy': {
    given: ofResource,
    service: 'AWS KMS',
    ...grammar,
    principal: 'or NotPrincipal',
    principalTypes: ['AWS', 'Service', 'Federated', 'CanonicalUser'],
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
    resource: 'ineffective without',
    sid: 'any',
    parsesValues: false,
    // https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
    size: { limit: 32_768, unit: 'bytes' },
  },
} as const satisfies Readonly<Record<string, PolicyKindRow>>;

export type PolicyKind = keyof typeof policyKinds;

/** `IAM`, `AWS Organizations`, `Amazon S3`, … */
export function whoSaves(kind: PolicyKind): string {
  return policyKinds[kind].service;
}

export type GivenAsOf<Kind extends PolicyKind> = (typeof policyKinds)[Kind]['given'];
/** The given policies, by name. */
export type GivenPolicies = {
  readonly [Kind in PolicyKind as GivenAsOf<Kind>[0]]?: Exclude<
    Parameters<(typeof givenForms)[GivenAsOf<Kind>[1]]>[0],
    undefined
  >;
};
export type ResourceKind = { [Kind in PolicyKind]: GivenAsOf<Kind>[0] extends 'resource' ? Kind : never }[PolicyKind];
export type OtherKind = Exclude<PolicyKind, ResourceKind>;
/** All types except a resource's own policy. */
export const otherKinds = (Object.keys(policyKinds) as OtherKind[]).filter(
  (kind) => String(policyKinds[kind].given[0]) !== 'resource',
);
