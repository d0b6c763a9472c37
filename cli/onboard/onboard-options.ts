import { arnExamples, endpointOf } from '../../core/arn.ts';
import { patterns } from '../../core/event-rules.ts';
import { shellWord } from '../../core/printable.ts';
import { ownEntry } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { Customer } from './registration.ts';
import { optionNamed, type ServiceOptions } from './service-side.ts';

export interface OnboardOptions extends ServiceOptions, Customer {
  readonly stackName: string;
  readonly parameter?: readonly string[];
  readonly templateUrl?: string;
  readonly outputs?: string;
  readonly fromStack?: string;
  readonly serviceProfile?: string;
  readonly customerProfile?: string;
  readonly replace?: true;
  readonly dryRun?: true;
  readonly check: boolean;
  /** True if no duration is given. */
  readonly wait?: string | true;
  readonly function: string;
  readonly local?: true;
  readonly sandbox?: true;
  readonly html?: string;
  readonly page?: string;
  readonly json?: true;
  readonly color: boolean;
}

interface Form {
  readonly pattern: RegExp;
  readonly allowed: string;
}

const bucket: Form = { pattern: patterns.bucket, allowed: 'a bucket name, without s3:// or an ARN' };
const region: Form = { pattern: patterns.region, allowed: 'the code of an AWS Region, like us-east-1' };

const forms: Readonly<Record<string, Form>> = {
  customer: {
    pattern: patterns.customer,
    allowed: 'up to 58 letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
  },
  account: { pattern: patterns.accountId, allowed: "the 12 digits of the customer's AWS account id" },
  region,
  prefix: { pattern: patterns.prefix, allowed: 'folder names that each end in a slash, like reports/' },
  stackName: {
    pattern: /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
    allowed: 'up to 128 letters, digits and hyphens, beginning with a letter',
  },
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
  templateUrl: {
    pattern: /^https:\/\/(?:[a-z0-9.-]+\.)?s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?\/\S+$/,
    allowed: `the https:// address of an object in S3, like https://BUCKET.${endpointOf('s3', 'us-east-1')}/secure-inbox.yaml; CloudFormation takes templates from nowhere else`,
  },
  serviceRegion: region,
  deliveryRoleArn: {
    pattern: patterns.roleArn,
    allowed: `the ARN of an IAM role, like ${arnExamples.role}`,
  },
  internalBucket: bucket,
  registry: bucket,
  serviceKeyArn: { pattern: patterns.kmsKeyArn, allowed: 'the full ARN of a KMS key' },
};

/** @throws InputError with every malformed option */
export function refuseMalformed(options: object): void {
  const problems = Object.entries(options).flatMap(([name, value]) => {
    const form = ownEntry(forms, name);
    if (!form || typeof value !== 'string' || form.pattern.test(value)) return [];
    return [`${optionNamed(name)}: is ${JSON.stringify(value)}. Allowed: ${form.allowed}.`];
  });
  if (problems.length > 0) throw new InputError(problems.join('\n'));
}

/** Options that need the customer's existing stack. */
const forRegistration = ['replace', 'dryRun', 'wait', 'local', 'customerProfile'] as const;

/** @throws InputError for options that contradict each other or would have no effect */
export function refuseContradictions(options: OnboardOptions): void {
  const { outputs, fromStack, check, sandbox, local } = options;
  if (outputs !== undefined && fromStack !== undefined) {
    throw new InputError('--outputs, --from-stack: are two ways to say the same. Give one of them.');
  }
  if (sandbox && local) throw new InputError('--local, --sandbox: a check runs in one place. Give one of them.');
  if (!check && options.wait !== undefined) {
    throw new InputError('--wait, --no-check: without a check there is nothing to wait for. Leave one of them out.');
  }
  if (outputs !== undefined || fromStack !== undefined) {
    if (options.html === undefined || (check && !options.dryRun)) return;
    throw new InputError(
      `--html, ${check ? '--dry-run' : '--no-check'}: without a check there is nothing to tell the customer. Leave one of them out.`,
    );
  }
  const idle = forRegistration.filter((name) => options[name] !== undefined).map(optionNamed);
  if (idle.length === 0) return;
  throw new InputError(
    `${idle.join(', ')}: only for a stack that is there. Give its outputs with --outputs FILE or --from-stack NAME; without either, what the customer has to deploy is printed.`,
  );
}

const ownOptions: Readonly<Record<string, string>> = {
  CustomerName: '--customer',
  DeliveryRoleArn: '--delivery-role-arn',
  SenderInternalBucketName: '--internal-bucket',
  Prefix: '--prefix',
};

export function optionOf(parameter: string): string {
  return ownOptions[parameter] ?? `--parameter ${parameter}`;
}

/** @throws InputError for a value that is not `NAME=VALUE`, is given twice, or has its own option */
export function parametersOf({ parameter = [] }: OnboardOptions): Readonly<Record<string, string>> {
  const parameters = new Map<string, string>();
  for (const text of parameter) {
    const [, name, value] = /^([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new InputError(`--parameter: is ${JSON.stringify(text)}. Allowed: NAME=VALUE, like RetentionDays=90.`);
    }
    const option = ownOptions[name];
    if (option !== undefined) throw new InputError(`--parameter ${name}: is given with ${option}. Use that instead.`);
    if (parameters.has(name)) throw new InputError(`--parameter ${name}: is given twice. Leave one of them out.`);
    parameters.set(name, value);
  }
  return Object.fromEntries(parameters);
}

/** The same command for after the stack was created. */
export function nextCommandOf(options: OnboardOptions): readonly string[] {
  const { customer, account, region, prefix, stackName, sandbox, serviceStack, serviceProfile } = options;
  const repeated: Readonly<Record<string, string | undefined>> = {
    'service-stack': serviceStack === defaults.serviceStackName ? undefined : serviceStack,
    'service-profile': serviceProfile,
    'service-region': options.serviceRegion,
  };
  return [
    `secure-inbox onboard --customer ${shellWord(customer)} --account ${shellWord(account)} --region ${shellWord(region)}`,
    ...(prefix ? [`--prefix ${shellWord(prefix)}`] : []),
    ...(sandbox
      ? Object.entries(parametersOf(options)).map(([name, value]) => `--parameter ${shellWord(`${name}=${value}`)}`)
      : []),
    ...Object.entries(repeated).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name} ${shellWord(value)}`],
    ),
    sandbox
      ? `--from-stack ${shellWord(stackName)} --sandbox`
      : `--outputs ${shellWord(`${customer}-outputs.json`)} --wait`,
  ];
}
