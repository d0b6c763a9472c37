import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { inboxTestObjectKey } from '../../core/object-keys.ts';
import { checkCaller } from '../../model/world/callers.ts';
import { requestedSessionPolicy } from '../../model/world/delivery-in.ts';
import type { Caller, World } from '../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { homeRegion } from '../here.ts';
import { everyOption } from './customer-checks.ts';
import { readersRole } from './customer-policies.ts';
import { another, colleague, owner, report, service, stranger, withEverybody } from './customer-requests.ts';
import { deployment, document, mustHave, reader, sessionOf, withInbox } from './worlds.ts';

/** Over HTTP, through the AWS SDK: what the shipped templates deny, and the one thing that they allow. */

let sandbox: Sandbox;
let world: World;
beforeAll(async () => {
  world = withCallers(withEverybody((await deployment(everyOption)).world));
  sandbox = await startSandbox({ world });
});
beforeEach(() => serve(world));
afterAll(() => sandbox.stop());

const region = homeRegion;

function serve(one: World): void {
  sandbox.use(one);
}

/** Gives each session in the test an access key. */
function withCallers(some: World): World {
  const sessions = [service(some), ...[colleague, stranger, reader].map(sessionOf)];
  return { ...some, callers: new Map([...some.callers, ...sessions.map((one) => [one.accessKeyId, one] as const)]) };
}

type Credentials = Pick<Caller, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;

function s3(credentials: Credentials = service(world)): S3Client {
  return new S3Client({ endpoint: sandbox.url, region, credentials, maxAttempts: 1 });
}

async function sessionOfRole(caller: Caller, RoleArn: string, policy?: object): Promise<Credentials> {
  const sts = new STSClient({ endpoint: sandbox.url, region, credentials: caller, maxAttempts: 1 });
  const narrowed = policy && { Policy: JSON.stringify(policy) };
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'check-test', ...narrowed }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = given ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

const delivery = (difference: Partial<PutObjectCommandInput> = {}) =>
  new PutObjectCommand({
    Bucket: world.inboxBucket,
    Key: report,
    Body: 'report',
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: world.inboxKeyArn,
    ExpectedBucketOwner: world.customerAccountId,
    ...difference,
  });

const refused = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };

it('a delivery arrives', async () => {
  await expect(s3().send(delivery())).resolves.toMatchObject({ SSEKMSKeyId: world.inboxKeyArn });
});

describe('a delivery is refused', () => {
  const secret = Buffer.alloc(32, 1);
  const unencrypted = { ServerSideEncryption: undefined, SSEKMSKeyId: undefined };
  const differences: readonly (readonly [string, () => Partial<PutObjectCommandInput>])[] = [
    ['to another prefix', () => ({ Key: 'elsewhere/report.pdf' })],
    ['under another key', () => ({ SSEKMSKeyId: another })],
    ["under the bucket's default key, unnamed", () => ({ SSEKMSKeyId: undefined })],
    ['without encryption', () => unencrypted],
    ['with SSE-S3', () => ({ ...unencrypted, ServerSideEncryption: 'AES256' })],
    ['with two layers of encryption', () => ({ ServerSideEncryption: 'aws:kms:dsse' })],
    [
      'with SSE-C',
      () => ({
        ...unencrypted,
        SSECustomerAlgorithm: 'AES256',
        SSECustomerKey: secret.toString('base64'),
        SSECustomerKeyMD5: createHash('md5').update(secret).digest('base64'),
      }),
    ],
    ['to the bucket of another owner than expected', () => ({ ExpectedBucketOwner: '333333333333' })],
  ];

  it.each(differences)('%s', async (_, difference) => {
    await expect(s3().send(delivery(difference()))).rejects.toMatchObject(refused);
  });

  it.each([
    ['a stranger', stranger],
    ['a colleague of the delivery role', colleague],
  ])('of %s', async (_, role) => {
    await expect(s3(sessionOf(role)).send(delivery())).rejects.toMatchObject(refused);
  });

  it("of another customer's session", async () => {
    const other = { ...world.defaultEvent.inbox, accountId: '444444444444', bucket: 'globex-inbox' };
    const theirs = requestedSessionPolicy(world, { customer: 'globex', inbox: other });
    const ours = requestedSessionPolicy(world, world.defaultEvent);
    const session = (policy: object) => sessionOfRole(checkCaller(world), world.deliveryRoleArn, policy);
    const Key = inboxTestObjectKey(world.defaultEvent.inbox.prefix ?? '');
    await expect(s3(await session(theirs)).send(delivery({ Key }))).rejects.toMatchObject(refused);
    await expect(s3(await session(ours)).send(delivery({ Key }))).resolves.toBeDefined();
  });

  it('over plain HTTP', async () => {
    serve({ ...world, network: { ...world.network, secureTransport: false } });
    await expect(s3().send(delivery())).rejects.toMatchObject(refused);
  });

  it("to a bucket of the inbox's name that someone else owns and has opened", async () => {
    const open = document([{ Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }]);
    serve(
      withInbox(world, ({ publicAccessBlock: _, ...bucket }) => ({
        ...bucket,
        accountId: '333333333333',
        policy: open,
      })),
    );
    await expect(s3().send(delivery())).rejects.toMatchObject(refused);
    await expect(s3().send(delivery({ ExpectedBucketOwner: undefined }))).resolves.toBeDefined();
  });
});

describe('what was delivered', () => {
  const there = () => ({ Bucket: world.inboxBucket, Key: report });
  beforeEach(() => s3().send(delivery()));

  it.each([
    ['read', () => new GetObjectCommand(there())],
    ['deleted', () => new DeleteObjectCommand(there())],
    ['listed', () => new HeadBucketCommand({ Bucket: world.inboxBucket })],
  ])('cannot be %s by the service', async (_, command) => {
    await expect(s3().send<never, never>(command() as never)).rejects.toMatchObject({ $metadata: refused.$metadata });
  });

  it("can be read with the readers' role, which can do nothing else", async () => {
    const roleArn = readersRole(world.roles)?.arn ?? '';
    const client = s3(await sessionOfRole(sessionOf(reader), roleArn));
    const { Body } = await client.send(new GetObjectCommand(there()));
    expect(await Body?.transformToString()).toBe('report');

    await s3(owner(world)).send(delivery({ Key: 'own.txt' }));
    for (const command of [
      new GetObjectCommand({ ...there(), Key: 'own.txt' }),
      new GetObjectCommand({ Bucket: world.internalBucket, Key: 'report.pdf' }),
      delivery(),
      new DeleteObjectCommand(there()),
      new HeadBucketCommand({ Bucket: world.inboxBucket }),
    ]) {
      await expect(client.send<never, never>(command as never)).rejects.toMatchObject({ $metadata: refused.$metadata });
    }
  });

  it("is kept from the service, which cannot assume the readers' role", async () => {
    const roleArn = readersRole(world.roles)?.arn ?? '';
    await expect(sessionOfRole(service(world), roleArn)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('still exists for its owner, whatever was tried', async () => {
    const { Body } = await s3(owner(world)).send(new GetObjectCommand(there()));
    expect(await Body?.transformToString()).toBe('report');
    expect(mustHave(world.buckets, world.inboxBucket).objects.has(report)).toBe(true);
  });
});
