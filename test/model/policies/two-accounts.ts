import type { Question } from '../../../model/policies/decision.ts';
import type { Account, Bucket, Caller, Key, PolicyDocument, Role, World } from '../../../model/world/world.ts';

/** The smallest world that the evaluator can be used with: one role, one bucket and one key in each of two accounts. */

export const roleArn = 'arn:aws:iam::111111111111:role/delivery';
export const sessionArn = 'arn:aws:sts::111111111111:assumed-role/delivery/check-acme';
export const keyArn = (account: string) => `arn:aws:kms:us-east-1:${account}:key/${account}`;
export const a = '111111111111';
export const b = '222222222222';

export function allow(action: string, more: Record<string, unknown> = {}): PolicyDocument {
  return document({ Effect: 'Allow', Action: action, Resource: '*', ...more });
}
export function deny(action: string, more: Record<string, unknown> = {}): PolicyDocument {
  return document({ Sid: 'No', Effect: 'Deny', Action: action, Resource: '*', ...more });
}
export function document(...statements: Record<string, unknown>[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements as unknown as PolicyDocument['Statement'] };
}
export const toRole = { Principal: { AWS: roleArn } };
export const toAccount = { Principal: { AWS: `arn:aws:iam::${a}:root` } };

export interface Parts {
  readonly identity?: PolicyDocument;
  readonly boundary?: PolicyDocument;
  readonly session?: PolicyDocument;
  readonly scp?: PolicyDocument;
  readonly customerScp?: PolicyDocument;
  readonly rcp?: PolicyDocument;
  readonly vpce?: PolicyDocument;
  readonly resource?: PolicyDocument;
  readonly organizations?: readonly [string | undefined, string | undefined];
  readonly grants?: Key['grants'];
  readonly bucket?: Partial<Bucket>;
  readonly network?: Partial<World['network']>;
  readonly roleId?: string;
}

export function worldOf(parts: Parts): World {
  const [organizationA, organizationB] = parts.organizations ?? [undefined, undefined];
  const account = (id: string, organizationId: string | undefined, scp?: PolicyDocument, rcp?: PolicyDocument) =>
    ({
      id,
      ...(organizationId && { organizationId }),
      serviceControlPolicies: scp
        ? [
            {
              name: 'guard',
              arn: 'arn:aws:organizations::999999999999:policy/o-x/service_control_policy/p-guard',
              document: scp,
            },
          ]
        : [],
      resourceControlPolicies: rcp
        ? [
            {
              name: 'perimeter',
              arn: 'arn:aws:organizations::999999999999:policy/o-x/resource_control_policy/p-perimeter',
              document: rcp,
            },
          ]
        : [],
    }) satisfies Account;
  const role: Role = {
    arn: roleArn,
    accountId: a,
    name: 'delivery',
    roleId: parts.roleId ?? 'AROAEXAMPLEEXAMPLE01',
    trustPolicy: document(),
    policies: parts.identity ? [{ name: 'deliver', document: parts.identity }] : [],
    ...(parts.boundary && {
      permissionsBoundary: { name: 'limit', arn: 'arn:aws:iam::111111111111:policy/limit', document: parts.boundary },
    }),
  };
  const keyOf = (accountId: string): Key => ({
    arn: keyArn(accountId),
    keyId: accountId,
    accountId,
    region: 'us-east-1',
    policy: parts.resource ?? document(),
    state: 'Enabled',
    spec: 'SYMMETRIC_DEFAULT',
    multiRegion: false,
    grants: parts.grants ?? [],
    aliases: [],
  });
  const bucketOf = (accountId: string): Bucket => ({
    name: `bucket-${accountId}`,
    accountId,
    region: 'us-east-1',
    objectOwnership: 'BucketOwnerEnforced',
    defaultEncryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false },
    versioned: false,
    objects: new Map(),
    ...parts.bucket,
  });
  return {
    serviceAccountId: a,
    customerAccountId: b,
    accounts: new Map([
      [a, account(a, organizationA, parts.scp)],
      [b, account(b, organizationB, parts.customerScp, parts.rcp)],
    ]),
    roles: new Map([[roleArn, role]]),
    buckets: new Map([a, b].map((id) => [`bucket-${id}`, bucketOf(id)])),
    keys: new Map([a, b].map((id) => [keyArn(id), keyOf(id)])),
    callers: new Map(),
    network: {
      secureTransport: true,
      sourceIp: '203.0.113.10',
      ...(parts.vpce && { vpcEndpoint: { id: 'vpce-0a1b2c3d', vpcId: 'vpc-0a1b2c3d', policy: parts.vpce } }),
      ...parts.network,
    },
    trail: [],
    checkRoleArn: roleArn,
    deliveryRoleArn: roleArn,
    internalBucket: `bucket-${a}`,
    serviceKeyArn: keyArn(a),
    inboxBucket: `bucket-${b}`,
    inboxKeyArn: keyArn(b),
    functionEnvironment: {},
    defaultEvent: {
      customer: 'acme',
      inbox: { accountId: b, region: 'us-east-1', bucket: `bucket-${b}`, kmsKeyArn: keyArn(b) },
    },
    now: () => new Date('2026-11-22T00:00:00Z'),
  };
}

export function callerOf(parts: Parts): Caller {
  return {
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'example',
    accountId: a,
    arn: sessionArn,
    userId: `${parts.roleId ?? 'AROAEXAMPLEEXAMPLE01'}:check-acme`,
    roleArn,
    ...(parts.session && { sessionPolicy: parts.session }),
  };
}

export function put(owner: string, parts: Parts, context: Question['context'] = {}): Question {
  return {
    caller: callerOf(parts),
    action: 's3:PutObject',
    resource: `arn:aws:s3:::bucket-${owner}/reports/x.json`,
    resourceAccountId: owner,
    ...(parts.resource && { resourcePolicy: parts.resource }),
    context,
  };
}

export function generateDataKey(owner: string, parts: Parts, more: Partial<Question> = {}): Question {
  return {
    caller: callerOf(parts),
    action: 'kms:GenerateDataKey',
    resource: keyArn(owner),
    resourceAccountId: owner,
    resourcePolicy: parts.resource ?? document(),
    context: {},
    forwardedBy: { service: 's3', region: 'us-east-1' },
    ...more,
  };
}
