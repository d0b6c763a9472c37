import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Caller } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { failureOf } from '../kms/served-world.ts';
import { customerAccount, customerRoot, idle, serviceAccount, serviceRoot, smallWorld } from '../small-world.ts';

const inAccount = (accountId: string, region: string) => ({ name: 'Inbox', accountId, region, outputs: { A: 'a<b' } });
let sandbox: Sandbox;

beforeAll(async () => {
  const stacks = [
    inAccount(customerAccount, 'us-east-1'),
    { ...inAccount(customerAccount, 'us-east-1'), name: 'Other' },
    inAccount(customerAccount, 'eu-west-1'),
  ];
  sandbox = await startSandbox({ world: smallWorld({ stacks }) });
});
afterAll(() => sandbox.stop());

async function describeAs(credentials: Caller, StackName?: string, region = 'us-east-1') {
  const client = new CloudFormationClient({ endpoint: sandbox.url, region, credentials, maxAttempts: 1 });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand(StackName === undefined ? {} : { StackName }));
  return Stacks;
}

test('finds a stack by its name and by its ID, with its outputs', async () => {
  const [stack] = await describeAs(customerRoot, 'Inbox');
  expect(stack).toMatchObject({
    StackName: 'Inbox',
    StackId: expect.stringMatching(
      /^arn:aws:cloudformation:us-east-1:222222222222:stack\/Inbox\/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    ),
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{ OutputKey: 'A', OutputValue: 'a<b' }],
  });
  expect(await describeAs(customerRoot, stack?.StackId)).toEqual([stack]);
  const [elsewhere] = await describeAs(customerRoot, 'Inbox', 'eu-west-1');
  expect(elsewhere?.StackId).toContain(':eu-west-1:');
});

test("without a name, returns all stacks in the caller's account and Region", async () => {
  expect((await describeAs(customerRoot)).map(({ StackName }) => StackName)).toEqual(['Inbox', 'Other']);
  expect(await describeAs(serviceRoot)).toEqual([]);
});

test("another account's stack does not exist", async () => {
  expect(await failureOf(describeAs(serviceRoot, 'Inbox'))).toEqual({
    code: 'ValidationError',
    status: 400,
    message: 'Stack with id Inbox does not exist',
  });
});

test('without a name it needs cloudformation:ListStacks, and the denial names every stack in the Region', async () => {
  expect((await failureOf(describeAs(idle))).message).toContain(
    `is not authorized to perform: cloudformation:ListStacks on resource: arn:aws:cloudformation:us-east-1:${serviceAccount}:stack/*/* because`,
  );
});

test('it needs cloudformation:DescribeStacks', async () => {
  const { code, status, message } = await failureOf(describeAs(idle, 'Inbox'));
  expect({ code, status }).toEqual({ code: 'AccessDenied', status: 403 });
  expect(message).toContain(
    `is not authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:us-east-1:${serviceAccount}:stack/Inbox/*`,
  );
});
