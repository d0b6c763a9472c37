import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Caller, World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { failureOf } from '../kms/served-world.ts';
import { customerRoot, idle, idleRoleArn, policy, serviceRoot, smallWorld } from '../small-world.ts';

let sandbox: Sandbox;
const world: World = { ...smallWorld(), functionEnvironment: { INTERNAL_BUCKET: 'internal' } };
beforeAll(async () => {
  sandbox = await startSandbox({ world });
});
afterEach(() => sandbox.use(world));
afterAll(() => sandbox.stop());

async function configuration(caller: Caller, FunctionName = 'idle', region = 'us-east-1') {
  const { accessKeyId, secretAccessKey, sessionToken } = caller;
  const client = new LambdaClient({
    endpoint: sandbox.url,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    maxAttempts: 1,
  });
  const answer = client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return answer.finally(() => client.destroy());
}

test('returns the role and the environment of the check, by name or ARN', async () => {
  const expected = { Role: idleRoleArn, Environment: { Variables: { INTERNAL_BUCKET: 'internal' } } };
  expect(await configuration(serviceRoot)).toMatchObject(expected);
  expect(await configuration(serviceRoot, 'arn:aws:lambda:us-east-1:111111111111:function:idle')).toMatchObject(
    expected,
  );
  expect((await configuration(serviceRoot)).VpcConfig).toBeUndefined();
});

test('is in a VPC if requests come through an endpoint', async () => {
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } as const;
  const vpcEndpoint = { id: 'vpce-1', vpcId: 'vpc-1', policy: policy(everything) };
  sandbox.use({ ...world, network: { secureTransport: true, vpcEndpoint } });
  expect((await configuration(serviceRoot)).VpcConfig).toMatchObject({ VpcId: 'vpc-1' });
});

test.each([
  ['another name', () => configuration(serviceRoot, 'other')],
  ['another Region', () => configuration(serviceRoot, 'idle', 'eu-west-1')],
  ['another account', () => configuration(customerRoot)],
])('does not exist as %s', async (_, ask) => {
  expect(await failureOf(ask())).toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
});

test('a role needs the permission, and wrong credentials are rejected as in Lambda', async () => {
  expect(await failureOf(configuration(idle))).toMatchObject({
    code: 'AccessDeniedException',
    status: 403,
    message: expect.stringContaining('lambda:GetFunctionConfiguration'),
  });
  expect(await failureOf(configuration({ ...idle, accessKeyId: 'AKIANOBODY' }))).toMatchObject({
    code: 'UnrecognizedClientException',
    status: 403,
  });
});
