import { type RegisteredAccount, testEventIn } from '../../../lambda/stack_check/test-event.ts';
import { serviceKey } from '../invocation.ts';
import { configuration, customer, properties, testEvent } from './asking.ts';

const { inbox } = testEvent;
const nobody = async () => undefined;
const read = (event: unknown, registered: RegisteredAccount = nobody) =>
  testEventIn(properties({ TestEvent: event }), customer, configuration, registered);

it("takes the customer's inbox", async () => {
  expect(await read(testEvent)).toEqual({ valid: true, event: testEvent });
});

it("uses the service's own key for staged reports", async () => {
  const event = { ...testEvent, internal: { kmsKeyArn: serviceKey } };
  expect(await read(event)).toEqual({ valid: true, event });
});

describe('the name of a customer', () => {
  it.each([customer, undefined])(
    'belongs to the account that is registered with it, or to no one yet: %s',
    async (account) => {
      expect(await read(testEvent, async () => account)).toEqual({ valid: true, event: testEvent });
    },
  );

  it('may request parts', async () => {
    const inParts = { ...testEvent, delivery: 'multipart' };
    expect(await read(inParts)).toEqual({ valid: true, event: inParts });
  });

  it("is rejected if it is another account's, which is not revealed", async () => {
    const asked: string[] = [];
    const answer = await read({ ...testEvent, customer: 'globex' }, async (name) => {
      asked.push(name);
      return '333333333333';
    });
    expect(asked).toEqual(['globex']);
    expect(answer).toMatchObject({ valid: false, verdict: 'misconfigured', why: expect.stringContaining('"globex"') });
    expect(JSON.stringify(answer)).not.toContain('333333333333');
  });

  it('is not looked up for an event that is rejected anyway', async () => {
    const never = () => {
      throw new Error('nothing is to be read');
    };
    expect(await read({ ...testEvent, customer: '../globex' }, never)).toMatchObject({ valid: false });
  });
});

describe('what a customer may not set', () => {
  const elsewhere = 'arn:aws:kms:us-east-1:222222222222:key/0a1b2c3d-0000-4000-8000-000000000003';

  it.each<[string, object, string]>([
    ['as whom it is delivered', { deliveryRoleArn: 'arn:aws:iam::111111111111:role/admin' }, 'deliveryRoleArn'],
    ['from where', { internal: { bucket: 'the-services-payroll' } }, 'internal.bucket'],
    ['under which key it waits', { internal: { kmsKeyArn: elsewhere } }, 'internal.kmsKeyArn'],
    ['how much is asked', { diagnosis: 'full' }, 'diagnosis'],
    ['which steps', { steps: ['put-internal'] }, 'steps'],
    ['that CloudTrail is read', { lookupEvents: true }, 'lookupEvents'],
    ["another account's inbox", { inbox: { ...inbox, accountId: '333333333333' } }, 'inbox.accountId'],
    ['a batch', { customers: [testEvent] }, 'customers'],
  ])('is rejected by name: %s', async (_, changes, path) => {
    expect(await read({ ...testEvent, ...changes })).toMatchObject({
      valid: false,
      verdict: 'misconfigured',
      why: expect.stringContaining(`- ${path}: `),
    });
  });
});

it("does not check another account's key, and blames no one for it", async () => {
  const kmsKeyArn = inbox.kmsKeyArn.replace(customer, '333333333333');
  expect(await read({ ...testEvent, inbox: { ...inbox, kmsKeyArn } })).toEqual({
    valid: false,
    verdict: 'inconclusive',
    why: expect.stringContaining('333333333333'),
  });
});

it.each<[string, unknown, readonly string[]]>([
  ['no event', undefined, ['event']],
  ['a text', 'acme', ['event']],
  ['an alias', { ...testEvent, inbox: { ...inbox, kmsKeyArn: 'alias/inbox' } }, ['inbox.kmsKeyArn']],
  ['two problems', { customer: 'a b', inbox: { ...inbox, accountId: 222222222222 } }, ['customer', 'inbox.accountId']],
])('names everything that is wrong, each once: %s', async (_, event, paths) => {
  const asked = await read(event);
  if (asked.valid) throw new Error('It is valid.');
  expect(asked.verdict).toBe('misconfigured');
  expect([...asked.why.matchAll(/^- ([\w.]+):/gm)].map(([, path]) => path)).toEqual(paths);
});
