import { mostRequests } from '../../../lambda/customer_configuration_check/diagnosis/gather.ts';
import { checkIn, denied, evidenceOf, failing, inShort, throttled } from './checked-world.ts';

/** The check's probes after a denial, and its conclusions: the bundle runs against two accounts. */

const bareDenial = 'identity-policy/put-inbox-not-allowed.yaml';
const ownSteps = ['sts:AssumeRole', 's3:PutObject', 's3:CopyObject', 's3:DeleteObject'];

describe('our own side', () => {
  test('is likely if S3 gives no reason, because only the event shows the bucket owner that policies test', async () => {
    const { report } = await checkIn(bareDenial);
    expect(inShort(report)).toEqual(['s3:PutObject identity-policy inferred']);
    expect(report.diagnoses[0]?.denial.effect).toBe('implicit');
    expect(evidenceOf(report, 'policy-simulator')).toMatchSnapshot();
  });

  test('is proven by the simulator if no key that policies test is unknown', async () => {
    const { report } = await checkIn('identity-policy/mfa-demanded.yaml');
    expect(inShort(report)).toContain('s3:DeleteObject identity-policy proven');
  });

  test('is excluded by it if it allows, which leaves Block Public Access next to what AWS names', async () => {
    const { report } = await checkIn('bucket-policy/silent-same-organization.yaml');
    expect(inShort(report)).toEqual(['s3:PutObject bucket-policy inferred']);
    expect(report.diagnoses[0]?.candidates.map(({ layer }) => layer)).toEqual(['block-public-access']);
  });

  test('is not proven if a policy tests something that cannot be known in advance', async () => {
    const { report } = await checkIn('identity-policy/session-tag-demanded.yaml');
    expect(inShort(report)).toEqual(['s3:PutObject identity-policy inferred']);
    expect(evidenceOf(report, 'policy-simulator')).toMatchSnapshot();
  });

  test('of a boundary is likely, and the identity policies behind it are simulated without it', async () => {
    const { report } = await checkIn('combined/identity-and-boundary-on-one-edge.yaml');
    expect(inShort(report)).toEqual([
      's3:PutObject identity-policy inferred',
      's3:PutObject permissions-boundary inferred',
    ]);
  });

  test('distinguishes a key policy that trusts the account from one that denies', async () => {
    const { report } = await checkIn('key-policy/account-trusted-and-no-identity-permission.yaml');
    expect(inShort(report)).toEqual([
      'kms:GenerateDataKey identity-policy proven',
      'kms:Decrypt identity-policy proven',
    ]);
    const both = await checkIn('several-faults/both-sides-of-the-key.yaml');
    expect(inShort(both.report)).toContain('kms:GenerateDataKey key-policy inferred');
  });

  test('of AssumeRole is read from the trust policy, because AWS gives no reason', async () => {
    const { report } = await checkIn('role-trust-policy/silent.yaml');
    expect(inShort(report)[0]).toBe('sts:AssumeRole role-trust-policy proven');
    // The proof comes first, right after AWS's answer.
    expect(report.diagnoses[0]?.evidence[1]).toMatchObject({ source: 'policy-analysis' });
  });
});

describe('a fault behind the first', () => {
  test('of the source is found by reading it', async () => {
    const { report } = await checkIn('several-faults/three-conditions-copied-from-elsewhere.yaml');
    expect(inShort(report).slice(0, 2)).toEqual([
      'kms:Decrypt key-policy inferred',
      's3:PutObject bucket-policy inferred',
    ]);
  });

  test('of reading and deleting is found although nothing could be stored', async () => {
    const { report, world } = await checkIn('permissions-boundary/internal-bucket-forgotten.yaml');
    expect(inShort(report)).toEqual([
      's3:PutObject permissions-boundary proven',
      's3:GetObject permissions-boundary proven',
      's3:DeleteObject permissions-boundary proven',
    ]);
    expect(world.buckets.get(world.internalBucket)?.objects.size).toBe(0);
  });
});

test("an inbox whose key is in an unexpected account: the bucket's owner comes first", async () => {
  const { report } = await checkIn('bucket-owner/account-mistyped.yaml');
  const [one, ...others] = report.diagnoses;
  expect(others).toEqual([]);
  expect(one).toMatchObject({ confidence: 'inferred', denial: { layer: 'bucket-owner' } });
  expect(one?.candidates[0]).toMatchObject({ layer: 'bucket-policy' });
  expect(one?.remedy).not.toHaveProperty('statement');
});

test('an internal bucket that does not exist: policies about its name are not a fault', async () => {
  const { report } = await checkIn('bucket-missing/internal-mistyped.yaml');
  expect(inShort(report)).toEqual(['s3:PutObject bucket-missing proven']);
});

test('an internal bucket that only the event names, and that S3 never confirmed: its policies prove nothing', async () => {
  const { report } = await checkIn('combined/trust-policy-and-mistyped-internal-bucket.yaml');
  expect(inShort(report)).toEqual(['sts:AssumeRole role-trust-policy proven', 'kms:Decrypt identity-policy inferred']);
});

describe('what a report says about a role', () => {
  test('that was not assumed: it is the resource of the denial, not the caller', async () => {
    const { report } = await checkIn('combined/trust-policy-hides-the-rest.yaml');
    expect(report.diagnoses.map(({ summary }) => summary)).toEqual([
      expect.stringContaining('customer_configuration_check'),
      expect.stringMatching(/secure-inbox-delivery .*kms:Decrypt/),
    ]);
    expect(report.diagnoses[0]?.remedy?.instruction).not.toMatch(/AROA|Deny/);
  });

  test('whose trust policy allows the check and denies with conditions: the Deny must be changed', async () => {
    const { report } = await checkIn('role-trust-policy/denied.yaml');
    expect(report.diagnoses).toMatchObject([
      {
        denial: { layer: 'role-trust-policy', effect: 'explicit' },
        confidence: 'inferred',
        remedy: { instruction: expect.stringMatching(/\bDeny\b/) },
      },
    ]);
    expect(report.diagnoses[0]?.remedy).not.toHaveProperty('statement');
  });
});

describe('a question that AWS does not answer', () => {
  test('names the policy that denies it, which may deny more', async () => {
    const { report } = await checkIn('service-control-policy/network-perimeter.yaml');
    expect(evidenceOf(report, 'policy-simulator')).toMatchSnapshot();
  });

  test('leaves the cause open, and says which permission would answer it', async () => {
    const fault = denied('iam:SimulatePrincipalPolicy');
    const { report } = await checkIn(bareDenial, { intercept: failing('SimulatePrincipalPolicy', fault) });
    expect(inShort(report)).toEqual(['s3:PutObject bucket-policy inferred']);
    expect(report.diagnoses[0]?.candidates.map(({ layer }) => layer)).toContain('identity-policy');
    expect(evidenceOf(report, 'policy-simulator')).toMatchSnapshot();
  });

  test.each([
    ['throttled', throttled],
    ['reset', { kind: 'reset' }],
    ['answered with garbage', { kind: 'answer', response: { status: 200, headers: {}, body: '<not' } }],
  ] as const)('because it is %s is sent once, and proves nothing', async (_, fault) => {
    const { report, calls } = await checkIn(bareDenial, { intercept: failing('SimulatePrincipalPolicy', fault) });
    const whole = await checkIn(bareDenial);
    expect(inShort(report)).toEqual(['s3:PutObject bucket-policy inferred']);
    expect(evidenceOf(report, 'policy-simulator')).toMatchSnapshot();
    const asked = (of: readonly string[]) => of.filter((call) => call === 'iam:SimulatePrincipalPolicy').length;
    // If the simulator denies, the check sends a control question.
    expect(asked(calls)).toBe(asked(whole.calls) - 1);
  });

  test('takes no more than the available time: the report is returned, and the test object is deleted', async () => {
    const { report, world } = await checkIn(bareDenial, {
      intercept: failing('SimulatePrincipalPolicy', { kind: 'hang' }),
      // Twice what a busy machine needs to deliver. Half of the remaining time is spent waiting, less than the client's
      // timeout.
      timeoutMs: 9_000,
    });
    expect(report).toMatchObject({ verdict: 'denied', deniedStep: 'copy-to-inbox' });
    expect(evidenceOf(report, 'policy-simulator')).toMatchSnapshot();
    expect(world.buckets.get(world.internalBucket)?.objects.size).toBe(0);
  });
});

describe('what is sent', () => {
  test('is nothing if the check passes, or the event requests no diagnosis', async () => {
    expect((await checkIn('everything-in-order.yaml')).calls).toEqual(ownSteps);
    expect((await checkIn(bareDenial, { event: { diagnosis: 'none' } })).calls).toEqual(ownSteps);
  });

  test.each([
    bareDenial,
    'identity-policy/no-policies.yaml',
    'role-trust-policy/silent.yaml',
    'key-policy/silent.yaml',
    'several-faults/customer-did-nothing.yaml',
    'bucket-policy/put-object-acl-not-allowed.yaml',
    'combined/copy-alone-and-disabled-key.yaml',
  ])('after %s is little, and leaves nothing behind', async (scenario) => {
    const { report, calls, world } = await checkIn(scenario);
    const own = report.steps.filter(({ status, request, error }) => request && (status !== 'skipped' || error)).length;
    expect(calls.length - own).toBeLessThanOrEqual(mostRequests + 1);
    expect(world.buckets.get(world.internalBucket)?.objects.size).toBe(0);
  });

  test.each([
    'combined/boundary-and-bucket-policy.yaml',
    'identity-policy/put-internal-denied.yaml',
    'key-policy/waiting-reports-under-the-services-key.yaml',
  ])('after %s takes at most five round trips', async (scenario) => {
    // Long enough that starting a round's requests takes no significant time.
    const { report, roundTrips } = await checkIn(scenario, { latencyMs: 500 });
    const own = report.steps.filter(({ status, request, error }) => request && (status !== 'skipped' || error)).length;
    expect(roundTrips - own).toBeGreaterThan(0);
    expect(roundTrips - own).toBeLessThanOrEqual(5);
  });

  test("never goes to the customer's bucket", async () => {
    const asked: string[] = [];
    await checkIn(bareDenial, {
      intercept: ({ operation, incoming }) => {
        if (incoming.path.includes('secure-inbox-222222222222')) asked.push(operation);
        return undefined;
      },
    });
    expect(asked).toEqual(['CopyObject']);
  });
});

describe('a full diagnosis', () => {
  const full = { event: { diagnosis: 'full' } } as const;

  test('finds the ACL that a policy requires', async () => {
    const { report } = await checkIn('bucket-policy/acl-demanded.yaml', full);
    expect(inShort(report)).toEqual(['s3:PutObject bucket-policy inferred']);
    expect(evidenceOf(report, 'probe')).toMatchSnapshot();
    const others = report.diagnoses[0]?.candidates.map(({ layer }) => layer);
    expect(others).not.toContain('bucket-owner');
    expect(others).not.toContain('block-public-access');
  });

  test('finds the Bucket Key that the key policy does not expect', async () => {
    const { report } = await checkIn('key-policy/bucket-key-and-object-arn.yaml', full);
    expect(evidenceOf(report, 'probe')).toMatchSnapshot();
    expect(report.diagnoses[0]?.candidates.map(({ layer }) => layer)).not.toContain('key-missing');
  });

  test('changes neither encryption nor key, owner or name of what it delivers', async () => {
    const copies: (readonly (string | undefined)[])[] = [];
    await checkIn('bucket-policy/silent.yaml', {
      ...full,
      intercept: ({ operation, incoming: { path, headers } }) => {
        const names = ['', '-aws-kms-key-id'].map((name) => headers[`x-amz-server-side-encryption${name}`]);
        if (operation === 'CopyObject') copies.push([path, ...names, headers['x-amz-expected-bucket-owner']]);
        return undefined;
      },
    });
    expect(copies).toHaveLength(2);
    expect(new Set(copies.map((copy) => copy.join(' '))).size).toBe(1);
    expect(copies[0]).not.toContain(undefined);
  });

  test('must be requested by the event', async () => {
    const { calls } = await checkIn('bucket-policy/acl-demanded.yaml');
    expect(calls.filter((call) => call === 's3:CopyObject')).toHaveLength(1);
  });
});
