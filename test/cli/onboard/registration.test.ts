import { givenOutputs } from '../../../cli/onboard/given-outputs.ts';
import { type Customer, registrationOf } from '../../../cli/onboard/registration.ts';
import { InputError } from '../../../model/text/input-error.ts';

const inbox = {
  accountId: '222222222222',
  region: 'us-east-1',
  bucket: 'secure-inbox-222222222222-us-east-1',
  kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002',
  prefix: 'reports/',
};
const event = { customer: 'acme', inbox };
const outputs = { TemplateVersion: '4', InboxBucketName: inbox.bucket, TestEvent: JSON.stringify(event) };
const listed = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({
  OutputKey,
  OutputValue,
  Description: 'words',
}));

const wanted: Customer = { customer: 'acme', account: '222222222222', region: 'us-east-1' };
const service = {
  region: 'us-east-1',
  deliveryRoleArn: 'arn:aws:iam::111111111111:role/secure-inbox-delivery',
  internalBucket: 'secure-inbox-internal-111111111111-us-east-1',
  serviceKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001',
};

/** A customer's outputs, only as far as needed. */
async function read(value: unknown, of: Customer = wanted) {
  try {
    return await registrationOf(givenOutputs({ file: 'acme.json', value }), of, service, '4');
  } catch (error) {
    if (error instanceof InputError) return { valid: false as const, problems: [error.message] };
    throw error;
  }
}

const withEvent = (changes: object) => ({ ...outputs, TestEvent: JSON.stringify({ ...event, ...changes }) });
const withInbox = (changes: object) => withEvent({ inbox: { ...inbox, ...changes } });

test.each<[string, unknown]>([
  ['the answer of describe-stacks', { Stacks: [{ StackStatus: 'CREATE_COMPLETE', Outputs: listed }] }],
  ['one stack', { StackName: 'secure-inbox', StackStatus: 'UPDATE_COMPLETE', Outputs: listed }],
  ['its outputs', listed],
  ['a map of outputs', outputs],
  ['the test event', event],
  ['the test event as the AWS CLI quotes it', outputs.TestEvent],
  ['a test event that names what the service has', withEvent({ deliveryRoleArn: service.deliveryRoleArn })],
])('a customer may send %s', async (_, value) => {
  expect(await read(value)).toMatchObject({ valid: true, event, notes: [] });
});

test.each([true, false])(
  "an inbox in the service's account: %s, as the service is deployed",
  async (inboxesInThisAccount) => {
    const account = '111111111111';
    const given = givenOutputs({
      file: 'acme.json',
      value: withInbox({ accountId: account, kmsKeyArn: inbox.kmsKeyArn.replace(inbox.accountId, account) }),
    });
    const deployed = { ...service, inboxesInThisAccount };
    const registration = await registrationOf(given, { ...wanted, account }, deployed, outputs.TemplateVersion);
    expect(registration).toMatchObject({ valid: inboxesInThisAccount });
  },
);

test.each<[string, unknown, RegExp]>([
  ['an object with other names', { a: 1 }, /holds an object with a\. Allowed: the answer of aws cloudformation/],
  ['an empty list', [], /holds an empty list\. Allowed: /],
  ['a list of something else', [{ a: 1 }], /holds a list of something else than outputs\. Allowed: /],
  ['a number', 7, /holds 7\. Allowed: /],
  ['two stacks', { Stacks: [{}, {}] }, /holds 2 stacks, where it is not said which one is meant/],
  ['outputs without a test event', { A: 'b' }, /has no output TestEvent; its outputs: A\. Allowed: those of a stack/],
  ['a cut test event', { TestEvent: '{"customer":"ac' }, /the output TestEvent: is not JSON: .*ask for it again/],
  [
    'a stack that is not ready',
    { Stacks: [{ StackStatus: 'CREATE_IN_PROGRESS', Outputs: listed }] },
    /the stack is CREATE_IN_PROGRESS\. Allowed: CREATE_COMPLETE, .* Wait until it is done/,
  ],
  [
    'a stack that failed',
    { Stacks: [{ StackStatus: 'ROLLBACK_COMPLETE', Outputs: [] }] },
    /the stack is ROLLBACK_COMPLETE\..*describe-stack-events/,
  ],
  [
    'another customer',
    withEvent({ customer: 'globex' }),
    /customer: is "globex"\. Allowed: "acme", as --customer says/,
  ],
  [
    'another account',
    withInbox({ accountId: '333333333333' }),
    /inbox\.accountId: is "333333333333"\. Allowed: "222222222222", as --account says/,
  ],
  [
    'another Region',
    withInbox({ region: 'eu-west-1', kmsKeyArn: inbox.kmsKeyArn.replace('us-east-1', 'eu-west-1') }),
    /inbox\.region: is "eu-west-1"\. Allowed: "us-east-1", as --region says/,
  ],
  ['an unknown field', withEvent({ inboxes: [] }), /inboxes: .*Allowed: /],
  [
    "another role than the service's",
    withEvent({ deliveryRoleArn: 'arn:aws:iam::111111111111:role/administrator' }),
    /deliveryRoleArn: is ".*administrator"\. Allowed: ".*secure-inbox-delivery", or no such field, which is the service's own/,
  ],
  [
    "another internal bucket than the service's",
    withEvent({ internal: { bucket: 'theirs' } }),
    /internal\.bucket: is "theirs"\. Allowed: "secure-inbox-internal-111111111111-us-east-1", or no such field/,
  ],
  [
    "a key for what waits that is neither the customer's nor the service's",
    withEvent({ internal: { kmsKeyArn: inbox.kmsKeyArn.replace('222222222222', '444444444444') } }),
    /internal\.kmsKeyArn: .*444444444444.* Allowed: .*111111111111/,
  ],
  [
    'outputs of a later template',
    { ...outputs, TemplateVersion: '5' },
    /TemplateVersion: is "5"\. Allowed: 1 to 4, which is the version of cloudformation\/secure-inbox\.yaml here/,
  ],
  [
    'outputs of no version',
    { ...outputs, TemplateVersion: 'latest' },
    /TemplateVersion: is "latest"\. Allowed: 1 to 4/,
  ],
])('a customer may not send %s', async (_, value, says) => {
  const registration = await read(value);
  const problems = registration.valid ? [] : registration.problems;
  expect(problems.join('\n')).toMatch(says);
  for (const problem of problems) expect(problem).toMatch(/^acme\.json: /);
});

test('reports all problems at once, each field once', async () => {
  const registration = await read(
    { customer: 'globex', inbox: { ...inbox, accountId: 222 } },
    { ...wanted, prefix: 'in/' },
  );
  const problems = registration.valid ? [] : registration.problems;
  expect(problems.map((problem) => problem.split(': ')[1])).toEqual(['customer', 'inbox.prefix', 'inbox.accountId']);
});

test('a missing and an empty prefix both mean the whole bucket', async () => {
  const { prefix: _, ...whole } = inbox;
  expect(await read({ ...event, inbox: whole }, { ...wanted, prefix: '' })).toMatchObject({ valid: true });
  expect(await read(withInbox({ prefix: '' }), { ...wanted, prefix: '' })).toMatchObject({ valid: true });
  expect(await read(outputs, { ...wanted, prefix: '' })).toMatchObject({ valid: false });
});

test.each([
  [
    { TemplateVersion: '1' },
    /^The stack was made from version 1 of the template; 4 is the current one\..*docs\/upgrading/,
  ],
  [
    { BucketPolicyToAdd: '{}' },
    /until the customer has added the output BucketPolicyToAdd to the policy of that bucket/,
  ],
  [{ KeyPolicyToAdd: '[]' }, /until the customer has added the output KeyPolicyToAdd to the policy of that key/],
])('%j is accepted with a note', async (more, says) => {
  expect(await read({ ...outputs, ...more })).toMatchObject({ valid: true, notes: [expect.stringMatching(says)] });
});
