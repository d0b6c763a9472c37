import { GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Caller } from '../../../model/world/world.ts';
import { failureOf, servedWorld } from '../kms/served-world.ts';
import {
  allow,
  customerRoot,
  deliveryRoleArn,
  deny,
  editRole,
  idle,
  idleRoleArn,
  policy,
  region,
  serviceKeyArn,
  serviceRoot,
} from '../small-world.ts';

const served = servedWorld();
const assume = (more: Partial<AssumeRoleCommandInput> = {}, caller: Caller = idle) =>
  served
    .clientsOf(caller)
    .sts.send(new AssumeRoleCommand({ RoleArn: deliveryRoleArn, RoleSessionName: 'check-acme', ...more }));

async function sessionOf(more: Partial<AssumeRoleCommandInput> = {}): Promise<Caller> {
  const { Credentials } = await assume(more);
  const session = served.world.callers.get(Credentials?.AccessKeyId ?? '');
  if (!session) throw new Error('no session was opened');
  return session;
}

const denied = (caller: Caller, roleArn = deliveryRoleArn) => ({
  code: 'AccessDenied',
  status: 403,
  message: `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
});

/** The small world's trust policy trusts the account; this adds the identity policy. */
function letIdleAssume(): void {
  const mayAssume = { name: 'may-assume', document: policy(allow('sts:AssumeRole', deliveryRoleArn)) };
  editRole(served.world, idleRoleArn, { policies: [mayAssume] });
}

const trust = (more: object) =>
  policy(allow('sts:AssumeRole', [], { Principal: { AWS: idleRoleArn }, Resource: undefined, ...more }));

test('drops the oldest of very many sessions, but never the initial ones', async () => {
  letIdleAssume();
  const initial = [...served.world.callers.keys()];
  const oldest = await sessionOf();
  for (let i = 0; i < 2_000; i += 1) served.world.callers.set(`ASIA${i}`, { ...oldest, accessKeyId: `ASIA${i}` });
  const newest = await sessionOf();
  const kept = [...served.world.callers.keys()];
  expect(kept.length).toBeLessThan(2_000);
  expect(kept).toEqual(expect.arrayContaining([...initial, newest.accessKeyId]));
  expect(kept).not.toContain(oldest.accessKeyId);
});

describe('who may assume a role', () => {
  test('those whom its trust policy and, within its account, an identity policy allow', async () => {
    expect(await failureOf(assume())).toEqual(denied(idle));
    letIdleAssume();
    expect(await assume()).toMatchObject({
      AssumedRoleUser: { Arn: 'arn:aws:sts::111111111111:assumed-role/delivery/check-acme' },
    });
  });

  test('a role that the trust policy names', async () => {
    editRole(served.world, deliveryRoleArn, { trustPolicy: trust({}) });
    expect(await assume()).toHaveProperty('Credentials');
  });

  test('refuses a caller whose identity policy denies it', async () => {
    editRole(served.world, deliveryRoleArn, { trustPolicy: trust({}) });
    editRole(served.world, idleRoleArn, { policies: [{ name: 'no', document: policy(deny('sts:*', '*')) }] });
    expect(await failureOf(assume())).toEqual(denied(idle));
  });

  test('a role that does not exist gets the same message', async () => {
    letIdleAssume();
    const gone = 'arn:aws:iam::222222222222:role/gone';
    expect(await failureOf(assume({ RoleArn: gone }))).toEqual(denied(idle, gone));
  });

  test('no root user', async () => {
    for (const root of [serviceRoot, customerRoot]) {
      expect(await failureOf(assume({}, root))).toEqual({
        code: 'AccessDenied',
        status: 403,
        message: 'Roles may not be assumed by root accounts.',
      });
    }
  });

  test.each([
    { key: 'sts:ExternalId', right: { ExternalId: 'acme' }, wrong: { ExternalId: 'globex' } },
    { key: 'sts:ExternalId', right: { ExternalId: 'acme' }, wrong: {} },
    { key: 'sts:RoleSessionName', right: { RoleSessionName: 'acme' }, wrong: { RoleSessionName: 'globex' } },
  ])('who meets a condition on $key', async ({ key, right, wrong }) => {
    editRole(served.world, deliveryRoleArn, { trustPolicy: trust({ Condition: { StringEquals: { [key]: 'acme' } } }) });
    expect(await assume(right)).toHaveProperty('Credentials');
    expect(await failureOf(assume(wrong))).toEqual(denied(idle));
  });
});

describe('a session', () => {
  beforeEach(letIdleAssume);

  test('is a separate caller, valid for the requested duration', async () => {
    const before = Date.now();
    const { Credentials, AssumedRoleUser } = await assume({ DurationSeconds: 900 });
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const expiry = Credentials?.Expiration?.getTime() ?? 0;
    expect(expiry - before).toBeGreaterThan(898_000);
    expect(expiry - before).toBeLessThan(960_000);
    const roleId = served.world.roles.get(deliveryRoleArn)?.roleId;
    expect(AssumedRoleUser?.AssumedRoleId).toBe(`${roleId}:check-acme`);

    const session = served.world.callers.get(Credentials?.AccessKeyId ?? '');
    const { Arn } = await served.clientsOf(session ?? idle).sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:sts::111111111111:assumed-role/delivery/check-acme');
  });

  test('gets keys and a token that no other session has', async () => {
    const [one, two] = [await sessionOf(), await sessionOf()];
    expect(one.accessKeyId).not.toBe(two.accessKeyId);
    expect(one.sessionToken).not.toBe(two.sessionToken);
  });

  test('may only do what its session policy also allows', async () => {
    const narrow = JSON.stringify(policy(allow('kms:Decrypt', '*')));
    const dataKey = new GenerateDataKeyCommand({ KeyId: serviceKeyArn, KeySpec: 'AES_256' });
    expect(await served.clientsOf(await sessionOf()).kms.send(dataKey)).toHaveProperty('CiphertextBlob');
    const call = served.clientsOf(await sessionOf({ Policy: narrow })).kms.send(dataKey);
    expect(await failureOf(call)).toMatchObject({
      message: expect.stringContaining('because no session policy allows the kms:GenerateDataKey action'),
    });
  });

  test('of the delivery role gets the world’s session policy instead of the requested one', async () => {
    const override = policy(allow('s3:GetObject', '*'));
    Object.assign(served.world, { sessionPolicyOverride: override });
    expect(await sessionOf({ Policy: JSON.stringify(policy(allow('*', '*'))) })).toHaveProperty(
      'sessionPolicy',
      override,
    );
    Object.assign(served.world, { deliveryRoleArn: 'arn:aws:iam::111111111111:role/another' });
    const asked = policy(allow('s3:PutObject', '*'));
    expect(await sessionOf({ Policy: JSON.stringify(asked) })).toHaveProperty('sessionPolicy', asked);
  });

  test('returns the percentage of the allowed size that its policy takes', async () => {
    const Policy = JSON.stringify(policy(allow('kms:Decrypt', '*')));
    const { PackedPolicySize = 0 } = await assume({ Policy });
    expect(PackedPolicySize).toBe(Math.ceil((Policy.length * 100) / 2048));
    expect(await assume()).not.toHaveProperty('PackedPolicySize');
  });
});

describe('a request that STS rejects', () => {
  beforeEach(letIdleAssume);
  const long = JSON.stringify(policy(allow('s3:GetObject', `arn:aws:s3:::bucket/${'x'.repeat(2048)}`)));
  const validation = (rule: string) => ({
    code: 'ValidationError',
    status: 400,
    message: `1 validation error detected: ${rule}`,
  });

  test.each([
    {
      why: 'too long a policy',
      input: { Policy: long },
      failure: validation(
        `Value '${long}' at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048`,
      ),
    },
    {
      why: 'too short a session',
      input: { DurationSeconds: 899 },
      failure: validation(
        "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      ),
    },
    {
      why: 'more than an hour, from one role to another',
      input: { DurationSeconds: 3601 },
      failure: {
        code: 'ValidationError',
        status: 400,
        message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      },
    },
    {
      why: 'a policy that is no JSON',
      input: { Policy: '{' },
      failure: { code: 'MalformedPolicyDocumentException', status: 400, message: 'This policy contains invalid Json' },
    },
    {
      why: 'a policy with an unknown Effect',
      input: {
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Perhaps', Action: '*', Resource: '*' } }),
      },
      failure: { code: 'MalformedPolicyDocumentException', status: 400, message: 'Syntax errors in policy.' },
    },
  ])('$why', async ({ input, failure }) => {
    expect(await failureOf(assume(input))).toEqual(failure);
  });

  test('reports several violations at once', async () => {
    expect(await failureOf(assume({ RoleSessionName: 'x', DurationSeconds: 43201 }))).toMatchObject({
      message: expect.stringMatching(/^2 validation errors detected: .*roleSessionName.*; .*durationSeconds.*$/),
    });
  });

  test.each([
    { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] },
    { Tags: [{ Key: 'a', Value: '1' }] },
    { SourceIdentity: 'someone' },
  ])('%j is rejected by name', async (input) => {
    const [name = ''] = Object.keys(input);
    expect(await failureOf(assume(input))).toMatchObject({
      code: 'NotImplemented',
      status: 501,
      message: expect.stringContaining(`the parameter ${name} of AssumeRole`),
    });
  });
});

test('aws:RequestedRegion is the Region of the request', async () => {
  editRole(served.world, deliveryRoleArn, {
    trustPolicy: trust({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }),
  });
  const there = served.clientsOf(idle, 'eu-west-1').sts;
  const command = new AssumeRoleCommand({ RoleArn: deliveryRoleArn, RoleSessionName: 'there' });
  expect(await there.send(command)).toHaveProperty('Credentials');
  expect(await failureOf(served.clientsOf(idle, region).sts.send(command))).toEqual(denied(idle));
});
