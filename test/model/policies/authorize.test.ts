import { authorize } from '../../../model/policies/authorize.ts';
import type { Question } from '../../../model/policies/decision.ts';
import type { PolicyStatement } from '../../../model/world/world.ts';
import {
  a,
  allow,
  b,
  deny,
  document,
  generateDataKey,
  keyArn,
  type Parts,
  put,
  roleArn,
  sessionArn,
  toAccount,
  toRole,
  worldOf,
} from './two-accounts.ts';

interface Case {
  readonly name: string;
  readonly parts: Parts;
  readonly ask: (parts: Parts) => Question;
  /** Every layer that denies; empty if allowed. */
  readonly refusals: readonly string[];
  /** The layer that AWS names, if it is not the first. */
  readonly blamed?: string;
}

const own = (parts: Parts) => put(a, parts);
const theirs = (parts: Parts) => put(b, parts);
const ownKey = (parts: Parts) => generateDataKey(a, parts);
const theirKey = (parts: Parts) => generateDataKey(b, parts);
const s3 = allow('s3:*');
const kms = allow('kms:*');
const encryptionContext = { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::bucket-222222222222' };

const cases: readonly Case[] = [
  // One account: an identity or resource policy is enough.
  { name: 'identity policy alone, same account', parts: { identity: s3 }, ask: own, refusals: [] },
  { name: 'bucket policy alone, same account', parts: { resource: allow('s3:*', toRole) }, ask: own, refusals: [] },
  { name: 'neither, same account', parts: {}, ask: own, refusals: ['identity-policy implicit'] },
  {
    name: 'a bucket policy that trusts the account does not replace the identity policy',
    parts: { resource: allow('s3:*', toAccount) },
    ask: own,
    refusals: ['identity-policy implicit'],
  },
  {
    name: 'a bucket policy that denies, same account',
    parts: { identity: s3, resource: deny('s3:*', { Principal: '*' }) },
    ask: own,
    refusals: ['bucket-policy explicit'],
  },

  // Two accounts: both must allow.
  { name: 'both sides', parts: { identity: s3, resource: allow('s3:*', toRole) }, ask: theirs, refusals: [] },
  {
    name: 'their account is trusted as a whole',
    parts: { identity: s3, resource: allow('s3:*', toAccount) },
    ask: theirs,
    refusals: [],
  },
  { name: 'only ours', parts: { identity: s3 }, ask: theirs, refusals: ['bucket-policy implicit'] },
  {
    name: 'only theirs, naming the role',
    parts: { resource: allow('s3:*', toRole) },
    ask: theirs,
    refusals: ['identity-policy implicit'],
  },
  {
    name: 'only theirs, naming the account: AWS blames the policy that is in order',
    parts: { resource: allow('s3:*', toAccount) },
    ask: theirs,
    refusals: ['identity-policy implicit'],
    blamed: 'bucket-policy implicit',
  },
  {
    name: 'neither',
    parts: {},
    ask: theirs,
    refusals: ['identity-policy implicit', 'bucket-policy implicit'],
    blamed: 'bucket-policy implicit',
  },
  {
    name: 'both deny: the identity policy is named',
    parts: { identity: deny('s3:*'), resource: deny('s3:*', toRole) },
    ask: theirs,
    refusals: ['identity-policy explicit', 'bucket-policy explicit'],
  },
  {
    name: 'an explicit deny is named before what is only not allowed',
    parts: { resource: deny('s3:*', toRole) },
    ask: theirs,
    refusals: ['identity-policy implicit', 'bucket-policy explicit'],
    blamed: 'bucket-policy explicit',
  },

  // These layers can only deny.
  {
    name: 'permissions boundary without the action',
    parts: { identity: s3, boundary: kms },
    ask: own,
    refusals: ['permissions-boundary implicit'],
  },
  {
    name: 'permissions boundary that denies',
    parts: {
      identity: s3,
      boundary: document(
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 's3:*', Resource: '*' },
      ),
    },
    ask: own,
    refusals: ['permissions-boundary explicit'],
  },
  {
    name: 'a boundary limits what a bucket policy gives to the role',
    parts: { boundary: kms, resource: allow('s3:*', toRole) },
    ask: own,
    refusals: ['permissions-boundary implicit'],
  },
  {
    name: 'a boundary does not limit what a bucket policy gives to the session',
    parts: { boundary: kms, resource: allow('s3:*', { Principal: { AWS: sessionArn } }) },
    ask: own,
    refusals: [],
  },
  {
    name: 'session policy without the action',
    parts: { identity: s3, session: kms },
    ask: own,
    refusals: ['session-policy implicit'],
  },
  {
    name: 'session policy that denies',
    parts: { identity: s3, session: deny('s3:*') },
    ask: own,
    refusals: ['session-policy explicit'],
  },
  {
    name: 'SCP of our account',
    parts: { identity: s3, scp: deny('s3:Put*') },
    ask: own,
    refusals: ['service-control-policy explicit'],
  },
  {
    name: 'an SCP that allows beside FullAWSAccess restricts nothing',
    parts: { identity: s3, scp: kms },
    ask: own,
    refusals: [],
  },
  {
    name: "SCP of the customer's account does not bind our principals",
    parts: { identity: s3, customerScp: deny('s3:*'), resource: allow('s3:*', toRole) },
    ask: theirs,
    refusals: [],
  },
  {
    name: "RCP of the customer's account binds everybody",
    parts: { identity: s3, rcp: deny('s3:*', { Principal: '*' }), resource: allow('s3:*', toRole) },
    ask: theirs,
    refusals: ['resource-control-policy explicit'],
  },
  {
    name: 'VPC endpoint policy without the action',
    parts: { identity: s3, vpce: allow('s3:Get*', { Principal: '*' }) },
    ask: own,
    refusals: ['vpc-endpoint-policy implicit'],
  },
  {
    name: "S3's calls to KMS don't pass S3's endpoint",
    parts: { identity: kms, vpce: allow('s3:*', { Principal: '*' }), resource: allow('kms:*', toAccount) },
    ask: ownKey,
    refusals: [],
  },

  // A KMS key grants its own account only what its policy delegates.
  {
    name: 'key policy hands over to the account',
    parts: { identity: kms, resource: allow('kms:*', toAccount) },
    ask: ownKey,
    refusals: [],
  },
  { name: 'key policy names the role', parts: { resource: allow('kms:*', toRole) }, ask: ownKey, refusals: [] },
  { name: 'key policy silent, own account', parts: { identity: kms }, ask: ownKey, refusals: ['key-policy implicit'] },
  {
    name: 'key policy hands over, identity policy silent',
    parts: { resource: allow('kms:*', toAccount) },
    ask: ownKey,
    refusals: ['identity-policy implicit'],
  },
  {
    name: 'key policy and identity policy both silent',
    parts: {},
    ask: ownKey,
    refusals: ['identity-policy implicit', 'key-policy implicit'],
    blamed: 'key-policy implicit',
  },
  {
    name: 'foreign key, both sides',
    parts: { identity: kms, resource: allow('kms:*', toRole) },
    ask: theirKey,
    refusals: [],
  },
  {
    name: 'foreign key trusts the account, identity silent',
    parts: { resource: allow('kms:*', toAccount) },
    ask: theirKey,
    refusals: ['identity-policy implicit'],
    blamed: 'key-policy implicit',
  },
  {
    name: 'a grant stands in for the key policy, not for the identity policy of another account',
    parts: { grants: [{ grantId: 'g', granteePrincipal: roleArn, operations: ['GenerateDataKey'] }] },
    ask: theirKey,
    refusals: ['identity-policy implicit'],
  },
  {
    name: 'a grant suffices in the own account',
    parts: { grants: [{ grantId: 'g', granteePrincipal: roleArn, operations: ['GenerateDataKey'] }] },
    ask: ownKey,
    refusals: [],
  },
  {
    name: 'a grant for another operation',
    parts: { identity: kms, grants: [{ grantId: 'g', granteePrincipal: roleArn, operations: ['Decrypt'] }] },
    ask: theirKey,
    refusals: ['key-policy implicit'],
  },
  {
    name: 'a grant whose encryption context is another',
    parts: {
      identity: kms,
      grants: [
        {
          grantId: 'g',
          granteePrincipal: roleArn,
          operations: ['GenerateDataKey'],
          constraints: { EncryptionContextSubset: { 'aws:s3:arn': 'arn:aws:s3:::other' } },
        },
      ],
    },
    ask: (parts) => generateDataKey(b, parts, { context: encryptionContext }),
    refusals: ['key-policy implicit'],
  },

  // Conditions.
  {
    name: 'a condition on the encryption context that matches',
    parts: { identity: kms, resource: allow('kms:*', { ...toRole, Condition: { StringEquals: encryptionContext } }) },
    ask: (parts) => generateDataKey(b, parts, { context: encryptionContext }),
    refusals: [],
  },
  {
    name: 'a condition on the encryption context that does not',
    parts: {
      identity: kms,
      resource: allow('kms:*', {
        ...toRole,
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' } },
      }),
    },
    ask: (parts) => generateDataKey(b, parts, { context: encryptionContext }),
    refusals: ['key-policy implicit'],
  },
  {
    name: 'kms:ViaService holds for calls that S3 forwards',
    parts: {
      identity: kms,
      resource: allow('kms:*', {
        ...toRole,
        Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      }),
    },
    ask: theirKey,
    refusals: [],
  },
  {
    name: 'kms:ViaService does not hold for direct calls',
    parts: {
      identity: kms,
      resource: allow('kms:*', {
        ...toRole,
        Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      }),
    },
    ask: ({ ...parts }) => {
      const { forwardedBy: _forwardedBy, ...direct } = generateDataKey(b, parts);
      return direct;
    },
    refusals: ['key-policy implicit'],
  },
  {
    name: "S3's calls to KMS don't carry the client's address",
    parts: {
      identity: kms,
      resource: allow('kms:*', { ...toRole, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }),
    },
    ask: theirKey,
    refusals: ['key-policy implicit'],
  },
  {
    name: 'aws:SourceIp holds for the S3 call itself',
    parts: {
      identity: s3,
      resource: allow('s3:*', { ...toRole, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }),
    },
    ask: theirs,
    refusals: [],
  },
  {
    name: 'aws:PrincipalArn is the role, not the session',
    parts: {
      identity: s3,
      resource: allow('s3:*', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalArn': roleArn } } }),
    },
    ask: theirs,
    refusals: [],
  },
  {
    name: 'aws:PrincipalOrgID of the caller',
    parts: {
      identity: s3,
      organizations: ['o-one', 'o-two'],
      resource: allow('s3:*', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-two' } } }),
    },
    ask: theirs,
    refusals: ['bucket-policy implicit'],
  },
  {
    name: 'plain HTTP',
    parts: {
      identity: s3,
      network: { secureTransport: false },
      resource: document(
        { Effect: 'Allow', Action: 's3:*', Resource: '*', ...toRole },
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ),
    },
    ask: theirs,
    refusals: ['bucket-policy explicit'],
  },

  // Public policies.
  {
    name: 'RestrictPublicBuckets takes a public grant away from other accounts',
    parts: {
      identity: s3,
      resource: allow('s3:*', { Principal: '*' }),
      bucket: {
        publicAccessBlock: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    ask: theirs,
    refusals: ['block-public-access explicit'],
  },
  {
    name: 'RestrictPublicBuckets refuses beside a Deny of the policy',
    parts: {
      identity: s3,
      resource: document(
        { Effect: 'Allow', Action: 's3:*', Resource: '*', Principal: '*' },
        { Effect: 'Deny', Action: 's3:PutObject', Resource: '*', ...toRole },
      ),
      bucket: {
        publicAccessBlock: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    ask: theirs,
    refusals: ['bucket-policy explicit', 'block-public-access explicit'],
  },
  {
    name: 'RestrictPublicBuckets leaves a grant to a fixed principal alone',
    parts: {
      identity: s3,
      resource: allow('s3:*', toRole),
      bucket: {
        publicAccessBlock: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    ask: theirs,
    refusals: [],
  },

  // NotPrincipal.
  ...(
    [
      ['the role alone', [roleArn], ['bucket-policy explicit']],
      ['the role and its account', [roleArn, `arn:aws:iam::${a}:root`], ['bucket-policy explicit']],
      ['the role, its account and the session', [roleArn, `arn:aws:iam::${a}:root`, sessionArn], []],
    ] as const
  ).map(
    ([listed, arns, refusals]): Case => ({
      name: `a Deny with NotPrincipal that lists ${listed}`,
      parts: {
        identity: s3,
        resource: document(
          { Effect: 'Allow', Action: 's3:*', Resource: '*', ...toRole },
          { Effect: 'Deny', Action: 's3:*', Resource: '*', NotPrincipal: { AWS: arns } },
        ),
      },
      ask: theirs,
      refusals,
    }),
  ),

  // Unique IDs.
  {
    name: "the role's unique id stands for the role",
    parts: {
      identity: s3,
      roleId: 'AROACURRENT000000001',
      resource: allow('s3:*', { Principal: { AWS: 'AROACURRENT000000001' } }),
    },
    ask: theirs,
    refusals: [],
  },
  {
    name: 'the unique id of a role that was deleted matches nobody',
    parts: {
      identity: s3,
      roleId: 'AROACURRENT000000001',
      resource: allow('s3:*', { Principal: { AWS: 'AROAFORMER0000000001' } }),
    },
    ask: theirs,
    refusals: ['bucket-policy implicit'],
  },
];

test.each(cases)('$name', ({ parts, ask, refusals, blamed }) => {
  const decision = authorize(worldOf(parts), ask(parts));
  const named = ({ layer, effect }: { layer: string; effect: string }) => `${layer} ${effect}`;
  expect(decision.refusals.map(named)).toEqual(refusals);
  expect(decision.allowed).toBe(refusals.length === 0);
  expect(decision.blamed && named(decision.blamed)).toBe(blamed ?? refusals[0]);
});

test('a denial names the statement: policy, Sid and index from zero', () => {
  const parts: Parts = {
    identity: document(
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      { Sid: 'NotThere', Effect: 'Deny', Action: 's3:PutObject', Resource: `arn:aws:s3:::bucket-${b}/*` },
    ),
    resource: allow('s3:*', toRole),
  };
  const { refusals } = authorize(worldOf(parts), theirs(parts));
  expect(refusals[0]?.statement).toEqual({ policy: 'deliver', sid: 'NotThere', index: 1 });
});

test('an implicit denial says what kept the closest statement from matching', () => {
  const parts: Parts = {
    identity: kms,
    resource: allow('kms:GenerateDataKey', {
      ...toRole,
      Condition: { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' } },
    }),
  };
  const { refusals } = authorize(worldOf(parts), generateDataKey(b, parts, { context: encryptionContext }));
  const key = 'kms:EncryptionContext:aws:s3:arn';
  const [wanted, actual] = [['arn:aws:s3:::other'], 'arn:aws:s3:::bucket-222222222222'];
  const mismatch = { element: 'Condition', operator: 'StringEquals', key, wanted, actual };
  expect(refusals[0]?.mismatches).toEqual([mismatch]);
  expect(refusals[0]?.statement?.policy).toBe(`key policy of ${keyArn(b)}`);
});

test('an implicit denial names a statement for the caller rather than one for someone else', () => {
  const parts: Parts = {
    identity: kms,
    resource: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${b}:root` }, Action: 'kms:*', Resource: '*' },
        { Effect: 'Allow', ...toRole, Action: 'kms:Encrypt', Resource: '*' },
      ],
    },
  };
  const { refusals } = authorize(worldOf(parts), generateDataKey(b, parts, { context: encryptionContext }));
  expect(refusals[0]?.statement?.index).toBe(1);
  expect(refusals[0]?.mismatches).toEqual([
    { element: 'Action', wanted: ['kms:Encrypt'], actual: 'kms:GenerateDataKey' },
  ]);
});

test('an explicit denial says what its conditions test, and if nothing allows the request either', async () => {
  const encrypted = 'kms:EncryptionContext:aws:s3:arn';
  const deny = {
    Effect: 'Deny' as const,
    ...toRole,
    Action: 'kms:*',
    Resource: '*',
    Condition: { StringNotEquals: { [encrypted]: 'arn:aws:s3:::other' } },
  };
  const allowing = { Effect: 'Allow' as const, ...toRole, Action: 'kms:GenerateDataKey', Resource: '*' };
  const refusalBy = async (...Statement: PolicyStatement[]) => {
    const parts: Parts = { identity: kms, resource: { Version: '2012-10-17', Statement } };
    const question = generateDataKey(b, parts, { context: encryptionContext });
    return authorize(worldOf(parts), question).refusals[0];
  };
  const denied = await refusalBy(deny, allowing);
  expect(denied?.conditions).toEqual([
    {
      element: 'Condition',
      operator: 'StringNotEquals',
      key: encrypted,
      wanted: ['arn:aws:s3:::other'],
      actual: 'arn:aws:s3:::bucket-222222222222',
    },
  ]);
  expect(denied?.behind).toBeUndefined();
  expect((await refusalBy(deny, { ...allowing, Action: 'kms:Encrypt' }))?.behind).toMatchObject({
    statement: { index: 1 },
    mismatches: [{ element: 'Action' }],
  });
});
