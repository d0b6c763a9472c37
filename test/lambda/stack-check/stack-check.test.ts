import { request as httpRequest } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { AccountRecords } from '../../../lambda/stack_check/account-records.ts';
import { type AccountRecord, admission, released } from '../../../lambda/stack_check/admission.ts';
import type { Send } from '../../../lambda/stack_check/deliver.ts';
import type { CheckOutcome } from '../../../lambda/stack_check/result.ts';
import { answerStacks, type Checking, type StackCheckMeans } from '../../../lambda/stack_check/stack-check.ts';
import type { StacksEvent } from '../../../lambda/stack_check/test-event.ts';
import {
  configuration,
  customer,
  properties,
  request,
  signedAt,
  snsEvent,
  stackId,
  stackIdOf,
  testEvent,
  topicArn,
} from './asking.ts';
import { checkedAs } from './checked.ts';
import { type ResponseBucket, startResponseBucket } from './response-bucket.ts';

let bucket: ResponseBucket;
beforeAll(async () => {
  bucket = await startResponseBucket();
});
afterEach(() => bucket.reset());
afterAll(() => bucket.stop());

/** Sends like the function, but to the bucket on this machine. */
const send: Send = (url, body, signal) =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(
      { port: bucket.port, path: `${url.pathname}${url.search}`, method: 'PUT', signal },
      (answer) => {
        answer.resume().once('end', () => resolve({ status: answer.statusCode ?? 0 }));
      },
    );
    sent.once('error', reject).end(body);
  });

/** Replaces the records in S3, which other tests cover. */
function recordsInMemory(): AccountRecords & { readonly of: Map<string, AccountRecord> } {
  const of = new Map<string, AccountRecord>();
  return {
    of,
    admit: async (accountId, asking) => {
      const decided = admission(of.get(accountId) ?? { started: [] }, asking, configuration.checksPerHour);
      if (decided.kind === 'admitted') of.set(accountId, decided.record);
      return decided;
    },
    release: async (accountId, invocationId) => {
      const record = of.get(accountId);
      if (record) of.set(accountId, released(record, invocationId));
    },
  };
}

interface Ran {
  readonly events: readonly StacksEvent[];
  readonly lines: readonly string[];
  readonly error: unknown;
}

/** Time only passes in pauses. */
async function run(
  event: unknown,
  check: (nth: number, signal: AbortSignal) => Promise<CheckOutcome> = async () => checkedAs('passed'),
  {
    records = recordsInMemory(),
    registeredAccount = () => async () => undefined,
    invocationId = 'first',
    ...changes
  }: Partial<StackCheckMeans & Omit<Checking, 'check'>> = {},
): Promise<Ran> {
  const events: StacksEvent[] = [];
  const lines: string[] = [];
  let elapsed = 0;
  const means: StackCheckMeans = {
    configuration,
    checking: {
      check: (asked, signal) => check(events.push(asked), signal),
      records,
      registeredAccount,
      invocationId,
    },
    probe: async () => true,
    send,
    remainingMs: () => 540_000 - elapsed,
    now: () => new Date(signedAt.getTime() + elapsed),
    pause: async (milliseconds) => {
      elapsed += milliseconds;
      await turn();
    },
    log: (line) => lines.push(line),
    ...changes,
  };
  const error = await answerStacks(event, means).catch((thrown: unknown) => thrown);
  expect(lines.join('\n')).not.toContain('X-Amz-Signature');
  return { events, lines, error };
}

const failing = (FailOnDenied: string) => snsEvent(request({ ResourceProperties: properties({ FailOnDenied }) }));

describe('a stack that is created', () => {
  it('is checked for what the customer may ask, and gets the result', async () => {
    const { events, error } = await run(snsEvent(request()));
    expect(error).toBeUndefined();
    expect(events).toEqual([testEvent]);
    expect(bucket.responses()).toEqual([
      {
        Status: 'SUCCESS',
        PhysicalResourceId: 'secure-inbox-check-1134083a-2608-1e91-9897-022501a2c456-DeliveryCheck',
        StackId: stackId,
        RequestId: '5d478078',
        LogicalResourceId: 'DeliveryCheck',
        Data: { Verdict: 'passed', Result: expect.stringContaining('secure-inbox-') },
      },
    ]);
    // The signature covers every byte of the path and the query.
    expect(bucket.puts[0]?.path).toBe(new URL(request().ResponseURL).href.split('.com')[1]);
  });

  it('waits for policies that are not in effect everywhere yet', async () => {
    const { events } = await run(snsEvent(request()), async (nth) => checkedAs(nth < 3 ? 'denied' : 'passed'));
    expect(events).toHaveLength(3);
    expect(bucket.responses()).toMatchObject([{ Status: 'SUCCESS', Data: { Verdict: 'passed' } }]);
  });

  it.each([
    ['no', 'SUCCESS'],
    ['yes', 'FAILED'],
    ['true', 'SUCCESS'],
  ])('and denied, with FailOnDenied at %s, is answered %s', async (failOnDenied, Status) => {
    await run(failing(failOnDenied), async () => checkedAs('denied'));
    expect(bucket.responses()).toMatchObject([{ Status }]);
  });

  it('is not checked for an event that cannot be delivered', async () => {
    const TestEvent = { ...testEvent, deliveryRoleArn: 'arn:aws:iam::111111111111:role/admin' };
    const { events } = await run(snsEvent(request({ ResourceProperties: properties({ TestEvent }) })));
    expect(events).toEqual([]);
    expect(bucket.responses()).toMatchObject([{ Data: { Verdict: 'misconfigured' } }]);
  });
});

it('an update keeps its physical id, so that CloudFormation deletes nothing', async () => {
  const PhysicalResourceId = 'secure-inbox-check-of-long-ago';
  const OldResourceProperties = properties({ FailOnDenied: 'yes' });
  await run(snsEvent(request({ RequestType: 'Update', PhysicalResourceId, OldResourceProperties })));
  expect(bucket.responses()).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId, Data: { Verdict: 'passed' } }]);
});

describe('a delete', () => {
  const deletion = request({ RequestType: 'Delete', PhysicalResourceId: 'gone' });

  it.each<[string, object]>([
    ['as it comes', {}],
    ['without properties', { ResourceProperties: undefined }],
    ['of a resource that was never right', { ResourceProperties: { TestEvent: 'none', FailOnDenied: 'yes' } }],
    ['of one that was never made', { PhysicalResourceId: 'secure-inbox-DeliveryCheck-1CSUXRDAWQ7WW' }],
  ])('succeeds at once, and checks nothing: %s', async (_, changes) => {
    const { events } = await run(snsEvent({ ...deletion, ...changes }), async () => checkedAs('denied'));
    expect(events).toEqual([]);
    expect(bucket.responses()).toMatchObject([{ Status: 'SUCCESS', StackId: stackId }]);
  });
});

describe('one account', () => {
  const asks = (RequestId: string, changes: object = {}) => snsEvent(request({ RequestId, ...changes }));

  it('that sends a request again, while it is checked or later, has it checked and answered once', async () => {
    const records = recordsInMemory();
    const runs = ['first', 'second', 'third'].map((invocationId) =>
      run(asks('one'), undefined, { records, invocationId }),
    );
    await Promise.all(runs);
    await run(asks('one'), undefined, { records, invocationId: 'later' });
    expect(bucket.puts).toHaveLength(1);
  });

  it('gets an answer if Lambda retries an invocation that ended before answering', async () => {
    const records = recordsInMemory();
    bucket.answers = Array(5).fill(503);
    expect((await run(asks('one'), undefined, { records })).error).toBeDefined();
    const { events, error } = await run(asks('one'), undefined, { records });
    expect([events.length, error]).toEqual([1, undefined]);
  });

  it('has one check at a time; the other request gets that answer, and does not fail its stack', async () => {
    const records = recordsInMemory();
    const during: Promise<Ran>[] = [];
    const { events } = await run(
      asks('one'),
      async () => {
        const ResourceProperties = properties({ FailOnDenied: 'yes' });
        during.push(run(asks('two', { ResourceProperties }), undefined, { records, invocationId: 'second' }));
        await during[0];
        return checkedAs('passed');
      },
      { records },
    );
    expect([events.length, (await during[0])?.events.length]).toEqual([1, 0]);
    expect(bucket.responses().map(({ Status, RequestId, Data }) => [Status, RequestId, Data?.Verdict])).toEqual([
      ['SUCCESS', 'two', 'inconclusive'],
      ['SUCCESS', 'one', 'passed'],
    ]);
  });

  it('that crashed a check can ask again when its time is over', async () => {
    const records = recordsInMemory();
    records.of.set(customer, {
      running: { by: 'crashed', until: signedAt.getTime() + 1 },
      started: [{ requestId: 'one', by: 'crashed', at: signedAt.getTime() }],
    });
    const later = { records, invocationId: 'later' };
    expect((await run(asks('two'), undefined, later)).events).toHaveLength(0);
    const now = () => new Date(signedAt.getTime() + 2);
    expect((await run(asks('three'), undefined, { ...later, now })).events).toHaveLength(1);
  });

  it('that sends a hundred requests starts at most the checks allowed per hour, without affecting the next account', async () => {
    const records = recordsInMemory();
    let checks = 0;
    const limited: string[] = [];
    for (let nth = 0; nth < 100; nth++) {
      const means = { records, invocationId: `invocation-${nth}` };
      const { events, lines } = await run(asks(`forged-${nth}`), undefined, means);
      checks += events.length;
      limited.push(...lines.filter((line) => line.includes('"limited":"too-many"')));
    }
    expect([checks, limited.length]).toEqual([configuration.checksPerHour, 100 - configuration.checksPerHour]);
    const other = '333333333333';
    const inbox = {
      ...testEvent.inbox,
      accountId: other,
      kmsKeyArn: testEvent.inbox.kmsKeyArn.replace(customer, other),
    };
    const theirs = asks('theirs', {
      StackId: stackIdOf(other),
      ResourceProperties: properties({ TestEvent: { ...testEvent, inbox } }),
    });
    const event = JSON.parse(JSON.stringify(theirs).replaceAll(topicArn, `${configuration.topicArnPrefix}${other}`));
    expect((await run(event, undefined, { records, invocationId: 'theirs' })).events).toHaveLength(1);
  });

  it('is not checked if its record cannot be read, and the answer says that this proves nothing', async () => {
    const broken = async () => {
      throw new Error('SlowDown');
    };
    const { events, lines } = await run(asks('one'), undefined, { records: { admit: broken, release: broken } });
    expect([events, bucket.responses()]).toMatchObject([
      [],
      [{ Status: 'SUCCESS', Data: { Verdict: 'inconclusive' } }],
    ]);
    expect(lines.join()).toContain('SlowDown');
  });
});

it('is not checked if the registry cannot be read', async () => {
  const registeredAccount = () => async () => {
    throw new Error('SlowDown');
  };
  const { events } = await run(snsEvent(request()), undefined, { registeredAccount });
  expect([events, bucket.responses()]).toMatchObject([[], [{ Status: 'SUCCESS', Data: { Verdict: 'inconclusive' } }]]);
});

describe('a forged response URL', () => {
  it.each([403, 400])('that S3 does not accept (%d) starts no check, and an alarm counts it', async (status) => {
    bucket.answers = [status];
    const records = recordsInMemory();
    const { events, lines } = await run(snsEvent(request()), undefined, { records, probe: async () => false });
    expect([events, records.of.size]).toEqual([[], 0]);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 'ERROR',
      responseRefused: true,
      status,
      stack: stackId,
    });
  });
});

it('does not answer an untrusted request, and raises an alarm', async () => {
  const { events, lines, error } = await run(snsEvent(request({ StackId: stackIdOf('333333333333') })));
  expect([events, bucket.puts, error]).toEqual([[], [], undefined]);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'ERROR', trusted: false, topic: topicArn, why: expect.stringContaining('333333333333') },
  ]);
});

describe('a check that does not work', () => {
  const never = () => new Promise<CheckOutcome>(() => undefined);
  const throws = async (): Promise<CheckOutcome> => {
    throw new Error('a defect');
  };

  it.each<[string, () => Promise<CheckOutcome>, Partial<StackCheckMeans>]>([
    ['crashes', async () => ({ kind: 'failed', why: 'out of memory' }), {}],
    ['is a defect of this function', throws, {}],
    ['never answers', never, { remainingMs: () => 20_020 }],
    ['has no time left', never, { remainingMs: () => 10_000 }],
    ['is inconclusive', async () => checkedAs('inconclusive'), {}],
  ])('never fails a stack: it %s', async (_, check, changes) => {
    const { error } = await run(failing('yes'), check, changes);
    expect(error).toBeUndefined();
    expect(bucket.responses()).toMatchObject([{ Status: 'SUCCESS', Data: { Verdict: 'inconclusive' } }]);
  });

  it('gets a signal to stop when no one waits for it anymore', async () => {
    const signals: AbortSignal[] = [];
    const check = (_: number, signal: AbortSignal) => {
      signals.push(signal);
      return never();
    };
    await run(snsEvent(request()), check, { remainingMs: () => 20_020 });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('logs the reason, but does not tell the customer', async () => {
    const { lines } = await run(snsEvent(request()), async () => ({
      kind: 'failed',
      why: 'arn:aws:iam::111111111111',
    }));
    expect(lines.join()).toContain('arn:aws:iam::111111111111');
    expect(bucket.puts[0]?.body).not.toContain('111111111111');
  });

  it('is not tried in the last resort', async () => {
    const means = {
      configuration,
      send,
      remainingMs: () => 60_000,
      probe: async () => true,
      now: () => signedAt,
      pause: turn,
      log: () => {},
    };
    await answerStacks(failing('yes'), means);
    expect(bucket.responses()).toMatchObject([{ Status: 'SUCCESS', Data: { Verdict: 'inconclusive' } }]);
  });
});

describe('a response', () => {
  it.each<[string, ('reset' | number)[]]>([
    ['S3 is busy', [503, 500, 429]],
    ['the connection breaks', ['reset', 'reset']],
  ])('is sent again if %s', async (_, answers) => {
    bucket.answers = [...answers];
    const { error } = await run(snsEvent(request()));
    expect(error).toBeUndefined();
    expect(bucket.puts).toHaveLength(answers.length + 1);
  });

  it('that never arrives is an error, so that Lambda tries again', async () => {
    bucket.answers = Array(5).fill(503);
    const { error } = await run(snsEvent(request()));
    expect(error).toEqual(new Error(`The stack ${stackId} has no response yet: S3 answered 503.`));
    expect(bucket.puts).toHaveLength(5);
  });

  it('that S3 never answers is given up when the time is up', async () => {
    bucket.answers = ['hang'];
    const { error } = await run(snsEvent(request()), undefined, { remainingMs: () => 60 });
    expect(String(error)).toContain('TimeoutError');
  });

  it.each([403, 307])('that S3 does not accept (%d) is not sent again or elsewhere', async (status) => {
    bucket.answers = [status];
    const { lines, error } = await run(snsEvent(request()));
    expect(error).toBeUndefined();
    expect(bucket.puts).toHaveLength(1);
    expect(lines.at(-1)).toContain(`"status":${status}`);
  });
});

it('keeps nothing of one customer for the next', async () => {
  const other = '333333333333';
  const inbox = { ...testEvent.inbox, accountId: other, kmsKeyArn: testEvent.inbox.kmsKeyArn.replace(customer, other) };
  const theirs = request({
    StackId: stackIdOf(other),
    ResourceProperties: properties({ TestEvent: { ...testEvent, customer: 'globex', inbox } }),
  });
  await run(snsEvent(request()), async () => checkedAs('denied'));
  const { events } = await run(snsEvent(theirs, `${configuration.topicArnPrefix}${other}`));
  expect(events).toMatchObject([{ customer: 'globex', inbox: { accountId: other } }]);
  expect(bucket.responses().map(({ StackId, Data }) => [StackId, Data?.Verdict])).toEqual([
    [stackId, 'denied'],
    [stackIdOf(other), 'passed'],
  ]);
});
