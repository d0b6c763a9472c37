import type { TestEvent } from '../../../core/event.ts';
import { faultsOf } from '../../../model/analysis/faults.ts';
import { customerNames, serviceNames } from '../../../model/world/default-names.ts';
import { loadCustomerStack, loadServiceStack, renamedStack } from '../../../model/world/default-stacks.ts';
import { worldNamesIn } from '../../../model/world/world-names.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { customerTemplate, readTemplateFile, scenarioOf } from '../../../sandbox/scenario-files.ts';

async function worldFor(event: TestEvent) {
  const { names, service, customer } = worldNamesIn(event);
  const file = { name: 'A real event', why: 'a test', service, customer, expect: { verdict: 'passed' as const } };
  return scenarioOf(file, await assembly(), undefined, names);
}

const inbox = {
  accountId: '444455556666',
  region: 'eu-central-1',
  bucket: 'acme-reports',
  kmsKeyArn: 'arn:aws:kms:eu-central-1:444455556666:key/1a2b3c4d-0000-4000-8000-0a1b2c3d4e5f',
};
const role = 'arn:aws:iam::777788889999:role/delivery/reports';

test.each<readonly [string, TestEvent]>([
  ['names nothing but the customer’s bucket and key', { customer: 'acme', inbox }],
  [
    'names the service’s role and bucket',
    { customer: 'acme', inbox, deliveryRoleArn: role, internal: { bucket: 'waiting-reports' } },
  ],
  [
    'delivers to another Region, and waits under the service’s key',
    {
      customer: 'acme',
      inbox: { ...inbox, prefix: 'a/b/' },
      deliveryRoleArn: role,
      internal: { kmsKeyArn: 'arn:aws:kms:us-west-2:777788889999:key/99999999-0000-4000-8000-999999999999' },
    },
  ],
  [
    'has a key of another account than the bucket’s',
    { customer: 'acme', inbox: { ...inbox, kmsKeyArn: inbox.kmsKeyArn.replace('444455556666', '123412341234') } },
  ],
])('the shipped templates deliver for an event that %s', async (_, event) => {
  const { world } = await worldFor(event);
  expect(faultsOf(world, event)).toEqual([]);
  expect(world.inboxKeyArn).toBe(event.inbox.kmsKeyArn);
  expect(world.deliveryRoleArn).toBe(event.deliveryRoleArn ?? 'arn:aws:iam::111111111111:role/secure-inbox-delivery');
});

test('a name is replaced everywhere, but not within longer names', async () => {
  const { templateFile } = await assembly();
  const service = serviceNames({});
  const serviceStack = loadServiceStack(readTemplateFile(templateFile), service);
  const template = readTemplateFile(customerTemplate);
  const stack = loadCustomerStack({ template, customer: customerNames({}), service, serviceStack, parameters: {} });
  const from = 'secure-inbox-222222222222-us-east-1';
  const longer = { ...stack, outputs: { ...stack.outputs, Log: `${from}-logs`, Host: `${from}.s3.amazonaws.com` } };
  const { outputs, buckets } = renamedStack(longer, new Map([[from, 'acme']]));
  expect(outputs).toMatchObject({ InboxBucketName: 'acme', Log: `${from}-logs`, Host: `${from}.s3.amazonaws.com` });
  expect(JSON.stringify(buckets)).toContain('arn:aws:s3:::acme/*');
  expect(JSON.stringify(buckets)).not.toContain(from);
});

describe('related keys of one multi-Region key', () => {
  const keyId = 'mrk-1234abcd12ab34cd56ef1234567890ab';
  const inRegion = (region: string, accountId = '444455556666') => `arn:aws:kms:${region}:${accountId}:key/${keyId}`;
  const event = (internalKey: string): TestEvent => ({
    customer: 'acme',
    inbox: { ...inbox, kmsKeyArn: inRegion('eu-central-1') },
    internal: { bucket: 'waiting-reports', kmsKeyArn: internalKey },
  });

  test('both exist, each in its Region, with the policy that is given for one', async () => {
    const { world } = await worldFor(event(inRegion('us-east-1')));
    const [key, related] = ['eu-central-1', 'us-east-1'].map((region) => world.keys.get(inRegion(region)));
    expect(related).toEqual({ ...key, arn: inRegion('us-east-1'), region: 'us-east-1', isReplica: true, aliases: [] });
    expect(key).toMatchObject({ multiRegion: true, keyId });
  });

  test('are not related across accounts', async () => {
    const { world } = await worldFor(event(inRegion('us-east-1', '777788889999')));
    expect(world.keys.get(inRegion('eu-central-1'))?.multiRegion).toBe(false);
  });
});
