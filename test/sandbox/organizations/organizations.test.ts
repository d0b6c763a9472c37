import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
  paginateListPoliciesForTarget,
} from '@aws-sdk/client-organizations';
import type { Account, Caller, World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { failureOf } from '../kms/served-world.ts';
import {
  customerAccount,
  customerRoot,
  deny,
  idle,
  policy,
  serviceAccount,
  serviceRoot,
  smallWorld,
} from '../small-world.ts';

const perimeter = policy(deny('s3:*', '*', { Sid: 'Perimeter', Condition: { Null: { 's3:authType': 'true' } } }));
const arn = (type: string, id: string) => `arn:aws:organizations::999999999999:policy/o-service/${type}/${id}`;

let sandbox: Sandbox;
let world: World;
const clients: OrganizationsClient[] = [];
beforeAll(async () => {
  sandbox = await startSandbox({ world: smallWorld() });
});
beforeEach(() => {
  world = withAccount({
    serviceControlPolicies: ['p-00000001', 'p-00000002'].map((id) => ({
      name: `scp ${id}`,
      arn: arn('service_control_policy', id),
      document: perimeter,
    })),
    resourceControlPolicies: [
      {
        name: 'rcp',
        arn: arn('resource_control_policy', 'p-00000003'),
        document: policy(deny('s3:PutObjectAcl', '*', { Principal: '*' })),
      },
    ],
  });
  sandbox.use(world);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(() => sandbox.stop());

function withAccount(changes: Partial<Account>): World {
  const small = smallWorld();
  const account = small.accounts.get(serviceAccount);
  if (!account) throw new Error('the small world has the account');
  return { ...small, accounts: new Map([...small.accounts, [serviceAccount, { ...account, ...changes }]]) };
}

function as({ accessKeyId, secretAccessKey, sessionToken }: Caller): OrganizationsClient {
  const client = new OrganizationsClient({
    endpoint: sandbox.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    maxAttempts: 1,
  });
  clients.push(client);
  return client;
}

test('an account is in its organization, directly under the root', async () => {
  const { Organization } = await as(serviceRoot).send(new DescribeOrganizationCommand({}));
  expect(Organization).toMatchObject({ Id: 'o-service', MasterAccountId: '999999999999' });
  const { Parents } = await as(serviceRoot).send(new ListParentsCommand({ ChildId: serviceAccount }));
  expect(Parents).toEqual([{ Id: 'r-service', Type: 'ROOT' }]);
});

test('policies of an account are listed by type, after the one that allows everything, page by page', async () => {
  const ids: (string | undefined)[][] = [];
  const input = { TargetId: serviceAccount, Filter: 'SERVICE_CONTROL_POLICY' } as const;
  for await (const page of paginateListPoliciesForTarget({ client: as(serviceRoot), pageSize: 2 }, input)) {
    ids.push((page.Policies ?? []).map(({ Id }) => Id));
  }
  expect(ids).toEqual([['p-FullAWSAccess', 'p-00000001'], ['p-00000002']]);
  const command = new ListPoliciesForTargetCommand({ TargetId: serviceAccount, Filter: 'RESOURCE_CONTROL_POLICY' });
  const { Policies = [] } = await as(serviceRoot).send(command);
  expect(Policies).toMatchObject([
    { Id: 'p-RCPFullAWSAccess', AwsManaged: true },
    { Id: 'p-00000003', AwsManaged: false, Type: 'RESOURCE_CONTROL_POLICY' },
  ]);
});

test('the root has only the one that allows everything', async () => {
  const command = new ListPoliciesForTargetCommand({ TargetId: 'r-service', Filter: 'SERVICE_CONTROL_POLICY' });
  const { Policies = [] } = await as(serviceRoot).send(command);
  expect(Policies.map(({ Id }) => Id)).toEqual(['p-FullAWSAccess']);
});

test('DescribePolicy returns the document, including AWS’s own', async () => {
  const contentOf = async (PolicyId: string) =>
    JSON.parse((await as(serviceRoot).send(new DescribePolicyCommand({ PolicyId }))).Policy?.Content ?? '');
  expect(await contentOf('p-00000002')).toEqual(JSON.parse(JSON.stringify(perimeter)));
  expect(await contentOf('p-RCPFullAWSAccess')).toMatchObject({ Statement: [{ Effect: 'Allow', Principal: '*' }] });
});

test.each([
  ['another account', new ListParentsCommand({ ChildId: customerAccount }), 'ChildNotFoundException'],
  [
    'another account’s policies',
    new ListPoliciesForTargetCommand({ TargetId: customerAccount, Filter: 'SERVICE_CONTROL_POLICY' }),
    'TargetNotFoundException',
  ],
  ['a policy that is not attached', new DescribePolicyCommand({ PolicyId: 'p-99999999' }), 'PolicyNotFoundException'],
])('%s is not found', async (_, command, code) => {
  expect(await failureOf(as(serviceRoot).send(command as DescribePolicyCommand))).toMatchObject({ code, status: 400 });
});

test('another account does not see these policies', async () => {
  const failure = await failureOf(as(customerRoot).send(new DescribePolicyCommand({ PolicyId: 'p-00000001' })));
  expect(failure.code).toBe('PolicyNotFoundException');
});

test('a role needs the permission', async () => {
  const failure = await failureOf(as(idle).send(new ListParentsCommand({ ChildId: serviceAccount })));
  expect(failure).toMatchObject({ code: 'AccessDeniedException', status: 400 });
  expect(failure.message).toMatch(
    /organizations:ListParents on resource: arn:aws:organizations::.* because no identity/,
  );
});

test('an account without an organization gets that error', async () => {
  const { organizationId: _, ...alone } = world.accounts.get(serviceAccount) ?? { id: serviceAccount };
  sandbox.use({ ...world, accounts: new Map([...world.accounts, [serviceAccount, alone as Account]]) });
  const failure = await failureOf(as(serviceRoot).send(new DescribeOrganizationCommand({})));
  expect(failure.code).toBe('AWSOrganizationsNotInUseException');
});
