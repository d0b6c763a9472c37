import type { AnswerDifference } from '../../../cli/conformance/compare-answers.ts';
import { services } from '../../../sandbox/server/services.ts';
import { AwsError, type SandboxResponse, type ServiceOperation } from '../../../sandbox/wire/operation.ts';
import { type DoubleOptions, startDouble } from './aws/double.ts';
import { conformance, type Ran, useFolder } from './running.ts';

/** Complete runs, which have to wait for each other on a busy machine. */

useFolder();

type Operations = DoubleOptions['operations'] & {};

/** The sandbox's own operation, with a changed answer or error. */
function changed(
  service: keyof Operations,
  operation: string,
  change: { answer?: (answer: SandboxResponse) => SandboxResponse; error?: (error: AwsError) => AwsError },
): Operations {
  const original = services[service].operations[operation];
  const run: ServiceOperation = async (world, request) => {
    try {
      const answer = (await original?.(world, request)) ?? { status: 500, headers: {}, body: '' };
      return change.answer?.(answer) ?? answer;
    } catch (error) {
      throw error instanceof AwsError && change.error ? change.error(error) : error;
    }
  };
  return { [service]: { [operation]: run } };
}

function merged(...all: readonly Operations[]): Operations {
  const services = new Set(all.flatMap((operations) => Object.keys(operations))) as Set<keyof Operations>;
  return Object.fromEntries([...services].map((name) => [name, Object.assign({}, ...all.map((one) => one[name]))]));
}

const ignored = (service: keyof Operations, operation: string, answer: SandboxResponse): Operations => ({
  [service]: { [operation]: () => answer },
});
const json: SandboxResponse = { status: 200, headers: {}, body: '{"GrantId":"1"}' };
const anotherError = (change: Partial<Pick<AwsError, 'code' | 'status' | 'message'>>) => (error: AwsError) => {
  const { code = error.code, status = error.status, message = error.message } = change;
  return new AwsError(code, status, message, error.extra, error.headers);
};
const withoutHeader = (name: string) => (answer: SandboxResponse) => {
  const { [name]: _, ...headers } = answer.headers;
  return { ...answer, headers };
};

/** Accepts the first trust policy of each role, so that the first world passes, and ignores all others. */
function onlyFirstTrust(): DoubleOptions['intercept'] {
  const seen = new Set<string>();
  return ({ operation, incoming }) => {
    const role = new URLSearchParams(incoming.body.toString()).get('RoleName') ?? '';
    if (operation !== 'UpdateAssumeRolePolicy' || !seen.has(role)) {
      if (operation === 'UpdateAssumeRolePolicy') seen.add(role);
      return undefined;
    }
    return { kind: 'answer', response: { status: 200, headers: {}, body: '<UpdateAssumeRolePolicyResponse/>' } };
  };
}

const bucketKey = 'x-amz-server-side-encryption-bucket-key-enabled';
const asAllowed = (answer: SandboxResponse) => ({
  ...answer,
  body: String(answer.body).replaceAll('implicitDeny', 'allowed').replaceAll('explicitDeny', 'allowed'),
});

type Found = readonly [what: string, scenario: string, difference: Partial<AnswerDifference>];

/**
 * Each is an AWS that differs from the simulation in a few ways, with worlds in which each difference must be found.
 */
const plants: readonly (readonly [options: DoubleOptions, found: readonly Found[]])[] = [
  [
    {
      operations: merged(
        changed('s3', 'CopyObject', {
          answer: (answer) => ({ ...answer, headers: { ...answer.headers, [bucketKey]: 'false' } }),
          error: anotherError({ message: 'No.' }),
        }),
        changed('kms', 'DescribeKey', { error: anotherError({ message: 'Never.' }) }),
      ),
    },
    [
      ['another header', 'not-broken/whole-bucket', { aspect: 'answer', aws: 'false', sandbox: 'true' }],
      ['another text of S3', 'bucket-policy/silent', { aspect: 'answer', aws: 'No.', sandbox: 'Access Denied' }],
      ['another text of KMS', 'key-policy/silent', { aspect: 'answer', aws: 'Never.' }],
    ],
  ],
  [
    {
      operations: merged(
        changed('s3', 'CopyObject', {
          answer: withoutHeader(bucketKey),
          error: anotherError({ code: 'InvalidRequest' }),
        }),
        changed('iam', 'SimulatePrincipalPolicy', { answer: asAllowed }),
      ),
    },
    [
      [
        'a header that is not there',
        'not-broken/whole-bucket',
        { aspect: 'answer', where: expect.stringMatching(bucketKey) },
      ],
      [
        'another code, which the report reads otherwise',
        'bucket-policy/silent',
        { aspect: 'verdict', sandbox: 'denied' },
      ],
      [
        'another decision of the simulator',
        'identity-policy/put-internal-not-allowed',
        { aspect: 'answer', where: expect.stringMatching(/EvalDecision$/) },
      ],
    ],
  ],
  [
    {
      operations: merged(
        changed('s3', 'CopyObject', { error: anotherError({ status: 400 }) }),
        ignored('kms', 'CreateGrant', json),
        ignored('kms', 'DisableKey', { ...json, body: '{}' }),
      ),
      intercept: onlyFirstTrust(),
    },
    [
      ['another status', 'bucket-policy/silent', { aspect: 'answer', aws: '400', sandbox: '403' }],
      ['a grant without effect', 'key-grant/constrained-to-the-inbox', { aspect: 'step' }],
      [
        'a key that stays enabled',
        'key-state/disabled-for-the-inbox-only',
        { aspect: 'verdict', aws: 'passed', sandbox: 'misconfigured' },
      ],
      [
        'a trust policy without effect',
        'role-trust-policy/silent',
        { aspect: 'step', sandbox: expect.stringMatching(/denied at assume-delivery-role$/) },
      ],
    ],
  ],
];

it('has ten planted differences', () => {
  expect(plants.flatMap(([, found]) => found)).toHaveLength(10);
});

describe.each(plants)('planted together', (options, found) => {
  let ran: Ran;
  beforeAll(async () => {
    const double = await startDouble(options);
    const scenarios = found.map(([, scenario]) => `scenarios/${scenario}.yaml`);
    ran = await conformance(double, [...double.args, '--yes', '--json', '--scenario', ...scenarios]);
    await double.stop();
  });

  it.each(found)('finds %s', (_, scenario, difference) => {
    const result = ran.printed().scenarios.find(({ file }) => file.includes(scenario));
    expect(result?.differences).toContainEqual(expect.objectContaining(difference));
    expect(ran.status).toBe(1);
  });
});

it('reports a document that AWS rejects, and continues', async () => {
  const refused = new AwsError('MalformedPolicy', 400, 'Policy has invalid resource');
  const double = await startDouble({
    intercept: ({ operation, incoming }) =>
      operation === 'PutBucketPolicy' &&
      !incoming.body.toString().includes('DeliverReports') &&
      incoming.path.includes('777788889999')
        ? { kind: 'error', error: refused }
        : undefined,
  });
  const scenarios = ['bucket-policy/silent', 'key-policy/silent'].map((name) => `scenarios/${name}.yaml`);
  const ran = await conformance(double, [...double.args, '--yes', '--json', '--scenario', ...scenarios]);
  await double.stop();
  expect(ran.status).toBe(1);
  expect(ran.printed().scenarios).toContainEqual(
    expect.objectContaining({
      file: scenarios[0],
      outcome: 'not-put',
      refusal: expect.objectContaining({ code: 'MalformedPolicy' }),
    }),
  );
  expect(ran.printed().scenarios).toContainEqual(expect.objectContaining({ file: scenarios[1], outcome: 'same' }));
});
