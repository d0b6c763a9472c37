import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketAsCreated } from '../../../model/world/default-names.ts';
import { AwsError } from '../../../sandbox/wire/operation.ts';
import { type AwsDouble, accountIds, startDouble } from './aws/double.ts';
import { conformance, folder, leftIn, useFolder } from './running.ts';

useFolder();

const one = ['--scenario', 'scenarios/bucket-policy/silent.yaml'];

describe('a later clean-up', () => {
  it('removes the remaining resources after credentials expired in the middle', async () => {
    let ended = false;
    const expired = new AwsError('ExpiredToken', 403, 'The security token included in the request is expired');
    const double = await startDouble({
      intercept: ({ operation, accessKeyId = '' }) => {
        if (operation === 'CopyObject') ended = true;
        return ended && accessKeyId.startsWith('ASIAADMIN') ? { kind: 'error', error: expired } : undefined;
      },
    });
    const ran = await conformance(double, [...double.args, '--yes', ...one]);
    expect(ran.stdout).toMatch(/Still there: 6 resources[\s\S]*--clean-up --state/);
    expect(leftIn(double)).toHaveLength(6);
    expect(ran.status).toBe(2);
    ended = false;
    const again = await conformance(double, ['--clean-up', '--state', ran.state]);
    await double.stop();
    expect(again.stdout).toMatch(/\b4 resources\b.*\b2 keys\b/);
    expect({ status: again.status, left: leftIn(double), state: existsSync(ran.state) }).toEqual({
      status: 0,
      left: [],
      state: false,
    });
  });

  it('finds a key whose creation was never answered, and a bucket without its tag', async () => {
    const double = await startDouble();
    const prefix = 'secure-inbox-conformance-abcdefgh';
    const world = leftovers(double, prefix);
    const state = join(folder, 'killed.state.json');
    const planned = { side: 'service', state: 'planned' };
    writeFileSync(
      state,
      stateOf(prefix, [
        { kind: 'bucket', name: `${prefix}-internal`, ...planned },
        { kind: 'key', name: 'service', ...planned },
      ]),
    );
    const ran = await cleanUp(double, state);
    await double.stop();
    expect(ran.status).toBe(0);
    expect(leftIn(double)).toEqual([world.othersKey]);
  });

  it('keeps resources without the tag of the run, and says so', async () => {
    const double = await startDouble();
    const prefix = 'secure-inbox-conformance-abcdefgh';
    const { othersKey } = leftovers(double, 'secure-inbox-conformance-zzzzzzzz');
    const state = join(folder, 'edited.state.json');
    const created = { side: 'service', state: 'created' };
    const listed = [
      { kind: 'bucket', name: 'secure-inbox-conformance-zzzzzzzz-internal', ...created },
      { kind: 'role', name: 'administrator', ...created },
      { kind: 'key', name: 'service', arn: othersKey, ...created },
    ];
    writeFileSync(state, stateOf(prefix, listed));
    const ran = await cleanUp(double, state);
    await double.stop();
    expect(ran.stdout).toMatch(/Still there: 3 resources/);
    expect(double.world.roles.size).toBe(2);
    expect(leftIn(double)).toHaveLength(3);
    expect({ status: ran.status, kept: JSON.parse(readFileSync(state, 'utf8')).resources.length }).toEqual({
      status: 3,
      kept: 3,
    });
  });

  it.each([
    ['no file', undefined, /there is no such file/],
    ['something else', '{"a":1}', /is no state file/],
    ['no JSON', 'hello', /is not JSON/],
  ])('refuses %s', async (name, text, message) => {
    const double = await startDouble();
    const state = join(folder, `${name}.json`);
    if (text !== undefined) writeFileSync(state, text);
    const { status, stderr } = await conformance(double, ['--clean-up', '--state', state]);
    await double.stop();
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});

function cleanUp(double: AwsDouble, state: string) {
  const profiles = ['--service-profile', 'service', '--customer-profile', 'customer'];
  return conformance(double, ['--clean-up', '--state', state, ...profiles]);
}

function stateOf(prefix: string, resources: readonly object[]): string {
  const accounts = { service: { accountId: accountIds.service }, customer: { accountId: accountIds.customer } };
  return JSON.stringify({
    format: 'secure-inbox conformance state 1',
    prefix,
    region: 'us-east-1',
    startedAt: '',
    accounts,
    resources,
  });
}

/** The leftovers of a killed run: a bucket without tags and a key with the tag; also a key of someone else. */
function leftovers({ world, tags }: AwsDouble, prefix: string) {
  const accountId = accountIds.service;
  const key = (end: string) => {
    const arn = `arn:aws:kms:us-east-1:${accountId}:key/00000000-0000-4000-8000-00000000000${end}`;
    const Principal = { AWS: `arn:aws:iam::${accountId}:root` };
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow' as const, Principal, Action: 'kms:*', Resource: '*' }],
    };
    const state = 'Enabled' as const;
    const none = { spec: 'SYMMETRIC_DEFAULT', multiRegion: false, grants: [], aliases: [] };
    world.keys.set(arn, {
      arn,
      keyId: arn.split('/')[1] ?? '',
      accountId,
      region: 'us-east-1',
      policy,
      state,
      ...none,
    });
    return arn;
  };
  const [own, othersKey] = [key('1'), key('2')];
  tags.set(own, { 'secure-inbox-conformance': prefix });
  world.buckets.set(`${prefix}-internal`, {
    name: `${prefix}-internal`,
    accountId,
    region: 'us-east-1',
    ...bucketAsCreated,
    objects: new Map(),
  });
  return { own, othersKey };
}
