import { firstOf, type PolicyKind, policyErrors, policyProblems, refusalOf } from '../../policy/grammar.ts';

const role = 'arn:aws:iam::111111111111:role/delivery';
const ofCaller = { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::inbox/*' };
const ofBucket = { ...ofCaller, Principal: { AWS: role } };
const ofKey = { Effect: 'Allow', Principal: { AWS: role }, Action: 'kms:Decrypt', Resource: '*' };
const trust = { Effect: 'Allow', Principal: { AWS: role }, Action: 'sts:AssumeRole' };
const rcp = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };

/** A statement that is valid in each policy type. */
const sound: Readonly<Record<PolicyKind, object>> = {
  'identity-policy': ofCaller,
  'permissions-boundary': ofCaller,
  'session-policy': ofCaller,
  'service-control-policy': ofCaller,
  'resource-control-policy': rcp,
  'vpc-endpoint-policy': { ...ofCaller, Principal: '*' },
  'role-trust-policy': trust,
  'bucket-policy': ofBucket,
  'key-policy': ofKey,
};
const kinds = Object.keys(sound) as readonly PolicyKind[];

const documentOf = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
/** A statement with changes; `undefined` removes an element. */
const changed = (kind: PolicyKind, changes: object) =>
  documentOf(JSON.parse(JSON.stringify({ ...sound[kind], ...changes })));

/** The faults of a statement in a policy type: the path of the part, and a word or two of the reason. */
type Row = readonly [kind: PolicyKind | readonly PolicyKind[], changes: object, path: string, why: RegExp];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and the comments at rows. */
const refused: readonly Row[] = [
  [kinds, { Actions: 's3:*' }, 'Statement[0].#Actions', /Invalid key Actions/],
  [kinds, { Effect: 'allow' }, 'Statement[0].Effect', /Effect must be/],
  [kinds, { Effect: undefined }, 'Statement[0]', /Effect must be/],
  [kinds, { Action: undefined }, 'Statement[0]', /Action is missing/],
  [kinds, { Action: [] }, 'Statement[0].Action', /empty/],
  [kinds, { Action: 7 }, 'Statement[0].Action', /is a number.*double quotes/],
  [kinds, { Action: [{}] }, 'Statement[0].Action[0]', /must be a text/],
  [kinds, { Action: 'PutObject' }, 'Statement[0].Action', /SERVICE:ACTION/],
  [kinds, { Sid: 7 }, 'Statement[0].Sid', /is a number/],
  [kinds, { Condition: [] }, 'Statement[0].Condition', /map of operators/],
  [kinds, { Condition: { StringEqual: { 'aws:userid': 'A' } } }, 'Statement[0].Condition.StringEqual', /operator/],
  [kinds, { Condition: { NullIfExists: { 'aws:userid': 'true' } } }, 'Statement[0].Condition.NullIfExists', /operator/],
  [kinds, { Condition: { Bool: 'true' } }, 'Statement[0].Condition.Bool', /map of condition keys/],
  [kinds, { Condition: { Bool: { 'aws:a': [{}] } } }, 'Statement[0].Condition.Bool.aws:a[0]', /must be texts/],
  // Placeholders that no one filled in.
  [
    kinds,
    { Condition: { StringLike: { 'aws:PrincipalArn': 'arn:${PARTITION}:iam::*:role/x' } } },
    'Statement[0].Condition.StringLike.aws:PrincipalArn',
    /\$\{PARTITION\} is not a policy variable/,
  ],
  [
    kinds,
    { Condition: { StringLike: { 'aws:a': ['${AWS::AccountId}'] } } },
    'Statement[0].Condition.StringLike.aws:a[0]',
    /not a policy variable/,
  ],
  [kinds, { Action: '${self:custom.action}' }, 'Statement[0].Action', /not a policy variable/],
  // Which elements a kind has: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
  [
    ['identity-policy', 'permissions-boundary', 'session-policy', 'service-control-policy'],
    { Principal: '*' },
    'Statement[0].#Principal',
    /not allowed/,
  ],
  [
    ['bucket-policy', 'key-policy', 'role-trust-policy', 'vpc-endpoint-policy', 'resource-control-policy'],
    { Principal: undefined },
    'Statement[0]',
    /Principal is missing/,
  ],
  [
    ['role-trust-policy', 'vpc-endpoint-policy', 'resource-control-policy'],
    { Principal: undefined, NotPrincipal: '*' },
    'Statement[0].#NotPrincipal',
    /not allowed/,
  ],
  [
    ['identity-policy', 'bucket-policy', 'service-control-policy', 'vpc-endpoint-policy'],
    { Resource: undefined },
    'Statement[0]',
    /Resource is missing/,
  ],
  ['key-policy', { Resource: undefined }, 'Statement[0]', /KMS saves a statement without it/],
  ['key-policy', { Action: undefined }, 'Statement[0]', /KMS saves a statement without it/],
  ['role-trust-policy', { Resource: '*' }, 'Statement[0].#Resource', /not allowed/],
  ['role-trust-policy', { NotResource: '*' }, 'Statement[0].#NotResource', /not allowed/],
  [['bucket-policy', 'identity-policy'], { NotAction: 's3:*' }, 'Statement[0]', /Only one of Action and NotAction/],
  [['bucket-policy', 'identity-policy'], { NotResource: '*' }, 'Statement[0]', /Only one of Resource and NotResource/],
  ['key-policy', { NotPrincipal: '*' }, 'Statement[0]', /Only one of Principal/],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
  [
    ['identity-policy', 'session-policy', 'role-trust-policy', 'service-control-policy'],
    { Sid: 'A B' },
    'Statement[0].Sid',
    /letters and digits/,
  ],
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
  ['resource-control-policy', { Effect: 'Allow' }, 'Statement[0].Effect', /must be "Deny"/],
  ['resource-control-policy', { Principal: { AWS: role } }, 'Statement[0].Principal', /must be "\*"/],
  ['resource-control-policy', { Action: undefined, NotAction: 's3:*' }, 'Statement[0].#NotAction', /not allowed/],
  ['resource-control-policy', { Action: '*' }, 'Statement[0].Action', /cannot be "\*"/],
  ['resource-control-policy', { Action: ['s3:*', 'ec2:RunInstances'] }, 'Statement[0].Action[1]', /ec2 is not among/],
  // The answers of IAM that https://github.com/versity/versitygw quotes in iamapi/policy/trust.go
  ['role-trust-policy', { Action: 's3:GetObject' }, 'Statement[0].Action', /only specify STS AssumeRole/],
  [
    'role-trust-policy',
    { Principal: { CanonicalUser: 'x' } },
    'Statement[0].Principal.#CanonicalUser',
    /Allowed types: AWS, Service, Federated/,
  ],
  // Principals: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
  ...(['bucket-policy', 'key-policy', 'role-trust-policy'] as const).flatMap((kind): readonly Row[] => [
    [kind, { Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } }, 'Statement[0].Principal.AWS', /no wildcards/],
    [kind, { Principal: { AWS: [role, '11111111111'] } }, 'Statement[0].Principal.AWS[1]', /12 digits/],
    [
      kind,
      { Principal: { AWS: 'arn:aws:iam::111111111111:group/a' } },
      'Statement[0].Principal.AWS',
      /Invalid principal/,
    ],
    [
      kind,
      { Principal: { AWS: 'arn:aws:iam::111111111111:role/${aws:username}' } },
      'Statement[0].Principal.AWS',
      /no policy variables/,
    ],
    [kind, { Principal: { AWS: 111111111111 } }, 'Statement[0].Principal.AWS', /AWS is a number/],
    [kind, { Principal: { AWS: [] } }, 'Statement[0].Principal.AWS', /list is empty/],
    [kind, { Principal: {} }, 'Statement[0].Principal', /names no principal/],
    [kind, { Principal: [role] }, 'Statement[0].Principal', /must be "\*" or a map/],
    [kind, { Principal: role }, 'Statement[0].Principal', /Write \{"AWS"/],
    [kind, { Principal: { Aws: role } }, 'Statement[0].Principal.#Aws', /Allowed types/],
  ]),
  // Resources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
  [
    ['identity-policy', 'bucket-policy', 'service-control-policy', 'vpc-endpoint-policy'],
    { Resource: 'inbox/*' },
    'Statement[0].Resource',
    /must be an ARN/,
  ],
  ['bucket-policy', { Resource: ['arn:aws:s3:inbox'] }, 'Statement[0].Resource[0]', /must be an ARN/],
  [
    'identity-policy',
    { Resource: 'arn:aws:s*:::inbox' },
    'Statement[0].Resource',
    /wildcard in the name of the service/,
  ],
  ['identity-policy', { Resource: 'arn:amazon:s3:::inbox' }, 'Statement[0].Resource', /another partition/],
  // https://github.com/getmoto/moto, moto/iam/policy_validation.py: answers that were recorded from IAM
  ['identity-policy', { Action: 's*:PutObject' }, 'Statement[0].Action', /wildcard in the name of the service/],
  [
    'identity-policy',
    { Condition: { StringEquals: { userid: 'A' } } },
    'Statement[0].Condition.StringEquals.userid',
    /prefix of a service/,
  ],
  [
    'identity-policy',
    { Condition: { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } } },
    'Statement[0].Condition.DateLessThan.aws:CurrentTime',
    /not a date/,
  ],
];

describe.each(refused)('%s with %j is refused', (which, changes, path, why) => {
  it.each([which].flat())('by the grammar of a %s', (kind) => {
    const problems = policyProblems(kind, changed(kind, changes));
    expect(problems).toContainEqual(expect.objectContaining({ path, message: expect.stringMatching(why) }));
  });
});

it('accepts the original statements of these changes', () => {
  for (const kind of kinds) expect([kind, policyErrors(kind, documentOf(sound[kind]))]).toEqual([kind, []]);
});

/** Each is close to a rule, but valid. */
const saved: readonly (readonly [kind: PolicyKind | readonly PolicyKind[], changes: object])[] = [
  [kinds, { Sid: '' }],
  [kinds, { Condition: { 'ForAllValues:StringLikeIfExists': { 'aws:TagKeys': ['a', '${aws:username}', '${*}'] } } }],
  [kinds, { Condition: { Bool: { 'aws:SecureTransport': true }, NumericEquals: { 'aws:MultiFactorAuthAge': 7 } } }],
  [kinds, { Condition: { StringEquals: { 'aws:PrincipalTag/a': "${aws:PrincipalTag/b, 'none'}" } } }],
  // KMS: key-policy-overview; S3: its own examples; endpoints: vpc-endpoints-s3 has "Access-to-specific-bucket-only"
  [['key-policy', 'bucket-policy', 'vpc-endpoint-policy'], { Sid: 'Enable IAM-User Permissions' }],
  // IAM saves actions that don't exist; KMS does too.
  [['identity-policy', 'service-control-policy'], { Action: ['s3:PutObjects', 'nothing:Real'] }],
  ['key-policy', { Action: 'kms:Decrypts' }],
  // https://aws.amazon.com/blogs/security/unlock-new-possibilities-aws-organizations-service-control-policy-now-supports-full-iam-language
  ['service-control-policy', { Action: undefined, NotAction: '*:Describe*' }],
  ['service-control-policy', { Resource: undefined, NotResource: 'arn:aws:s3:::inbox/*' }],
  // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
  ['vpc-endpoint-policy', { Principal: { AWS: 'arn:aws:iam::111111111111:root' } }],
  ['vpc-endpoint-policy', { Principal: { AWS: ['111111111111', '*'] } }],
  // A deleted role is shown by its ID.
  [['bucket-policy', 'key-policy'], { Principal: { AWS: 'AROAEXAMPLEEXAMPLE12' } }],
  [['bucket-policy', 'key-policy'], { Principal: { Service: 'logging.s3.amazonaws.com', AWS: ['*', '111111111111'] } }],
  [['bucket-policy', 'key-policy'], { Principal: undefined, NotPrincipal: { AWS: role }, Effect: 'Deny' }],
  [
    'bucket-policy',
    { Principal: { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' } },
  ],
  [
    'role-trust-policy',
    { Principal: { Federated: 'arn:aws:iam::111111111111:saml-provider/a' }, Action: 'sts:AssumeRoleWithSAML' },
  ],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html: IAM completes a short ARN
  ['identity-policy', { Resource: 'arn:aws:s3' }],
  ['identity-policy', { Resource: ['arn:*:s3:::inbox/${aws:username}', 'arn:aws-cn:s3:::inbox'] }],
  [
    'identity-policy',
    { Condition: { DateLessThan: { 'aws:CurrentTime': ['2026-11-30T00:00:00Z', '2026-11-30', '1796000000'] } } },
  ],
];

describe.each(saved)('%s with %j is saved', (which, changes) => {
  it.each([which].flat())('as a %s', (kind) => {
    expect(policyErrors(kind, changed(kind, changes))).toEqual([]);
  });
});

describe('statements together', () => {
  const withSids = (...sids: readonly string[]) => documentOf(...sids.map((Sid) => ({ ...ofBucket, Sid })));

  it('may have several empty Sids, as AWS’s own replication guide has them', () => {
    expect(policyErrors('bucket-policy', withSids('', 'A', '', 'a'))).toEqual([]);
  });

  it('may have the same Sid in a bucket policy, as existing buckets do', () => {
    expect(policyErrors('bucket-policy', withSids('DenyHttp', 'DenyHttp'))).toEqual([]);
  });

  it('must have unique Sids elsewhere, whatever their names', () => {
    const found = policyProblems('key-policy', withSids('A', '__proto__', 'constructor', '__proto__', 'A'));
    expect(found.map(({ path }) => path)).toEqual(['Statement[3].Sid', 'Statement[4].Sid']);
    expect(found[0]?.message).toContain('statement 2 already');
  });
});

it('rejects a Version that a service does not accept', () => {
  const versioned = (kind: PolicyKind, Version?: string) =>
    policyErrors(kind, { ...(Version && { Version }), Statement: sound[kind] });
  for (const kind of kinds)
    expect(versioned(kind, '2012-10-18')).toEqual([expect.stringMatching(/^Version: Version must/)]);
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html, _rcps_syntax
  for (const kind of ['service-control-policy', 'resource-control-policy', 'permissions-boundary'] as const)
    for (const version of ['2008-10-17', undefined]) expect(versioned(kind, version)).toHaveLength(1);
  for (const kind of ['bucket-policy', 'key-policy', 'identity-policy', 'role-trust-policy'] as const)
    for (const version of ['2008-10-17', undefined]) expect(versioned(kind, version)).toEqual([]);
});

it('names the service, the first problems, and the number of the others', () => {
  expect(refusalOf('service-control-policy')).toBe('AWS Organizations would refuse this service control policy');
  expect(['bucket-policy', 'key-policy', 'session-policy'].map((kind) => refusalOf(kind as PolicyKind))).toEqual([
    'Amazon S3 would refuse this bucket policy',
    'AWS KMS would refuse this key policy',
    'AWS STS would refuse this session policy',
  ]);
  expect(firstOf([1, 2, 3], 2)).toEqual({ first: [1, 2], more: 1 });
  expect(firstOf([1, 2])).toEqual({ first: [1, 2], more: 0 });
});
