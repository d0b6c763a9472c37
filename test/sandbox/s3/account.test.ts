import { GetBucketPolicyCommand, ListBucketsCommand, paginateListBuckets } from '@aws-sdk/client-s3';
import { AccountClients } from '../../../cli/collect/account-clients.ts';
import { authorize } from '../../../model/policies/authorize.ts';
import type { Caller, World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { failureOf } from '../kms/served-world.ts';
import {
  allow,
  customerAccount,
  customerRoot,
  delivery,
  deny,
  editBucket,
  europeanBucket,
  idle,
  inboxBucket,
  policy,
  serviceAccount,
  smallWorld,
} from '../small-world.ts';

let sandbox: Sandbox;
let world: World;
const open: AccountClients[] = [];
beforeAll(async () => {
  sandbox = await startSandbox({ world: smallWorld() });
});
beforeEach(() => serve(smallWorld()));
afterEach(() => {
  for (const clients of open.splice(0)) clients.destroy();
});
afterAll(() => sandbox.stop());

function serve(next: World): void {
  world = next;
  sandbox.use(world);
}

function as(credentials: Caller): AccountClients {
  const clients = new AccountClients({ endpoint: sandbox.url, pathStyle: true, credentials });
  open.push(clients);
  return clients;
}

const nothing = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const restricting = { ...nothing, RestrictPublicBuckets: true };

function withAccountBlock(publicAccessBlock: typeof nothing): World {
  const small = smallWorld();
  const account = small.accounts.get(customerAccount);
  if (!account) throw new Error('the small world has the account');
  return { ...small, accounts: new Map([...small.accounts, [customerAccount, { ...account, publicAccessBlock }]]) };
}

describe('ListBuckets', () => {
  test('returns the buckets of the account in every Region, page by page', async () => {
    const client = as(customerRoot).s3('us-east-1');
    const pages: (readonly [string | undefined, string | undefined])[][] = [];
    for await (const { Buckets = [] } of paginateListBuckets({ client, pageSize: 1 }, {})) {
      pages.push(Buckets.map(({ Name, BucketRegion }) => [Name, BucketRegion] as const));
    }
    expect(pages).toEqual([[[europeanBucket, 'eu-west-1']], [[inboxBucket, 'us-east-1']]]);
  });

  test('accepts a prefix', async () => {
    const { Buckets } = await as(customerRoot)
      .s3('us-east-1')
      .send(new ListBucketsCommand({ Prefix: 'inb' }));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([inboxBucket]);
  });

  test('returns owner, ARN and creation date, and the prefix', async () => {
    const { Buckets, Owner, Prefix } = await as(customerRoot)
      .s3('us-east-1')
      .send(new ListBucketsCommand({ Prefix: 'inbox' }));
    expect({ Buckets, Owner, Prefix }).toEqual({
      Buckets: [
        {
          Name: inboxBucket,
          BucketArn: `arn:aws:s3:::${inboxBucket}`,
          BucketRegion: 'us-east-1',
          CreationDate: expect.any(Date),
        },
      ],
      Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) },
      Prefix: 'inbox',
    });
  });

  test('of one Region, which must be one', async () => {
    const client = as(customerRoot).s3('us-east-1');
    const { Buckets } = await client.send(new ListBucketsCommand({ BucketRegion: 'eu-west-1' }));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([europeanBucket]);
    expect(await failureOf(client.send(new ListBucketsCommand({ BucketRegion: 'eu-east-1' })))).toMatchObject({
      code: 'InvalidArgument',
      status: 400,
    });
  });

  test('rejects a token that it did not return', async () => {
    const client = as(customerRoot).s3('us-east-1');
    const listed = client.send(new ListBucketsCommand({ ContinuationToken: 'bm90IG1pbmU=' }));
    expect(await failureOf(listed)).toMatchObject({ code: 'InvalidArgument', status: 400 });
  });

  test('needs s3:ListAllMyBuckets, and the denial names no resource', async () => {
    const client = as(idle).s3('us-east-1');
    expect(await failureOf(client.send(new ListBucketsCommand({})))).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: `User: ${idle.arn} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
    });
  });
});

describe('Block Public Access of the account', () => {
  const get = (caller: Caller, accountId: string): Promise<unknown> =>
    as(caller).accountPublicAccessBlock('us-east-1', accountId);

  test('exists, or does not', async () => {
    expect(await failureOf(get(customerRoot, customerAccount))).toMatchObject({
      code: 'NoSuchPublicAccessBlockConfiguration',
      status: 404,
    });
    serve(withAccountBlock(restricting));
    expect(await get(customerRoot, customerAccount)).toEqual(restricting);
  });

  test('is reported to the account itself, with the permission', async () => {
    expect(await failureOf(get(customerRoot, serviceAccount))).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect((await failureOf(get(idle, serviceAccount))).message).toContain('s3:GetAccountPublicAccessBlock');
  });

  test('restricts public buckets that do not do so themselves', async () => {
    const isRestricted = (of: World) => {
      const everybody = policy(allow('s3:PutObject', '*', { Principal: '*' }));
      editBucket(of, inboxBucket, { publicAccessBlock: nothing, policy: everybody });
      const question = {
        caller: delivery,
        action: 's3:PutObject',
        resource: `arn:aws:s3:::${inboxBucket}/key`,
        resourceAccountId: customerAccount,
        resourcePolicy: everybody,
        context: {},
      };
      return authorize(of, question).refusals.some(({ layer }) => layer === 'block-public-access');
    };
    expect(isRestricted(smallWorld())).toBe(false);
    expect(isRestricted(withAccountBlock(restricting))).toBe(true);
  });
});

test('a bucket policy that denies everyone everything can still be read by the owner’s root user', async () => {
  const nobody = policy(deny('s3:*', '*', { Principal: '*' }));
  editBucket(world, inboxBucket, { policy: nobody });
  const command = new GetBucketPolicyCommand({ Bucket: inboxBucket });
  const { Policy } = await as(customerRoot).s3('us-east-1').send(command);
  expect(JSON.parse(Policy ?? '')).toEqual(JSON.parse(JSON.stringify(nobody)));
  expect((await failureOf(as(delivery).s3('us-east-1').send(command))).code).toBe('AccessDenied');
});
