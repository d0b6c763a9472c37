import { checkSessionPrefix } from '../../../core/object-keys.ts';
import { printableLine, shellWord } from '../../../core/printable.ts';
import type { Caller, World } from '../../../model/world/world.ts';
import { credentialVariables } from '../../run/function-settings.ts';

interface ServedWorld {
  readonly world: World;
  readonly url: string;
  readonly scenario: string;
  /** The Region of the service's account. */
  readonly region: string;
}

/** The addresses and credentials of a running sandbox, which `sandbox --json` prints. */
export function accessTo({ world, url, scenario, region }: ServedWorld) {
  const { deliveryRoleArn, internalBucket, serviceKeyArn, inboxBucket, inboxKeyArn, defaultEvent } = world;
  return {
    url,
    scenario,
    // Set for every principal. The AWS CLI 1 only reads AWS_DEFAULT_REGION.
    environment: { AWS_ENDPOINT_URL: url, AWS_REGION: region, AWS_DEFAULT_REGION: region },
    principals: [...world.callers.values()].map((caller) => ({
      name: nameOf(caller, world),
      arn: caller.arn,
      environment: credentialVariables(caller),
    })),
    deliveryRoleArn,
    internalBucket,
    serviceKeyArn,
    inboxBucket,
    inboxKeyArn,
    testEvent: defaultEvent,
    examples: examples(world, region, url),
  };
}

function nameOf({ roleArn, accountId }: Caller, { checkRoleArn, serviceAccountId }: World): string {
  if (roleArn === checkRoleArn) return "the check's role";
  return `an administrator of Account ${accountId === serviceAccountId ? 'A, the service' : 'B, the customer'}`;
}

function examples(world: World, region: string, url: string): readonly Readonly<Record<'what' | 'command', string>>[] {
  const { checkRoleArn, deliveryRoleArn, internalBucket, inboxBucket, inboxKeyArn, defaultEvent } = world;
  const source = `${internalBucket}/configuration-check/${defaultEvent.customer}/hello.txt`;
  const inRegion = defaultEvent.inbox.region === region ? '' : ` --region ${shellWord(defaultEvent.inbox.region)}`;
  const checkName = checkRoleArn.split('/').at(-1) ?? '';
  const target = `${defaultEvent.inbox.prefix ?? ''}configuration-check/hello.txt`;
  return [
    { what: 'who am I?', command: 'aws sts get-caller-identity' },
    {
      what: "from the check's role, become the delivery role",
      command: `export $(printf 'AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_SESSION_TOKEN=%s' $(aws sts assume-role --role-arn ${shellWord(deliveryRoleArn)} --role-session-name ${checkSessionPrefix}hello --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text))`,
    },
    {
      what: 'as the delivery role, step 1: put an object into the internal bucket',
      command: `echo hello | aws s3 cp - ${shellWord(`s3://${source}`)} --sse aws:kms --sse-kms-key-id ${shellWord(inboxKeyArn)}`,
    },
    {
      what: 'as the delivery role, step 2: copy it to the Secure Inbox',
      command: `aws s3api copy-object --copy-source ${shellWord(source)} --bucket ${shellWord(inboxBucket)} --key ${shellWord(target)} --server-side-encryption aws:kms --ssekms-key-id ${shellWord(inboxKeyArn)}${inRegion}`,
    },
    {
      what: 'as the delivery role: a denial, as AWS words it to a caller of the same account',
      command: `aws s3api list-objects-v2 --bucket ${shellWord(internalBucket)}`,
    },
    {
      what: 'as an administrator of Account B: the policy of the Secure Inbox',
      command: `aws s3api get-bucket-policy --bucket ${shellWord(inboxBucket)} --query Policy --output text${inRegion}`,
    },
    {
      what: 'as an administrator of Account A: invoke the check',
      command: `echo ${shellWord(JSON.stringify(defaultEvent))} > event.json && aws lambda invoke --function-name ${shellWord(checkName)} --payload fileb://event.json report.json && cat report.json`,
    },
    {
      // The account is part of the host name. If the sandbox is used as a proxy, the name need not resolve.
      what: 'as an administrator of Account A: Block Public Access of the whole account',
      command: `HTTP_PROXY=${url} aws s3control get-public-access-block --account-id ${world.serviceAccountId}`,
    },
  ];
}

/** The same for people, in blocks that can be pasted into a shell. */
export function renderAccess({
  url,
  scenario,
  environment,
  principals,
  examples: commands,
}: ReturnType<typeof accessTo>): string {
  return `${[
    `# Two AWS accounts at ${url}: ${printableLine(scenario)}`,
    '',
    '# In another terminal:',
    exportLine(environment),
    '# An AWS CLI before 2.13 (1.x: before 1.29) does not read AWS_ENDPOINT_URL. For those versions, also:',
    `aws() { command aws --endpoint-url ${url} "$@"; }`,
    ...principals.flatMap((principal) => [
      '',
      `# To be ${printableLine(`${principal.name} (${principal.arn})`)}:`,
      // The previous principal's token would not match these keys.
      ...('AWS_SESSION_TOKEN' in principal.environment ? [] : ['unset AWS_SESSION_TOKEN']),
      exportLine(principal.environment),
    ]),
    ...commands.flatMap(({ what, command }) => ['', `# ${printableLine(what)}`, command]),
  ].join('\n')}\n`;
}

function exportLine(variables: Readonly<Record<string, string>>): string {
  return `export ${Object.entries(variables)
    .map(([name, value]) => `${name}=${shellWord(value)}`)
    .join(' ')}`;
}
