import type { Caller, World } from '../../model/world/world.ts';

/** How to talk to a running sandbox: what `sandbox --json` prints. */
export interface SandboxAccess {
  readonly url: string;
  readonly scenario: string;
  /** For every principal. */
  readonly environment: Readonly<Record<string, string>>;
  readonly principals: readonly Principal[];
  readonly deliveryRoleArn: string;
  readonly internalBucket: string;
  readonly serviceKeyArn: string;
  readonly inboxBucket: string;
  readonly inboxKeyArn: string;
  readonly testEvent: unknown;
  readonly examples: readonly Example[];
}

interface Principal {
  readonly name: string;
  readonly arn: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Example {
  readonly what: string;
  readonly command: string;
}

export interface ServedWorld {
  readonly world: World;
  readonly url: string;
  readonly scenario: string;
  /** Of the service's account. */
  readonly region: string;
}

export function accessTo({ world, url, scenario, region }: ServedWorld): SandboxAccess {
  const { deliveryRoleArn, internalBucket, serviceKeyArn, inboxBucket, inboxKeyArn, defaultEvent } = world;
  return {
    url,
    scenario,
    // The AWS CLI 1 reads AWS_DEFAULT_REGION alone.
    environment: { AWS_ENDPOINT_URL: url, AWS_REGION: region, AWS_DEFAULT_REGION: region },
    principals: [...world.callers.values()].map((caller) => ({
      name: nameOf(caller, world),
      arn: caller.arn,
      environment: credentials(caller),
    })),
    deliveryRoleArn,
    internalBucket,
    serviceKeyArn,
    inboxBucket,
    inboxKeyArn,
    testEvent: defaultEvent,
    examples: examples(world, region),
  };
}

function nameOf({ roleArn, accountId }: Caller, { checkRoleArn, serviceAccountId }: World): string {
  if (roleArn === checkRoleArn) return "the check's role";
  return `an administrator of Account ${accountId === serviceAccountId ? 'A, the service' : 'B, the customer'}`;
}

function credentials({ accessKeyId, secretAccessKey, sessionToken }: Caller): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  };
}

function examples(world: World, region: string): Example[] {
  const { deliveryRoleArn, internalBucket, inboxBucket, inboxKeyArn, defaultEvent } = world;
  const source = `${internalBucket}/configuration-check/${defaultEvent.customer}/hello.txt`;
  const inRegion = defaultEvent.inbox.region === region ? '' : ` --region ${defaultEvent.inbox.region}`;
  const target = `${defaultEvent.inbox.prefix ?? ''}configuration-check/hello.txt`;
  return [
    { what: 'who am I?', command: 'aws sts get-caller-identity' },
    {
      what: "from the check's role, become the delivery role",
      command: `export $(printf 'AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_SESSION_TOKEN=%s' $(aws sts assume-role --role-arn ${deliveryRoleArn} --role-session-name hello --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text))`,
    },
    {
      what: 'as the delivery role, step 1: put an object into the internal bucket',
      command: `echo hello | aws s3 cp - s3://${source} --sse aws:kms --sse-kms-key-id ${inboxKeyArn}`,
    },
    {
      what: 'as the delivery role, step 2: copy it to the Secure Inbox',
      command: `aws s3api copy-object --copy-source ${source} --bucket ${inboxBucket} --key ${target} --server-side-encryption aws:kms --ssekms-key-id ${inboxKeyArn}${inRegion}`,
    },
    {
      what: 'as an administrator of Account B: DryRunOperationException means that the real call would succeed',
      command: `aws kms generate-data-key --key-id ${inboxKeyArn} --key-spec AES_256 --dry-run${inRegion}`,
    },
  ];
}

/** The same for people: each block is ready to be pasted into a shell. */
export function renderAccess({ url, scenario, environment, principals, examples: commands }: SandboxAccess): string {
  return `${[
    `# Two AWS accounts at ${url}: ${scenario}`,
    '',
    '# In another terminal:',
    exportLine(environment),
    '# An AWS CLI before 2.13 (1.x: before 1.29) does not read AWS_ENDPOINT_URL. For those versions, also:',
    `aws() { command aws --endpoint-url ${url} "$@"; }`,
    ...principals.flatMap((principal) => [
      '',
      `# To be ${principal.name} (${principal.arn}):`,
      // The token of the principal before would not fit these keys.
      ...('AWS_SESSION_TOKEN' in principal.environment ? [] : ['unset AWS_SESSION_TOKEN']),
      exportLine(principal.environment),
    ]),
    ...commands.flatMap(({ what, command }) => ['', `# ${what}`, command]),
  ].join('\n')}\n`;
}

function exportLine(variables: Readonly<Record<string, string>>): string {
  return `export ${Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}`;
}
