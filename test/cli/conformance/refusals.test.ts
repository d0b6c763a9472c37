import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { AwsError } from '../../../sandbox/wire/operation.ts';
import { type AwsDouble, accountIds, type DoubleOptions, startDouble } from './aws/double.ts';
import { conformance, leftIn, useFolder } from './running.ts';

useFolder();

const one = ['--scenario', 'scenarios/bucket-policy/silent.yaml'];
const writes = /^(Create|Put|Update|Enable|Disable|Delete|Schedule|Tag)/;

async function refused(options: DoubleOptions, args: (double: AwsDouble) => readonly string[] = ({ args }) => args) {
  const double = await startDouble(options);
  const ran = await conformance(double, [...args(double), '--yes', ...one]);
  const written = double.sandbox.calls
    .filter(({ operation }) => writes.test(operation))
    .map(({ operation }) => operation);
  await double.stop();
  return { ...ran, written, left: leftIn(double) };
}

describe('refuses, before anything is written,', () => {
  const swapped = (args: readonly string[]) => args.map((arg) => (arg === 'customer' ? 'service' : arg));
  const cases: readonly (readonly [
    string,
    DoubleOptions,
    ((double: AwsDouble) => readonly string[]) | undefined,
    RegExp,
  ])[] = [
    ['two profiles of one account', {}, ({ args }) => swapped(args), /Both profiles are for account 444455556666/],
    [
      'another account than the one that was typed',
      {},
      ({ args }) => args.map((arg) => (arg === accountIds.customer ? '123456789012' : arg)),
      /--customer-account says 123456789012, and --customer-profile is for account 777788889999/,
    ],
    [
      'one account for both',
      {},
      ({ args }) => args.map((arg) => (arg === accountIds.customer ? accountIds.service : arg)),
      /are both 444455556666/,
    ],
    ['an account that is named once', {}, ({ args }) => args.slice(0, 6), /--customer-account is missing/],
    ['a Region that is none', {}, ({ args }) => [...args, '--region', 'Frankfurt'], /--region: "Frankfurt"/],
    ['a Region of another partition', {}, ({ args }) => [...args, '--region', 'cn-north-1'], /partition aws-cn/],
    [
      'a Region that is not enabled',
      {
        intercept: ({ service, region }) =>
          service === 'sts' && region === 'eu-south-2'
            ? {
                kind: 'error',
                error: new AwsError(
                  'InvalidClientTokenId',
                  403,
                  'The security token included in the request is invalid',
                ),
              }
            : undefined,
      },
      ({ args }) => [...args, '--region', 'eu-south-2'],
      /--region eu-south-2: is not enabled in the service's account 444455556666/,
    ],
    [
      'credentials that have ended',
      {
        intercept: () => ({
          kind: 'error',
          error: new AwsError('ExpiredToken', 403, 'The security token included in the request is expired'),
        }),
      },
      undefined,
      /ExpiredToken.*Sign in/,
    ],
    [
      'the management account of an organization',
      {
        operations: {
          organizations: {
            DescribeOrganization: () => ({
              status: 200,
              headers: { 'content-type': 'application/x-amz-json-1.1' },
              body: JSON.stringify({ Organization: { Id: 'o-a1b2c3d4e5', MasterAccountId: accountIds.service } }),
            }),
          },
        },
      },
      undefined,
      /account 444455556666 is the management account of the organization o-a1b2c3d4e5/,
    ],
    [
      'missing permissions, each by its name',
      {
        denied: [{ Effect: 'Deny', Action: ['iam:CreateRole', 'kms:CreateKey', 's3:PutBucketPolicy'], Resource: '*' }],
      },
      undefined,
      /nothing was done[\s\S]*service account 444455556666: iam:CreateRole[\s\S]*customer account 777788889999: .*kms:CreateKey/,
    ],
  ];

  it.each(cases)('%s', async (_, options, args, message) => {
    const { status, stderr, written, state } = await refused(options, args);
    expect(stderr).toMatch(message);
    expect({ status, written, state: existsSync(state) }).toEqual({ status: 2, written: [], state: false });
  });

  it('to go on without a yes', async () => {
    const double = await startDouble();
    const stdin = Object.assign(Readable.from([Buffer.from('no\n')]), { isTTY: true });
    const said = await conformance(double, [...double.args, ...one], { stdin });
    const silent = await conformance(double, [...double.args, ...one]);
    await double.stop();
    expect([said.status, silent.status]).toEqual([2, 2]);
    expect(said.stderr).toMatch(/1 × |Calls to create/);
    expect(silent.stderr).toContain('--yes is missing');
    expect(double.sandbox.calls.filter(({ operation }) => writes.test(operation))).toEqual([]);
  });
});

describe('leaves nothing behind', () => {
  it('where permissions turn out missing that IAM may not be asked about', async () => {
    const denied = [
      { Effect: 'Deny' as const, Action: ['iam:SimulatePrincipalPolicy', 'kms:CreateKey'], Resource: '*' },
    ];
    const { status, stderr, left, state } = await refused({ denied });
    expect(stderr).toMatch(/service's account, CreateKey: AccessDenied[\s\S]*customer's account, CreateKey/);
    expect({ status, left, state: existsSync(state) }).toEqual({ status: 2, left: [], state: false });
  });

  it('where a role of that name exists, which is left alone', async () => {
    const exists = new AwsError('EntityAlreadyExists', 409, 'Role with name … already exists.');
    let roles = 0;
    const { status, stderr, left, written } = await refused({
      intercept: ({ operation }) =>
        operation === 'CreateRole' && ++roles === 2 ? { kind: 'error', error: exists } : undefined,
    });
    expect(stderr).toMatch(/-delivery\b/);
    expect(written.filter((operation) => operation === 'DeleteRole')).toHaveLength(1);
    expect({ status, left }).toEqual({ status: 2, left: [] });
  });

  it('where someone has a bucket of that name', async () => {
    const { status, stderr, left } = await refused({
      intercept: ({ operation }) =>
        operation === 'HeadBucket' ? { kind: 'error', error: new AwsError('AccessDenied', 403, '') } : undefined,
    });
    expect(stderr).toMatch(/-internal exists already/);
    expect({ status, left }).toEqual({ status: 2, left: [] });
  });

  it('where the world in which all is allowed does not pass', async () => {
    const denied = new AwsError('AccessDenied', 403, 'with an explicit deny in a service control policy');
    const { status, stderr, left } = await refused({
      intercept: ({ operation }) => (operation === 'CopyObject' ? { kind: 'error', error: denied } : undefined),
    });
    expect(stderr).toContain('copy-to-inbox');
    expect({ status, left }).toEqual({ status: 2, left: [] });
  });

  it('after Ctrl-C', async () => {
    const ctrlC = new AbortController();
    const double = await startDouble({
      intercept: ({ operation }) => {
        if (operation === 'PutBucketPolicy') ctrlC.abort(130);
        return undefined;
      },
    });
    const ran = await conformance(double, [...double.args, '--yes', ...one], { interrupted: ctrlC.signal });
    await double.stop();
    expect(ran.stderr).toContain(`conformance --clean-up --state ${ran.state}`);
    expect({ status: ran.status, left: leftIn(double), state: existsSync(ran.state) }).toEqual({
      status: 130,
      left: [],
      state: false,
    });
  });
});
