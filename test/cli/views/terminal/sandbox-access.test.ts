import { execFileSync } from 'node:child_process';
import { accessTo, renderAccess } from '../../../../cli/views/terminal/sandbox-access.ts';
import { callersOf } from '../../../../model/world/callers.ts';
import type { Role, World } from '../../../../model/world/world.ts';

const checkRole = {
  arn: 'arn:aws:iam::111111111111:role/customer_configuration_check',
  accountId: '111111111111',
  name: 'customer_configuration_check',
  roleId: 'AROACHECK',
} as Role;
const keyArn = 'arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-4000-8000-000000000002';
const world = {
  serviceAccountId: '111111111111',
  customerAccountId: '222222222222',
  callers: callersOf(['111111111111', '222222222222'], checkRole),
  checkRoleArn: checkRole.arn,
  deliveryRoleArn: 'arn:aws:iam::111111111111:role/secure-inbox-delivery',
  internalBucket: 'internal',
  inboxBucket: 'inbox',
  inboxKeyArn: keyArn,
  defaultEvent: {
    customer: 'acme',
    inbox: { accountId: '222222222222', region: 'eu-west-1', bucket: 'inbox', kmsKeyArn: keyArn, prefix: 'reports/' },
  },
} as World;
const access = accessTo({ world, url: 'http://127.0.0.1:4566', scenario: 'A world', region: 'us-east-1' });

test('every principal comes with a name and keys', () => {
  expect(access.principals.map(({ name, environment }) => [name, Object.keys(environment).length])).toEqual([
    ["the check's role", 3],
    ['an administrator of Account A, the service', 2],
    ['an administrator of Account B, the customer', 2],
  ]);
});

test('the session in the example has the name that the delivery role requires of the check', () => {
  const assume = access.examples.find(({ command }) => command.includes('assume-role'))?.command;
  expect(assume).toMatch(/--role-session-name check-/);
});

test('examples go to the Region of the inbox and to its prefix', () => {
  const copy = access.examples.find(({ command }) => command.includes('copy-object'))?.command;
  expect(copy).toContain('--key reports/configuration-check/hello.txt');
  expect(copy).toMatch(/ --region eu-west-1$/);
});

test('examples show a denial, invoke the check with the event, and reach S3 Control through the sandbox as a proxy', () => {
  const commands = access.examples.map(({ command }) => command);
  expect(commands).toContain('aws s3api list-objects-v2 --bucket internal');
  const invoke = commands.find((command) => command.includes('lambda invoke')) ?? '';
  const [echo = ''] = invoke.split(' > ');
  expect(JSON.parse(execFileSync('sh', ['-c', echo], { encoding: 'utf8' }))).toEqual(world.defaultEvent);
  expect(invoke).toContain('--function-name customer_configuration_check ');
  expect(commands).toContainEqual(expect.stringMatching(/^HTTP_PROXY=http:\/\/127\.0\.0\.1:4566 aws s3control /));
  // A client from before 2023 does not know it.
  expect(commands.join()).not.toContain('--dry-run');
});

test('the output can be pasted into a shell, and the last principal applies', () => {
  const [exports = ''] = renderAccess(access).split('# who am I?');
  const shown = execFileSync(
    'sh',
    ['-c', `${exports}\necho "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID [$AWS_SESSION_TOKEN]"`],
    {
      encoding: 'utf8',
      env: {},
    },
  );
  expect(shown).toBe('http://127.0.0.1:4566 AKIAROOT222222222222 []\n');
});
