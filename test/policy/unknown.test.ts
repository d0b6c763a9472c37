import { decide, type PolicyDocument, type Request } from '../../policy/index.ts';

/** Decisions while it is unknown whether the request has a condition key, or with which value. */

const unknownKeys = ['aws:sourceip', 'aws:sourcevpce', 'aws:principalorgid'];
const request: Request = {
  principal: 'arn:aws:sts::111111111111:assumed-role/delivery/check-acme',
  role: 'arn:aws:iam::111111111111:role/delivery',
  userId: 'AROAEXAMPLEEXAMPLE01:check-acme',
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::bucket/reports/x',
  resourceAccount: '222222222222',
  context: { 'aws:SecureTransport': 'true' },
  isUnknown: (key) => unknownKeys.includes(key),
};

const identity = [{ name: 'all', document: document({ Effect: 'Allow', Action: '*', Resource: '*' }) }];

function document(...Statement: readonly object[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

function allow(more: object): object {
  return { Effect: 'Allow', Principal: { AWS: request.role }, Action: 's3:PutObject', Resource: '*', ...more };
}

function deny(more: object): object {
  return { ...allow(more), Effect: 'Deny', Principal: '*' };
}

function decided(...statements: readonly object[]) {
  return decide(request, { identity, resource: document(...statements) });
}

const office = { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } };
const elsewhere = { NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' } };

describe('a statement that depends on an unknown key', () => {
  it('makes the decision unknown, and names the key', () => {
    expect(decided(allow({ Condition: office }))).toMatchObject({ outcome: 'unknown', unknown: ['aws:SourceIp'] });
    expect(decided(allow({}), deny({ Condition: elsewhere }))).toMatchObject({
      outcome: 'unknown',
      refusals: [{ layer: 'bucket-policy', effect: 'explicit', hangsOn: ['aws:SourceIp'] }],
    });
  });

  it.each(['Null', 'StringEqualsIfExists', 'ForAnyValue:StringEquals', 'ForAllValues:StringEquals'])(
    'is unknown under %s too',
    (operator) => {
      expect(decided(allow({ Condition: { [operator]: { 'aws:SourceVpce': 'true' } } })).outcome).toBe('unknown');
    },
  );

  it('in a variable of a Resource or a condition makes it unknown', () => {
    const variable = '${aws:PrincipalOrgID}';
    expect(decided(allow({ Resource: `arn:aws:s3:::bucket/${variable}/*` })).outcome).toBe('unknown');
    expect(decided(allow({ Condition: { StringEquals: { 'aws:SecureTransport': variable } } })).outcome).toBe(
      'unknown',
    );
  });

  it('makes no difference if another condition does not hold', () => {
    const both = { ...office, Bool: { 'aws:SecureTransport': 'false' } };
    expect(decided(allow({}), deny({ Condition: both }))).toMatchObject({ outcome: 'allowed', unknown: [] });
    expect(decided(allow({ Condition: both })).outcome).toBe('denied');
  });

  it('makes no difference next to one that decides', () => {
    expect(decided(allow({}), allow({ Condition: office })).outcome).toBe('allowed');
    expect(decided(allow({ Condition: office }), deny({})).outcome).toBe('denied');
  });
});

describe('two statements whose answers are opposite', () => {
  it('allow every value', () => {
    const either = [allow({ Condition: office }), allow({ Condition: elsewhere })];
    expect(decided(...either)).toMatchObject({ outcome: 'allowed', refusals: [] });
  });

  it('are unknown if they test different values', () => {
    const other = { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
    expect(decided(allow({ Condition: office }), allow({ Condition: other })).outcome).toBe('unknown');
  });

  it('deny every value', () => {
    const outcome = decided(allow({}), deny({ Condition: office }), deny({ Condition: elsewhere }));
    expect(outcome).toMatchObject({ outcome: 'denied', refusals: [{ layer: 'bucket-policy', effect: 'explicit' }] });
  });
});

it('knows that a key with an unknown value is present', () => {
  const isUnknown = (key: string) => (key === 'aws:useragent' ? 'value' : false);
  const outcome = (Condition: object) =>
    decide({ ...request, isUnknown }, { identity, resource: document(allow({ Condition })) }).outcome;
  expect(outcome({ Null: { 'aws:UserAgent': 'true' } })).toBe('denied');
  expect(outcome({ Null: { 'aws:UserAgent': 'false' } })).toBe('allowed');
  expect(outcome({ StringLike: { 'aws:UserAgent': 'sdk-*' } })).toBe('unknown');
});

it('is certain about a key that is known to be absent', () => {
  const condition = { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } };
  expect(decided(allow({}), deny({ Condition: condition })).outcome).toBe('denied');
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html */
it("does not know if a canonical user ID is that of the caller's account", () => {
  const unknown = { ...request, isUnknown: (key: string) => key === 'CanonicalUser' };
  const theirs = { Principal: { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' } };
  const decidedAs = (who: Request, ...statements: readonly object[]) =>
    decide(who, { identity, resource: document(...statements) });
  for (const statements of [[allow(theirs)], [allow({}), { ...deny({}), ...theirs }]])
    expect(decidedAs(unknown, ...statements)).toMatchObject({ outcome: 'unknown', unknown: ['CanonicalUser'] });
  expect(decidedAs(request, allow(theirs)).outcome).toBe('denied');
  // The ID represents the account, whose role then needs its own policy.
  const inOneAccount = { ...unknown, resourceAccount: '111111111111' };
  expect(decide(inOneAccount, { resource: document(allow(theirs)) }).outcome).toBe('denied');
});

it('does not know whether a unique ID belongs to a role with an unknown ID', () => {
  const { userId: _, ...anonymous } = request;
  const policy = document(allow({ Principal: { AWS: 'AROAEXAMPLEEXAMPLE99' } }));
  const unknown = { ...anonymous, isUnknown: (key: string) => key === 'aws:userid' };
  expect(decide(unknown, { identity, resource: policy })).toMatchObject({
    outcome: 'unknown',
    unknown: ['aws:userid'],
  });
  expect(decide(request, { identity, resource: policy }).outcome).toBe('denied');
});

describe('a grant with constraints on an encryption context that is not known', () => {
  const arn = 'arn:aws:s3:::bucket';
  const key = 'kms:EncryptionContext:aws:s3:arn';
  const usingKey: Request = {
    ...request,
    action: 'kms:Decrypt',
    resource: 'arn:aws:kms:us-east-1:222222222222:key/1a2b3c4d-0000-4000-8000-0a1b2c3d4e5f',
    isUnknown: (name) => name === key.toLowerCase(),
  };
  const grantTo = (role: string, constraint: object) => ({
    granteePrincipal: role,
    operations: ['Decrypt'],
    constraints: { EncryptionContextSubset: { 'aws:s3:arn': arn }, ...constraint },
  });
  const role = request.role ?? '';
  const withGrants = (...grants: readonly ReturnType<typeof grantTo>[]) =>
    decide(usingKey, { identity, resource: document(), grants });

  it('makes the decision unknown, and names the key', () => {
    expect(withGrants(grantTo(role, {}))).toMatchObject({
      outcome: 'unknown',
      unknown: ['kms:encryptioncontext:aws:s3:arn'],
      refusals: [{ layer: 'key-policy', effect: 'implicit' }],
    });
  });

  it('makes no difference if another constraint does not hold, or it is for another role', () => {
    expect(withGrants(grantTo(role, { EncryptionContextEquals: { tenant: 'acme' } })).outcome).toBe('denied');
    expect(withGrants(grantTo(`${role}-of-others`, {})).outcome).toBe('denied');
  });

  it('makes no difference next to one without constraints', () => {
    const free = { granteePrincipal: role, operations: ['Decrypt'] };
    expect(decide(usingKey, { identity, resource: document(), grants: [grantTo(role, {}), free] }).outcome).toBe(
      'allowed',
    );
  });

  it('allows if the context is known to match, and denies if it does not', () => {
    const sent = (value: string) => ({ ...usingKey, context: { [key]: value } });
    const policies = { identity, resource: document(), grants: [grantTo(role, {})] };
    expect(decide(sent(arn), policies).outcome).toBe('allowed');
    expect(decide(sent(`${arn}/reports/x`), policies).outcome).toBe('denied');
  });
});
