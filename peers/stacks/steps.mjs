import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { reasonOf, run as runCommand } from '../clients/run-command.mjs';
import { environmentOf, region } from './aws.mjs';
import { deploy, remove, update, uploadAssets } from './deploy.mjs';
import { here } from './server.mjs';
import { customersTemplate, synthesize } from './templates.mjs';
import { worlds } from './worlds.mjs';

const serviceStack = 'SecureInboxConfigurationCheck';

/** Each step returns, or throws with what it saw instead. `needs` lists what earlier steps must have left in `it`. */
export const steps = [
  { name: "deploy Account A's template", run: deployService },
  { name: "deploy the customer's template", needs: ['outputs'], run: deployCustomer },
  { name: 'the check passes', needs: ['event'], run: passes },
  ...worlds.map(({ name, expect, event = (same) => same, breakIt }) => ({
    name: `the check says that ${name}`,
    needs: expect[1] === 'copy-to-inbox' ? ['isPassing'] : ['event'],
    async run(it) {
      const undo = await breakIt?.(it);
      try {
        await seen(it, event(it.event, it), expect);
      } finally {
        await undo?.();
      }
    },
  })),
  { name: 'onboard five customers, a stack each', needs: ['isPassing'], run: onboardFive },
  { name: 'the health check finds five passed and one broken entry', needs: ['onboarded'], run: firstHealthCheck },
  { name: 'the health check announces one changed status', needs: ['isChecked'], run: secondHealthCheck },
  { name: 'collect both accounts, and preflight passes on it', needs: ['isPassing'], run: collectBoth },
  { name: 'offboard a customer', needs: ['onboarded'], run: offboard },
  { name: 'the status of who was offboarded is deleted', needs: ['offboarded', 'isChecked'], run: isForgotten },
  { name: "update the customer's stack, and the check passes", needs: ['isPassing'], run: updateCustomer },
  { name: "update the service's stack, and the check passes", needs: ['isPassing'], run: updateService },
  { name: "delete the customer's stack: bucket and key stay", needs: ['event'], run: deleteCustomer },
  { name: "delete the service's stack: its bucket stays", needs: ['outputs'], run: deleteService },
];

async function deployService(it) {
  const { template, assets } = await synthesize(join(it.folder, 'cdk.out'), it.stack.changes);
  await uploadAssets(it.service, it.program, assets);
  it.outputs = await deploy(it.service, { name: serviceStack, template });
  it.role = it.outputs.DeliveryRoleArn.split('/').at(-1);
}

const customerStack = (it, { customer = 'acme', name = 'secure-inbox', ...parameters } = {}) => ({
  name,
  template: customersTemplate(it.stack.customersChanges),
  parameters: {
    CustomerName: customer,
    DeliveryRoleArn: it.outputs.DeliveryRoleArn,
    SenderInternalBucketName: it.outputs.InternalBucketName,
    ...parameters,
  },
});

async function deployCustomer(it) {
  const outputs = await deploy(it.customer, customerStack(it));
  it.event = JSON.parse(outputs.TestEvent);
}

async function passes(it) {
  await seen(it, it.event, ['passed']);
  it.isPassing = true;
}

/** Invokes the deployed check. */
async function check(it, event) {
  const Payload = JSON.stringify({ ...event, diagnosis: 'service-account' });
  const answer = await it.service.lambda.send(new InvokeCommand({ FunctionName: it.outputs.FunctionName, Payload }));
  const text = Buffer.from(answer.Payload).toString();
  if (answer.FunctionError) throw new Error(text);
  return JSON.parse(text);
}

/** @throws unless the report has the verdict and step, and the layer as its first diagnosis or a candidate of it */
async function seen(it, event, [verdict, step, layer]) {
  const report = await check(it, event);
  const [first] = report.diagnoses ?? [];
  const layers = [first?.denial?.layer, ...(first?.candidates ?? []).map((candidate) => candidate.layer)];
  const isRight =
    report.verdict === verdict &&
    (step === undefined || report.deniedStep === step) &&
    (layer === undefined || layers.includes(layer));
  if (isRight) return;
  const { error, reason } = report.steps.find((one) => one.step === report.deniedStep) ?? {};
  const found = [report.verdict, report.deniedStep, layers.filter(Boolean).join(' or ')].filter(Boolean).join(', ');
  throw new Error(`${found}${error ? `; ${error.code}: ${error.message}` : ''}${reason ? `; ${reason}` : ''}`);
}

/** Runs `secure-inbox` as the service, or as the customer for `--customer-profile`. @throws unless it exits with 0 */
async function command(it, ...args) {
  const profile = ({ credentials: { accessKeyId, secretAccessKey, sessionToken } }, name) =>
    [
      `[profile ${name}]`,
      `region = ${region}`,
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
      ...(sessionToken ? [`aws_session_token = ${sessionToken}`] : []),
      '',
    ].join('\n');
  const AWS_CONFIG_FILE = join(it.folder, 'config');
  writeFileSync(AWS_CONFIG_FILE, profile(it.service, 'service') + profile(it.customer, 'customer'));
  const env = { ...environmentOf(it.url, it.service.credentials), AWS_CONFIG_FILE };
  const program = here('../../bin/secure-inbox.mjs');
  const outcome = await runCommand(process.execPath, [program, ...args], { env, cwd: it.folder });
  if (outcome.status === 0) return outcome.stdout;
  throw new Error(`exit status ${outcome.status}: ${outcome.stdout.slice(0, 300)} ${reasonOf(outcome)}`);
}

const more = ['bolt', 'cove', 'dune', 'echo'];

async function onboardFive(it) {
  for (const customer of more) {
    const name = `secure-inbox-${customer}`;
    await deploy(
      it.customer,
      customerStack(it, { customer, name, BucketName: `${it.event.inbox.bucket}-${customer}` }),
    );
  }
  for (const customer of ['acme', ...more]) {
    const stack = customer === 'acme' ? 'secure-inbox' : `secure-inbox-${customer}`;
    const of = ['--customer', customer, '--account', it.customer.id, '--region', region];
    await command(it, 'onboard', ...of, '--from-stack', stack, '--customer-profile', 'customer', '--no-color');
  }
  await register(it, 'frog', '{"customer": "frog"');
  it.onboarded = true;
}

const register = (it, customer, Body) =>
  it.service.s3.send(
    new PutObjectCommand({ Bucket: it.outputs.RegistryBucketName, Key: `customers/${customer}.json`, Body }),
  );

async function healthCheck({ service, outputs }) {
  const machine = ['--state-machine-arn', outputs.StateMachineArn];
  const { executionArn } = await service.cli('stepfunctions', 'start-execution', ...machine, '--input', '{}');
  for (;;) {
    const of = ['--execution-arn', executionArn];
    const { status, cause, error } = await service.cli('stepfunctions', 'describe-execution', ...of);
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING') throw new Error(`${status}: ${error ?? ''} ${cause ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The attributes of a customer's status: `{status, previousStatus, inconclusiveInARow, …}`. */
async function statusOf({ service }, customer) {
  const Key = { registryKey: { S: `customers/${customer}.json` } };
  const request = { TableName: 'secure-inbox-customer-status', Key, ConsistentRead: true };
  const { Item = {} } = await service.dynamodb.send(new GetItemCommand(request));
  return Object.fromEntries(Object.entries(Item).map(([name, value]) => [name, Object.values(value)[0]]));
}

function same(found, expected) {
  const [a, b] = [found, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${a} instead of ${b}`);
}

const statuses = async (it) =>
  Promise.all(['acme', ...more].map(async (customer) => (await statusOf(it, customer)).status));

/** A queue that gets each change, as docs/deploy.md describes for subscribers. */
async function subscribe({ service, outputs: { StatusTopicArn } }) {
  const QueueArn = `arn:aws:sqs:${region}:${service.id}:subscriber`;
  const Condition = { ArnEquals: { 'aws:SourceArn': StatusTopicArn } };
  const sender = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...sender, Resource: QueueArn, Condition }] });
  const made = ['--queue-name', 'subscriber', '--attributes', JSON.stringify({ Policy })];
  const { QueueUrl } = await service.cli('sqs', 'create-queue', ...made);
  const subscription = ['--topic-arn', StatusTopicArn, '--protocol', 'sqs', '--notification-endpoint', QueueArn];
  await service.cli('sns', 'subscribe', ...subscription);
  return QueueUrl;
}

async function firstHealthCheck(it) {
  it.queueUrl = await subscribe(it);
  await healthCheck(it);
  same(await statuses(it), Array(5).fill('passed'));
  const { status, inconclusiveInARow } = await statusOf(it, 'frog');
  same({ status, inconclusiveInARow }, { status: 'new', inconclusiveInARow: '1' });
  it.isChecked = true;
}

/** The changes that subscribers received. The topic's other messages are alarms. */
async function announced({ service, queueUrl }) {
  const of = ['--queue-url', queueUrl, '--max-number-of-messages', '10', '--wait-time-seconds', '5'];
  const { Messages = [] } = await service.cli('sqs', 'receive-message', ...of);
  return Messages.map(({ Body }) => JSON.parse(JSON.parse(Body).Message)).filter(({ customer }) => customer);
}

async function secondHealthCheck(it) {
  const gone = { ...it.event, customer: 'dune' };
  await register(
    it,
    'dune',
    JSON.stringify({ ...gone, inbox: { ...gone.inbox, bucket: `${gone.inbox.bucket}-gone` } }),
  );
  await healthCheck(it);
  const expected = ['passed', 'passed', 'passed', 'misconfigured', 'passed'];
  same(await statuses(it), expected);
  await healthCheck(it);
  same(await statuses(it), expected);
  const told = (await announced(it)).map(({ customer, status, previousStatus }) => ({
    ...{ customer, status, previousStatus },
  }));
  same(told, [{ customer: 'dune', status: 'misconfigured', previousStatus: 'passed' }]);
}

async function collectBoth(it) {
  writeFileSync(join(it.folder, 'acme.json'), JSON.stringify(it.event));
  const profiles = ['--service-profile', 'service', '--customer-profile', 'customer'];
  await command(it, 'collect', '--event', 'acme.json', ...profiles, '--output', 'acme.yaml', '--force');
  const [report] = [JSON.parse(await command(it, 'preflight', '--scenario', 'acme.yaml', '--json'))].flat();
  same(report.verdict, 'passed');
}

async function offboard(it) {
  await command(it, 'offboard', '--customer', 'cove', '--yes');
  const Prefix = 'customers/cove.json';
  const request = { Bucket: it.outputs.RegistryBucketName, Prefix };
  const { DeleteMarkers = [] } = await it.service.s3.send(new ListObjectVersionsCommand(request));
  same(
    DeleteMarkers.map(({ IsLatest }) => IsLatest),
    [true],
  );
  it.offboarded = true;
}

/** The deletion's event starts an execution of the state machine. */
async function isForgotten(it) {
  for (let second = 0; second < 20; second += 1) {
    if ((await statusOf(it, 'cove')).status === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error('it is still there after 20 seconds');
}

async function updateCustomer(it) {
  const outputs = await update(it.customer, customerStack(it, { RetentionDays: '90' }));
  same(JSON.parse(outputs.TestEvent), it.event);
  await seen(it, it.event, ['passed']);
}

async function updateService(it) {
  const context = { customerAccounts: it.customer.id };
  const { template, assets } = await synthesize(join(it.folder, 'cdk.out-2'), it.stack.changes, context);
  await uploadAssets(it.service, it.program, assets);
  await update(it.service, { name: serviceStack, template });
  await seen(it, it.event, ['passed']);
}

async function deleteCustomer(it) {
  await remove(it.customer, 'secure-inbox');
  await it.customer.s3.send(new HeadBucketCommand({ Bucket: it.event.inbox.bucket }));
  const { KeyMetadata } = await it.customer.kms.send(new DescribeKeyCommand({ KeyId: it.event.inbox.kmsKeyArn }));
  same(KeyMetadata.KeyState, 'Enabled');
}

async function deleteService(it) {
  await remove(it.service, serviceStack);
  await it.service.s3.send(new HeadBucketCommand({ Bucket: it.outputs.InternalBucketName }));
}
