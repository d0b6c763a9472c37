import type { Case, CasePolicies, Document, Statement } from './case.ts';
import type { Random } from './random.ts';

/** Random requests of a delivery, and policies that almost match them. */

const ours = '111111111111';
const theirs = '222222222222';
const role = `arn:aws:iam::${ours}:role/delivery`;
const session = `arn:aws:sts::${ours}:assumed-role/delivery/check-acme`;

interface Kind {
  readonly action: string;
  readonly resources: readonly string[];
  readonly actions: readonly string[];
  readonly patterns: readonly string[];
  readonly keys: readonly string[];
}

const object = 'arn:aws:s3:::acme-inbox/reports/2026/a*b.json';
const kinds: readonly Kind[] = [
  ...(['s3:PutObject', 's3:GetObject', 's3:DeleteObject'] as const).map((action) => ({
    action,
    resources: [object, 'arn:aws:s3:::acme-inbox/reports/x.json', 'arn:aws:s3:::acme-inbox/a\nb'],
    actions: [
      action,
      's3:*',
      '*',
      's3:*Object',
      action.toUpperCase().replace('S3', 's3'),
      's3:Get*',
      's3:???Object',
      's3:ListBucket',
    ],
    patterns: [
      ...[
        '*',
        'arn:aws:s3:::acme-inbox/*',
        'arn:aws:s3:::acme-*/reports/*',
        'arn:aws:s3:::acme-inbox/reports/2026/a${*}b.json',
      ],
      ...[
        'arn:aws:s3:::acme-inbox/reports/?.json',
        'arn:aws:s3:::acme-inbox/${aws:PrincipalTag/team}/*',
        'arn:aws:s3:::other/*',
      ],
      ...[
        'arn:aws:s3:::acme-inbox/a?b',
        'arn:*:s3:::acme-inbox/*',
        'arn:aws:s3:::*',
        "arn:aws:s3:::acme-inbox/${aws:PrincipalTag/none, 'reports'}/*",
      ],
    ],
    keys:
      action === 's3:PutObject'
        ? ['s3:x-amz-acl', 's3:x-amz-server-side-encryption', 's3:RequestObjectTagKeys', 's3:signatureAge']
        : ['s3:signatureAge'],
  })),
  ...(['kms:GenerateDataKey', 'kms:Decrypt'] as const).map((action) => ({
    action,
    resources: [`arn:aws:kms:us-east-1:${theirs}:key/0000`, `arn:aws:kms:us-east-1:${ours}:key/1111`],
    actions: [action, 'kms:*', '*', 'kms:GenerateDataKey*', 'kms:?ecrypt', 'kms:Encrypt'],
    patterns: [
      '*',
      `arn:aws:kms:us-east-1:${theirs}:key/*`,
      'arn:aws:kms:*:*:key/0000',
      `arn:aws:kms:us-east-1:${ours}:key/1111`,
      'arn:aws:kms:us-*-1:*:key/*',
    ],
    keys: ['kms:ViaService', 'kms:CallerAccount', 'kms:EncryptionContextKeys'],
  })),
  {
    action: 'sts:AssumeRole',
    resources: [`arn:aws:iam::${ours}:role/target`, `arn:aws:iam::${theirs}:role/target`],
    actions: ['sts:AssumeRole', 'sts:*', '*', 'sts:Assume*', 'sts:TagSession'],
    patterns: ['*', `arn:aws:iam::${ours}:role/target`, 'arn:aws:iam::*:role/*', `arn:aws:iam::${theirs}:role/t?rget`],
    keys: ['sts:ExternalId', 'sts:RoleSessionName', 'aws:TagKeys'],
  },
];

type Type = 'string' | 'number' | 'date' | 'bool' | 'address' | 'arn' | 'list';

/** Condition keys by type, with the values that a request may have and a policy may test. */
const keys: Readonly<
  Record<string, { readonly type: Type; readonly has: readonly string[]; readonly asks: readonly string[] }>
> = {
  'aws:PrincipalOrgID': {
    type: 'string',
    has: ['o-abc', 'o-other'],
    asks: ['o-abc', 'o-*', 'O-ABC', '${aws:ResourceOrgID}'],
  },
  'aws:ResourceOrgID': { type: 'string', has: ['o-abc', 'o-inbox'], asks: ['o-abc', '${aws:PrincipalOrgID}'] },
  'aws:PrincipalTag/team': {
    type: 'string',
    has: ['reports', 'a*'],
    asks: ['reports', 'rep*', 'r?ports', 'a${*}', '*'],
  },
  'aws:PrincipalAccount': { type: 'string', has: [ours], asks: [ours, theirs, '1111*'] },
  'aws:SourceVpce': { type: 'string', has: ['vpce-1'], asks: ['vpce-1', 'vpce-*', 'vpce-2'] },
  'aws:SourceIp': {
    type: 'address',
    has: ['203.0.113.10', '2001:db8::7'],
    asks: ['203.0.113.0/24', '0.0.0.0/0', '203.0.113.10', '::/0', '2001:DB8:0::/32', '198.51.100.0/24', '2001:db8::7'],
  },
  'aws:SecureTransport': { type: 'bool', has: ['true', 'false'], asks: ['true', 'false'] },
  'aws:ViaAWSService': { type: 'bool', has: ['true', 'false'], asks: ['true', 'false'] },
  'aws:CurrentTime': {
    type: 'date',
    has: ['2026-11-30T12:00:00Z'],
    asks: ['2026-11-30T12:00:00Z', '2026-12-01', '1796040000', '2026-11-30T13:00:00+01:00', '2020-01-01T00:00:00Z'],
  },
  'aws:EpochTime': {
    type: 'date',
    has: ['1796040000'],
    asks: ['1796040000', '2026-11-30T12:00:00Z', '1577836800', '2027-01-01T00:00:00Z'],
  },
  'aws:PrincipalArn': {
    type: 'arn',
    has: [role],
    asks: [
      role,
      'arn:aws:iam::*:role/*',
      'arn:*:iam::111111111111:role/deliver?',
      '*',
      `arn:aws:iam::${theirs}:role/delivery`,
      'arn:aws:iam::${aws:PrincipalAccount}:role/delivery',
    ],
  },
  's3:x-amz-acl': {
    type: 'string',
    has: ['private', 'bucket-owner-full-control'],
    asks: ['bucket-owner-full-control', 'PRIVATE', 'bucket-*'],
  },
  's3:x-amz-server-side-encryption': {
    type: 'string',
    has: ['aws:kms', 'AES256'],
    asks: ['aws:kms', 'AES256', 'aws:*'],
  },
  's3:signatureAge': { type: 'number', has: ['600000', '7', '0'], asks: ['600000', '7.0', '0', '10'] },
  's3:RequestObjectTagKeys': { type: 'list', has: ['team', 'class'], asks: ['team', 'class', 't*', 'other'] },
  'kms:ViaService': {
    type: 'string',
    has: ['s3.us-east-1.amazonaws.com'],
    asks: ['s3.us-east-1.amazonaws.com', 's3.*.amazonaws.com', 'ec2.*'],
  },
  'kms:CallerAccount': { type: 'string', has: [ours], asks: [ours, theirs] },
  'kms:EncryptionContextKeys': { type: 'list', has: ['aws:s3:arn', 'team'], asks: ['aws:s3:arn', 'aws:*', 'other'] },
  'sts:ExternalId': { type: 'string', has: ['acme', 'Acme'], asks: ['acme', 'a*'] },
  'sts:RoleSessionName': {
    type: 'string',
    has: ['check-acme'],
    asks: ['check-*', 'check-acme', '${aws:PrincipalTag/team}'],
  },
  'aws:TagKeys': { type: 'list', has: ['team', 'class'], asks: ['team', 'class', 't*'] },
};

const orders = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
const operators: Readonly<Record<Type, readonly string[]>> = {
  string: [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  number: orders.map((order) => `Numeric${order}`),
  date: orders.map((order) => `Date${order}`),
  bool: ['Bool'],
  address: ['IpAddress', 'NotIpAddress'],
  arn: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringEquals', 'StringLike'],
  list: ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'],
};

const always = [
  'aws:PrincipalOrgID',
  'aws:ResourceOrgID',
  'aws:PrincipalTag/team',
  'aws:PrincipalAccount',
  'aws:SourceVpce',
  'aws:SourceIp',
  'aws:SecureTransport',
  'aws:ViaAWSService',
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:PrincipalArn',
];
/** Keys in every request, so that an engine that adds them changes nothing. */
export const certain: ReadonlySet<string> = new Set([
  'aws:SecureTransport',
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:PrincipalArn',
  'aws:PrincipalAccount',
]);

export function generate(random: Random): Case {
  const kind = random.one(kinds);
  const known = [...always, ...kind.keys];
  const resource = random.one(kind.resources);
  const [, , , , account = ''] = resource.split(':');
  const resourceAccount = account || random.one([ours, theirs]);
  const context = Object.fromEntries(
    known.flatMap((key) => {
      const about = keys[key];
      if (!about || !(certain.has(key) || random.chance(0.6))) return [];
      return [[key, about.type === 'list' ? [...new Set(random.some(about.has, 2))] : random.one(about.has)]];
    }),
  );
  return {
    request: {
      principal: session,
      role,
      userId: 'AROAEXAMPLEEXAMPLE12:check-acme',
      action: kind.action,
      resource,
      resourceAccount,
      context,
    },
    policies: policiesFor(random, kind, known, resourceAccount),
  };
}

function policiesFor(random: Random, kind: Kind, known: readonly string[], resourceAccount: string): CasePolicies {
  const document = (names: boolean, most = 3): Document => documentFor(random, kind, known, names, most);
  // Half of the cases have only one policy, which every engine can decide.
  const isAlone = kind.action.startsWith('s3:') && resourceAccount === ours && random.chance(0.8);
  if (isAlone) return { identity: [document(false, 4)] };
  return {
    identity: Array.from({ length: random.one([1, 1, 2]) }, () => document(false)),
    // A bucket may have no policy; a key and a role always have one.
    ...((!kind.action.startsWith('s3:') || random.chance(0.85)) && { resource: document(true) }),
    ...(random.chance(0.25) && { permissionsBoundary: document(false, 2) }),
    ...(random.chance(0.25) && { session: document(false, 2) }),
    ...(random.chance(0.25) && { serviceControl: [document(false, 2)] }),
    ...(random.chance(0.15) && { resourceControl: [denying(random, kind, known)] }),
    ...(random.chance(0.15) && { vpcEndpoint: everyones(document(false, 2)) }),
  };
}

function everyones({ Statement, ...rest }: Document): Document {
  return { ...rest, Statement: Statement.map((statement) => ({ ...statement, Principal: '*' })) };
}

function denying(random: Random, kind: Kind, known: readonly string[]): Document {
  const service = `${kind.action.split(':')[0]}:*`;
  const { Condition } = statementFor(random, kind, known, false);
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Principal: '*', Action: service, Resource: '*', ...(Condition !== undefined && { Condition }) },
    ],
  };
}

function documentFor(random: Random, kind: Kind, known: readonly string[], names: boolean, most: number): Document {
  const Statement = Array.from({ length: 1 + Math.floor(random.next() * most) }, () =>
    statementFor(random, kind, known, names),
  );
  const version = random.chance(0.9) ? '2012-10-17' : random.one(['2008-10-17', undefined]);
  return { ...(version && { Version: version }), Statement };
}

function statementFor(random: Random, kind: Kind, known: readonly string[], names: boolean): Statement {
  const isTrust = names && kind.action.startsWith('sts:');
  const Effect = random.chance(0.75) ? 'Allow' : 'Deny';
  const action = random.chance(0.92) ? 'Action' : 'NotAction';
  const resource = random.chance(0.88) ? 'Resource' : 'NotResource';
  const actions = isTrust ? kind.actions.filter((one) => one !== '*') : kind.actions;
  return {
    Effect,
    [action]: random.chance(0.6) ? random.one(actions.slice(0, 3)) : random.some(actions, 2),
    ...(!isTrust && { [resource]: random.chance(0.5) ? random.one(kind.patterns) : random.some(kind.patterns, 2) }),
    ...(names && principalFor(random, Effect)),
    ...(random.chance(0.65) && { Condition: conditionFor(random, known) }),
  };
}

function principalFor(random: Random, effect: string): Statement {
  const named = {
    AWS: random.one([
      role,
      session,
      ours,
      `arn:aws:iam::${ours}:root`,
      `arn:aws:iam::${theirs}:root`,
      '*',
      `arn:aws:iam::${ours}:role/other`,
    ]),
  };
  if (effect === 'Deny' && random.chance(0.1))
    return { NotPrincipal: { AWS: [role, session, `arn:aws:iam::${ours}:root`] } };
  return { Principal: random.chance(0.15) ? '*' : named };
}

function conditionFor(random: Random, known: readonly string[]): unknown {
  const condition: Record<string, Record<string, readonly string[] | string>> = {};
  for (const key of random.some(known, 2)) {
    const about = keys[key];
    if (!about) continue;
    const [operator, values] = comparisonOf(random, about);
    condition[operator] = { ...condition[operator], [random.chance(0.1) ? key.toUpperCase() : key]: values };
  }
  return condition;
}

function comparisonOf(random: Random, { type, asks }: { readonly type: Type; readonly asks: readonly string[] }) {
  if (random.chance(0.08)) return ['Null', random.one(['true', 'false'])] as const;
  const operator = random.one(operators[type]);
  const qualifier = type === 'list' ? random.one(['ForAllValues:', 'ForAnyValue:']) : '';
  const ifExists = random.chance(0.2) ? 'IfExists' : '';
  const values = random.chance(0.6) ? random.one(asks) : [...new Set(random.some(asks, 3))];
  return [`${qualifier}${operator}${ifExists}`, values] as const;
}
