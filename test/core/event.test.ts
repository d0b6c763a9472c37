import { deliveryOf } from '../../core/delivery/delivery.ts';
import { parseTestEvent } from '../../core/event.ts';
import { describeProblems, type Problem } from '../../core/event-problems.ts';
import type { EventDefaults } from '../../core/event-rules.ts';
import { customerKey, deliveryRole, inbox, internalBucket, serviceKey } from '../lambda/invocation.ts';

const defaults: EventDefaults = {
  region: 'us-east-1',
  internalBucket,
  deliveryRoleArn: deliveryRole,
  accountId: '111111111111',
};

const complete = {
  customer: 'acme',
  inbox: { ...inbox, acl: 'bucket-owner-full-control' },
  internal: { bucket: 'another-internal-bucket', kmsKeyArn: serviceKey },
  deliveryRoleArn: deliveryRole,
  delivery: 'multipart',
  steps: ['put-internal', 'copy-to-inbox'],
  diagnosis: 'full',
  lookupEvents: true,
};

async function problemsIn(event: unknown, given: EventDefaults = defaults): Promise<readonly Problem[]> {
  const parsed = await parseTestEvent(event, given);
  return parsed.valid ? [] : parsed.problems;
}

async function pathsIn(event: unknown): Promise<string[]> {
  return (await problemsIn(event)).map(({ path }) => path);
}

const withInbox = (changes: object) => ({ customer: 'acme', inbox: { ...inbox, ...changes } });

describe('a valid event', () => {
  test('needs only customer and inbox', async () => {
    const { accountId, region, bucket, kmsKeyArn } = inbox;
    const event = { customer: 'acme', inbox: { accountId, region, bucket, kmsKeyArn } };
    expect(await parseTestEvent(event, defaults)).toEqual({ valid: true, event });
  });

  test('may have every field', async () => {
    expect(await parseTestEvent(complete, defaults)).toEqual({ valid: true, event: complete });
  });

  test.each([
    ['a key of a third account', withInbox({ kmsKeyArn: customerKey.replace('222222222222', '333333333333') })],
    ['a multi-Region key', withInbox({ kmsKeyArn: `arn:aws:kms:us-east-1:222222222222:key/mrk-${'0a'.repeat(16)}` })],
    ['the whole bucket', withInbox({ prefix: '' })],
    ['a deep prefix', withInbox({ prefix: 'a/b=c/2026-11-21/' })],
    ['folders whose names begin with dots', withInbox({ prefix: '.reports/..2026/...' + '/' })],
    ['a bucket name with dots', withInbox({ bucket: 'inbox.example.com' })],
    [
      'an inbox in another Region, with a key for the internal bucket',
      {
        ...withInbox({ region: 'eu-central-1', kmsKeyArn: customerKey.replace('us-east-1', 'eu-central-1') }),
        internal: { kmsKeyArn: serviceKey },
      },
    ],
  ])('may have %s', async (_, event) => {
    expect(await problemsIn(event)).toEqual([]);
  });
});

const otherRegion = customerKey.replace('us-east-1', 'eu-west-1');
const china = customerKey.replace('arn:aws:', 'arn:aws-cn:');

/** Each event has one error, and the message must name exactly that. */
const broken: readonly (readonly [name: string, event: unknown, path: string, found: RegExp])[] = [
  ['no object', 'acme', 'event', /"acme"/],
  ['a number', 7, 'event', /^7\.$/],
  ['null', null, 'event', /null/],
  ['a list', [], 'event', /\[\]/],
  ['no customer', { inbox }, 'customer', /is missing/],
  ['a customer with a space', { ...complete, customer: 'acme corp' }, 'customer', /"acme corp"/],
  ['a customer too long for a session name', { ...complete, customer: 'a'.repeat(59) }, 'customer', /"aaa/],
  ['a customer that leads out of its folder', { ...complete, customer: '../x' }, 'customer', /"\.\.\/x"/],
  ['no inbox', { customer: 'acme' }, 'inbox', /is missing/],
  ['an inbox that is no object', { customer: 'acme', inbox: 'bucket' }, 'inbox', /"bucket"/],
  ['no account id', withInbox({ accountId: undefined }), 'inbox.accountId', /is missing/],
  ['an account id of 11 digits', withInbox({ accountId: '22222222222' }), 'inbox.accountId', /"22222222222"/],
  ['an account id as a number', withInbox({ accountId: 222222222222 }), 'inbox.accountId', /222222222222 is a number/],
  ['no Region', withInbox({ region: undefined }), 'inbox.region', /is missing/],
  ['an availability zone', withInbox({ region: 'us-east-1a' }), 'inbox.region', /"us-east-1a"/],
  ['a bucket with a capital', withInbox({ bucket: 'Inbox' }), 'inbox.bucket', /"Inbox"/],
  ['a bucket as a URL', withInbox({ bucket: 's3://inbox' }), 'inbox.bucket', /"s3:\/\/inbox"/],
  ['a bucket of two letters', withInbox({ bucket: 'ab' }), 'inbox.bucket', /"ab"/],
  ['a bucket of 64 letters', withInbox({ bucket: 'a'.repeat(64) }), 'inbox.bucket', /"aaa/],
  ['a bucket like an IP address', withInbox({ bucket: '192.168.5.4' }), 'inbox.bucket', /"192/],
  ['a bucket with two dots', withInbox({ bucket: 'in..box' }), 'inbox.bucket', /"in\.\.box"/],
  ['an access point alias', withInbox({ bucket: 'inbox-abc-s3alias' }), 'inbox.bucket', /s3alias/],
  ['a key alias', withInbox({ kmsKeyArn: 'alias/inbox' }), 'inbox.kmsKeyArn', /is an alias/],
  [
    'the ARN of an alias',
    withInbox({ kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:alias/inbox' }),
    'inbox.kmsKeyArn',
    /is an alias/,
  ],
  [
    'a bare key id',
    withInbox({ kmsKeyArn: '00000000-0000-4000-8000-000000000002' }),
    'inbox.kmsKeyArn',
    /is a bare key id/,
  ],
  [
    'a bare multi-Region key id',
    withInbox({ kmsKeyArn: `mrk-${'0'.repeat(32)}` }),
    'inbox.kmsKeyArn',
    /is a bare key id/,
  ],
  ['half an ARN', withInbox({ kmsKeyArn: 'arn:aws:kms' }), 'inbox.kmsKeyArn', /is not an ARN/],
  [
    'the ARN of something else',
    withInbox({ kmsKeyArn: deliveryRole }),
    'inbox.kmsKeyArn',
    /is not the ARN of a KMS key/,
  ],
  [
    'a key ARN that is cut off',
    withInbox({ kmsKeyArn: customerKey.slice(0, -4) }),
    'inbox.kmsKeyArn',
    /is not the ARN of/,
  ],
  ['a key ARN of another partition', withInbox({ kmsKeyArn: china }), 'inbox.kmsKeyArn', /partition aws-cn/],
  ['a key in another Region than its bucket', withInbox({ kmsKeyArn: otherRegion }), 'inbox.kmsKeyArn', /in eu-west-1/],
  ['a prefix that begins with a slash', withInbox({ prefix: '/reports/' }), 'inbox.prefix', /begins with a slash/],
  ['a prefix that does not end in one', withInbox({ prefix: 'reports' }), 'inbox.prefix', /does not end in a slash/],
  ['a prefix with a wildcard', withInbox({ prefix: 'reports/*/' }), 'inbox.prefix', /"reports\/\*\/"/],
  ['a prefix with a policy variable', withInbox({ prefix: '${aws:userid}/' }), 'inbox.prefix', /aws:userid/],
  ['a prefix too long for a session policy', withInbox({ prefix: `${'a'.repeat(800)}/` }), 'inbox.prefix', /"aaa/],
  ['another ACL', withInbox({ acl: 'public-read' }), 'inbox.acl', /"public-read"/],
  ['a list for an object', { ...complete, internal: [] }, 'internal', /\[\]/],
  ['a list for the inbox', { customer: 'acme', inbox: [inbox] }, 'inbox', /\[\{/],
  ['null for a field', withInbox({ prefix: null }), 'inbox.prefix', /null/],
  ['an unknown field', { ...complete, inboxes: [] }, 'inboxes', /no field has this name/],
  ['an unknown field of the inbox', withInbox({ kmsKeyId: customerKey }), 'inbox.kmsKeyId', /no field has this name/],
  ['an unknown field of internal', { ...complete, internal: { region: 'x' } }, 'internal.region', /no field/],
  ['an internal bucket that is none', { ...complete, internal: { bucket: '-' } }, 'internal.bucket', /"-"/],
  ['an internal key alias', { ...complete, internal: { kmsKeyArn: 'alias/x' } }, 'internal.kmsKeyArn', /is an alias/],
  [
    "an internal key that is not in the internal bucket's Region",
    { ...complete, internal: { kmsKeyArn: otherRegion } },
    'internal.kmsKeyArn',
    /in eu-west-1, the internal bucket in us-east-1/,
  ],
  [
    'no internal key although the inbox is in another Region',
    withInbox({ region: 'eu-west-1', kmsKeyArn: otherRegion }),
    'internal.kmsKeyArn',
    /is missing/,
  ],
  [
    'an internal key of another partition',
    { ...complete, internal: { kmsKeyArn: china } },
    'internal.kmsKeyArn',
    /partition aws-cn/,
  ],
  [
    'a role that is none',
    { ...complete, deliveryRoleArn: 'secure-inbox-delivery' },
    'deliveryRoleArn',
    /"secure-inbox/,
  ],
  [
    'a session instead of a role',
    { ...complete, deliveryRoleArn: 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/x' },
    'deliveryRoleArn',
    /is a session of a role/,
  ],
  [
    'a role of another partition',
    { ...complete, deliveryRoleArn: 'arn:aws-cn:iam::111111111111:role/secure-inbox-delivery' },
    'deliveryRoleArn',
    /partition aws-cn/,
  ],
  ['the internal bucket as the inbox', withInbox({ bucket: internalBucket }), 'inbox.bucket', /is the internal bucket/],
  [
    'the internal bucket that the event itself names as the inbox',
    { ...complete, inbox: { ...inbox, bucket: 'another-internal-bucket' } },
    'inbox.bucket',
    /is the internal bucket/,
  ],
  [
    "the service's own account",
    withInbox({ accountId: '111111111111' }),
    'inbox.accountId',
    /account of this function/,
  ],
  [
    'a key of another customer over what waits',
    { ...complete, internal: { kmsKeyArn: customerKey.replace('222222222222', '333333333333') } },
    'internal.kmsKeyArn',
    /account 333333333333, which is neither/,
  ],
  ...['../', './', 'reports/../', 'reports/./2026/', 'a/../../b/'].map(
    (prefix) => [`the prefix ${prefix}`, withInbox({ prefix }), 'inbox.prefix', /a folder called \. or \.\./] as const,
  ),
  ['no steps', { ...complete, steps: [] }, 'steps', /\[\]/],
  ['an unknown step', { ...complete, steps: ['put-internal', 'copy'] }, 'steps[1]', /"copy"/],
  ['an unknown delivery', { ...complete, delivery: 'upload' }, 'delivery', /"upload"/],
  ['an unknown diagnosis', { ...complete, diagnosis: 'all' }, 'diagnosis', /"all"/],
  ['a truth in quotes', { ...complete, lookupEvents: 'true' }, 'lookupEvents', /^"true"\.$/],
  ['a truth as a number', { ...complete, lookupEvents: 1 }, 'lookupEvents', /^1\.$/],
];

describe('an inbox in the account of the service', () => {
  const event = withInbox({ accountId: '111111111111' });

  test('may be there if the deployment says so, or if the account is unknown', async () => {
    expect(await problemsIn(event, { ...defaults, inboxesInThisAccount: true })).toEqual([]);
    const { accountId: _, ...elsewhere } = defaults;
    expect(await problemsIn(event, elsewhere)).toEqual([]);
  });
});

describe('an event that is meant to cause trouble', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'with a field %s: there is no such field',
    async (name) => {
      const event = JSON.parse(JSON.stringify({ ...complete }).replace('{', `{${JSON.stringify(name)}:{"a":1},`));
      const problems = await problemsIn(event);
      expect(problems).toEqual([expect.objectContaining({ path: name, found: expect.stringContaining('no field') })]);
    },
  );

  test('with a field name of 60 kB makes a report that Step Functions can carry', async () => {
    const message = describeProblems(
      await problemsIn({ ...complete, ['x'.repeat(60_000)]: 1, inbox: { ['y'.repeat(60_000)]: 1 } }),
    );
    expect(message.length).toBeLessThan(5_000);
  });

  test.each([
    [
      'fields',
      { ...complete, ...Object.fromEntries(Array.from({ length: 150_000 }, (_, nth) => [`field${nth}`, nth])) },
    ],
    ['steps', { ...complete, steps: Array(150_000).fill('x') }],
  ])('with 150,000 %s: some of the problems are reported', async (_, event) => {
    const problems = await problemsIn(event);
    expect(problems.length).toBeGreaterThan(0);
    expect(describeProblems(problems).length).toBeLessThan(20_000);
  });
});

describe('an invalid event', () => {
  test.each(broken)('%s', async (_, event, path, found) => {
    const problems = await problemsIn(event);
    expect(problems.map((problem) => problem.path || 'event')).toEqual([path]);
    expect(problems[0]?.found).toMatch(found);
    expect(problems[0]?.allowed).not.toBe('');
    expect(problems[0]?.fix).not.toBe('');
  });

  test('gets all problems at once, in the order of the fields', async () => {
    const event = {
      customer: '',
      inbox: { accountId: '2', region: 'eu-west-1', bucket: 'B', kmsKeyArn: customerKey, prefix: '/', acl: 'x', y: 1 },
      internal: { kmsKeyArn: otherRegion },
      steps: 'all',
      z: 1,
    };
    expect(await pathsIn(event)).toEqual([
      'customer',
      'inbox.accountId',
      'inbox.bucket',
      'inbox.kmsKeyArn',
      'inbox.prefix',
      'inbox.acl',
      'internal.kmsKeyArn',
      'steps',
      'inbox.y',
      'z',
    ]);
  });

  test('in another partition than the function is refused, for key and Region', async () => {
    const event = withInbox({
      region: 'cn-north-1',
      kmsKeyArn: 'arn:aws-cn:kms:cn-north-1:222222222222:key/00000000-0000-4000-8000-000000000002',
    });
    const problems = await problemsIn({ ...event, internal: { kmsKeyArn: serviceKey } });
    expect(problems.map(({ path }) => path)).toEqual(['inbox.region', 'inbox.kmsKeyArn']);
  });

  test('needs an internal bucket from the event or the environment', async () => {
    const problems = await problemsIn(withInbox({}), { region: 'us-east-1' });
    expect(problems).toMatchObject([{ path: 'internal.bucket', found: expect.stringContaining('INTERNAL_BUCKET') }]);
  });

  test('is described with one line per problem: path, value, what is allowed, the fix', async () => {
    const text = describeProblems(await problemsIn(withInbox({ accountId: '123', prefix: 'reports' })));
    expect(text.split('\n')).toEqual([
      'The test event is invalid:',
      '- inbox.accountId: "123". Allowed: the 12 digits of an AWS account id, as a string. Give the id of the account that owns the bucket, in quotes so that leading zeros survive.',
      expect.stringMatching(/^- inbox\.prefix: "reports" does not end in a slash\. Allowed: .* Add a slash at the end/),
    ]);
  });

  test('does not put a huge value into its message', async () => {
    const text = describeProblems(await problemsIn(withInbox({ bucket: 'x'.repeat(100_000) })));
    expect(text.length).toBeLessThan(500);
  });
});

describe('what an event leaves out', () => {
  const parse = async (event: unknown, more: object = {}) => {
    const parsed = await parseTestEvent(event, defaults);
    if (!parsed.valid) throw new Error(describeProblems(parsed.problems));
    return deliveryOf(parsed.event, { ...defaults, accountId: '999999999999', ...more });
  };

  test('comes from the environment, and the internal key from the inbox', async () => {
    const delivery = await parse(
      { customer: 'acme', inbox: { ...inbox, prefix: undefined } },
      { serviceKmsKeyArn: serviceKey },
    );
    expect(delivery).toEqual({
      customer: 'acme',
      inbox: { ...inbox, prefix: '' },
      internal: {
        accountId: '111111111111',
        region: 'us-east-1',
        bucket: internalBucket,
        kmsKeyArn: customerKey,
        serviceKmsKeyArn: serviceKey,
      },
      deliveryRoleArn: deliveryRole,
      kind: 'copy',
      steps: ['assume-delivery-role', 'put-internal', 'copy-to-inbox', 'verify-delivery', 'clean-up'],
      diagnosis: 'service-account',
    });
  });

  test('does not replace what it says', async () => {
    const delivery = await parse(complete);
    expect(delivery).toMatchObject({
      internal: complete.internal,
      kind: 'multipart',
      diagnosis: 'full',
      inbox: complete.inbox,
      lookupEvents: true,
    });
  });

  test.each([
    [['put-internal'], ['assume-delivery-role', 'put-internal', 'clean-up']],
    [['copy-to-inbox'], ['assume-delivery-role', 'copy-to-inbox', 'verify-delivery', 'clean-up']],
  ])('%j brings %j with it', async (asked, steps) => {
    expect((await parse({ ...complete, steps: asked })).steps).toEqual(steps);
  });
});
