import { masked } from '../../masked.ts';
import { acme, type ServedAccounts, servedAccounts } from './served-accounts.ts';

const accounts: ServedAccounts = servedAccounts();
const templateUrl = 'https://templates.s3.us-east-1.amazonaws.com/secure-inbox.yaml';
const deliveryRoleArn = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
const serviceKeyArn = 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001';
const globex = ['--customer', 'globex', '--account', '333333333333', '--region', 'eu-west-1'] as const;

const serviceStack = () => accounts.world.stacks?.find(({ accountId }) => accountId === '111111111111');

async function linked(...args: readonly string[]) {
  const { status, stdout, stderr } = await accounts.run(['onboard', ...args, '--template-url', templateUrl, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { link, ...told } = JSON.parse(stdout) as { link: string; parameters: object; nextCommand: string };
  const { origin, pathname, search, hash } = new URL(link);
  return { ...told, console: `${origin}${pathname}${search}`, hash };
}

test("the link contains the template's URL, the stack's name and every parameter that the service knows", async () => {
  const { console, hash, parameters } = await linked(...acme, '--prefix', 'reports/', '--stack-name', 'Inbox');
  const [page, query] = hash.split('?');
  expect(console).toBe('https://us-east-1.console.aws.amazon.com/cloudformation/home?region=us-east-1');
  expect(page).toBe('#/stacks/create/review');
  expect(parameters).toEqual({
    CustomerName: 'acme',
    DeliveryRoleArn: deliveryRoleArn,
    SenderInternalBucketName: 'secure-inbox-internal-111111111111-us-east-1',
    Prefix: 'reports/',
  });
  const parametersInLink = Object.entries(parameters).map(([name, value]) => [`param_${name}`, value]);
  expect([...new URLSearchParams(query)]).toEqual([
    ['templateURL', templateUrl],
    ['stackName', 'Inbox'],
    ...parametersInLink,
  ]);
});

test("in another Region than the service's, reports are staged with the service's own key", async () => {
  const { console, parameters } = await linked(...globex, '--parameter', 'RetentionDays=90');
  expect(console).toBe('https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1');
  expect(parameters).toMatchObject({ SenderKeyArn: serviceKeyArn, RetentionDays: '90' });
});

test('every role that delivers is allowed', async () => {
  const further = `${deliveryRoleArn}-next,${deliveryRoleArn}-old`;
  Object.assign(serviceStack()?.outputs ?? {}, { FurtherDeliveryRoleArns: further });
  const { parameters } = await linked(...acme);
  expect(parameters).toMatchObject({ DeliveryRoleArn: deliveryRoleArn, MoreDeliveryRoleArns: further });
});

test('a customer whose stack may request a check gets its topic, if the stack can reach it', async () => {
  const topicArn = (account: string) => `arn:aws:sns:us-east-1:111111111111:secure-inbox-check-${account}`;
  const topics = ['222222222222', '333333333333'].map((account) => [`CheckTopicArnOf${account}`, topicArn(account)]);
  Object.assign(serviceStack()?.outputs ?? {}, Object.fromEntries(topics));
  const { parameters } = await linked(...acme, '--parameter', 'FailOnDenied=yes');
  expect(parameters).toMatchObject({ CheckTopicArn: topicArn('222222222222'), FailOnDenied: 'yes' });
  expect((await linked(...globex)).parameters).not.toHaveProperty('CheckTopicArn');
  const without = await linked(...acme, '--parameter', 'CheckTopicArn=');
  expect(without.parameters).toMatchObject({ CheckTopicArn: '' });
});

test('with all values as options, needs no credentials and makes no AWS calls', async () => {
  accounts.sandbox.use(accounts.world);
  const values = ['--delivery-role-arn', deliveryRoleArn, '--internal-bucket', 'internal'];
  const { parameters } = await linked(...globex, ...values, '--service-key-arn', serviceKeyArn);
  expect(parameters).toMatchObject({ SenderInternalBucketName: 'internal', SenderKeyArn: serviceKeyArn });
  const { stdout } = await accounts.run(['onboard', ...acme, ...values]);
  expect(masked(stdout)).toMatchSnapshot();
  expect(accounts.sandbox.calls).toEqual([]);
});

test("without the template's URL there is a command instead, and where to upload the template", async () => {
  const { stdout, status } = await accounts.run([
    'onboard',
    ...acme,
    '--parameter',
    'ReaderArns=arn:aws:iam::222222222222:role/a,arn:aws:iam::222222222222:user/b',
  ]);
  expect(status).toBe(0);
  expect(masked(stdout)).toMatchSnapshot();
  expect(stdout.replace(/ \\\n\s+/g, ' ')).toContain(
    'aws cloudformation deploy --template-file secure-inbox.yaml --stack-name secure-inbox --region us-east-1 --capabilities CAPABILITY_IAM --parameter-overrides CustomerName=acme',
  );
});

test.each([
  [['--prefix', '/reports'], /^--prefix: is "\/reports"\. Allowed: folder names that each end in a slash/],
  [['--prefix', 'my reports/'], /^--prefix: the value "my reports\/" does not match the pattern/],
  [['--account', '2222'], /^--account: is "2222"\. Allowed: the 12 digits/],
  [['--region', 'Ireland'], /^--region: is "Ireland"\. Allowed: the code of an AWS Region/],
  [
    ['--template-url', 'https://example.com/a.yaml'],
    /^--template-url: .* Allowed: the https:\/\/ address of an object in S3/,
  ],
  [['--template-url', 'http://b.s3.amazonaws.com/a.yaml'], /^--template-url: /],
  [['--parameter', 'RetentionDays'], /^--parameter: is "RetentionDays"\. Allowed: NAME=VALUE/],
  [
    ['--parameter', 'RetentionDays=ever'],
    /^--parameter RetentionDays: the value "ever" .*a number of days up to 99999/,
  ],
  [['--parameter', 'Retention=9'], /no parameter is named "Retention"; this template's parameters: CustomerName/],
  [['--parameter', 'Prefix=a/'], /^--parameter Prefix: is given with --prefix\. Use that instead\./],
  [['--parameter', 'RetentionDays=1', 'RetentionDays=2'], /^--parameter RetentionDays: is given twice\./],
  [['--parameter', 'BucketOrigin=existing'], /^--parameter: .*BucketName must name the existing bucket/],
  [['--service-stack', 'Elsewhere'], /^--service-stack: account 111111111111 has no stack Elsewhere in us-east-1/],
  [['--replace', '--wait'], /^--replace, --wait: only for a stack that is there\./],
  [['--outputs', 'a', '--from-stack', 'b'], /^--outputs, --from-stack: are two ways to say the same\./],
  [['--outputs', 'a', '--no-check', '--wait'], /^--wait, --no-check: /],
  [['--outputs', 'a', '--wait', '5'], /^--wait: "5" .*from 30s to 1h/],
  [['--outputs', 'a', '--sandbox', '--local'], /^--local, --sandbox: /],
])('%j is refused, with what is allowed', async (args, says) => {
  const { status, stdout, stderr } = await accounts.run(['onboard', ...acme, ...args]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.replaceAll('\n', ' ')).toMatch(says);
});
