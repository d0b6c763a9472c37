import type { Clients } from '../../../lambda/customer_configuration_check/diagnosis/clients.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import { gather } from '../../../lambda/customer_configuration_check/diagnosis/gather.ts';
import { readsTrustPolicy } from '../../../lambda/customer_configuration_check/diagnosis/probes/assume-role.ts';
import { simulatesS3 } from '../../../lambda/customer_configuration_check/diagnosis/probes/simulate-delivery.ts';
import { masked } from '../../masked.ts';
import { checkIn } from './checked-world.ts';
import { checked, checkSession, delivery, deliveryRole, refusal } from './delivery-in-trouble.ts';

/** A delivery role that doesn't exist. AssumeRole answers as for one that doesn't trust the caller. */

const around = { hasSource: false, cleansUp: false, isFunction: true, now: new Date('2026-11-21T12:00:00.000Z') };
const whole = { ...delivery, steps: ['assume-delivery-role', ...delivery.steps] } as const;
const answered = checked(
  { 'assume-delivery-role': { message: refusal('sts:AssumeRole', deliveryRole, '', checkSession) } },
  whole,
);
const denied = {
  ...answered,
  steps: answered.steps.map((one) => (one.status === 'passed' ? { ...one, status: 'skipped' as const } : one)),
};

const trusting = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::111111111111:role/x' } }],
};

function noSuchEntity(name = 'NoSuchEntityException'): Promise<never> {
  return Promise.reject(
    Object.assign(new Error('The role with name secure-inbox-delivery cannot be found.'), { name }),
  );
}

async function firstOf(iam: Partial<Clients['iam']>) {
  const findings = await gather(denied, around, { iam } as Clients, 5_000, [readsTrustPolicy, simulatesS3]);
  const [first] = await diagnose({ ...denied, findings });
  return first;
}

const unasked = () => Promise.reject(new Error('unasked'));

test.each(['NoSuchEntity', 'NoSuchEntityException'])('%s of GetRole proves it: create the role', async (name) => {
  const first = await firstOf({ role: () => noSuchEntity(name), simulate: unasked });
  expect(first).toMatchObject({
    confidence: 'proven',
    denial: { layer: 'role-trust-policy', action: 'sts:AssumeRole' },
  });
  expect(masked(first?.summary)).toMatchSnapshot();
  expect(first?.remedy).toMatchObject({ side: 'service', target: deliveryRole });
  expect(masked(first?.remedy?.instruction)).toMatchSnapshot();
  expect(first?.remedy).not.toHaveProperty('statement');
  expect(first?.remedy).not.toHaveProperty('document');
});

test('NoSuchEntity of the simulator makes it likely', async () => {
  const first = await firstOf({ role: unasked, simulate: () => noSuchEntity() });
  expect(first).toMatchObject({ confidence: 'inferred', denial: { layer: 'role-trust-policy' } });
  expect(masked(first?.summary)).toMatchSnapshot();
});

test('the trust policy of a role with the same name and another path proves nothing, and its ARN is the one to use', async () => {
  const arn = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
  const first = await firstOf({
    role: async () => ({ arn, trustPolicy: JSON.stringify(trusting) }),
    simulate: unasked,
  });
  expect(first).toMatchObject({ confidence: 'inferred', denial: { layer: 'role-trust-policy' } });
  expect(first?.remedy?.instruction).toContain(arn);
  expect(first?.remedy).not.toHaveProperty('statement');
});

test('an answer without an ARN is not IAM’s, and concludes nothing', async () => {
  const first = await firstOf({
    role: async () => ({ arn: undefined, trustPolicy: JSON.stringify(trusting) }),
    simulate: unasked,
  });
  expect(first?.confidence).toBe('inferred');
  expect(first?.summary).not.toContain('does not exist');
});

test('in two accounts: proven', async () => {
  const { report } = await checkIn('role-trust-policy/role-that-does-not-exist-and-iam-may-be-asked.yaml');
  expect(report.diagnoses[0]).toMatchObject({ confidence: 'proven', denial: { layer: 'role-trust-policy' } });
});

test("a role of that name with another path, in two accounts: comes before the check's missing permission", async () => {
  const { report } = await checkIn('role-trust-policy/path-mistyped.yaml');
  expect(report.diagnoses.map(({ denial, confidence }) => [denial.layer, confidence])).toEqual([
    ['role-trust-policy', 'inferred'],
    ['identity-policy', 'inferred'],
  ]);
});
