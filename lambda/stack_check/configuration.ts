import { arnPattern, dnsSuffixOf } from '../../core/arn.ts';
import { patterns } from '../../core/event-patterns.ts';

/** What the environment of the two functions says, and where they are. */
export interface Configuration {
  /** Of the function, of its topics, and so of every stack that can ask. */
  readonly region: string;
  /** Followed by an account's id, the ARN of the topic to which that account alone may publish. */
  readonly topicArnPrefix: string;
  /** The domain of AWS's endpoints in this partition, as CloudFormation's AWS::URLSuffix has it. */
  readonly urlSuffix: string;
  readonly checkFunctionArn: string;
  readonly internalBucket: string;
  readonly serviceKmsKeyArn: string;
  /** How long a delivery that does not work is tried again, as policies that were just written take time. */
  readonly patienceMs: number;
}

/** Thrown where the environment cannot be used; the message names each variable that is wrong. */
export class InvalidConfiguration extends Error {
  constructor(problems: readonly string[]) {
    super(["The function's environment is invalid:", ...problems.map((problem) => `- ${problem}`)].join('\n'));
    this.name = 'InvalidConfiguration';
    this.stack = `${this.name}: ${this.message}`;
  }
}

const variables = {
  AWS_REGION: { pattern: patterns.region, allowed: 'the Region of the function' },
  TOPIC_ARN_PREFIX: {
    pattern: arnPattern(/sns:[a-z0-9-]+:\d{12}:[\w-]{1,243}-/),
    allowed: 'the ARN of a topic without the account id that it ends in',
  },
  URL_SUFFIX: { pattern: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/, allowed: `a domain, like ${dnsSuffixOf('us-east-1')}` },
  CHECK_FUNCTION_ARN: {
    pattern: arnPattern(/lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}/),
    allowed: 'the ARN of the function that checks',
  },
  INTERNAL_BUCKET: { pattern: patterns.bucket, allowed: 'the name of a bucket' },
  SERVICE_KMS_KEY_ARN: { pattern: patterns.kmsKeyArn, allowed: 'the full ARN of a KMS key' },
  PATIENCE_SECONDS: { pattern: /^\d{1,3}$/, allowed: 'a whole number of seconds up to 999' },
} as const;

export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const problems = Object.entries(variables).flatMap(([name, { pattern, allowed }]) => {
    const value = environment[name];
    if (!value) return [`${name} is not set. Set it to ${allowed}.`];
    return pattern.test(value) ? [] : [`${name} is ${JSON.stringify(value)}. Set it to ${allowed}.`];
  });
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  const given = (name: keyof typeof variables) => environment[name] ?? '';
  return {
    region: given('AWS_REGION'),
    topicArnPrefix: given('TOPIC_ARN_PREFIX'),
    urlSuffix: given('URL_SUFFIX'),
    checkFunctionArn: given('CHECK_FUNCTION_ARN'),
    internalBucket: given('INTERNAL_BUCKET'),
    serviceKmsKeyArn: given('SERVICE_KMS_KEY_ARN'),
    patienceMs: Number(given('PATIENCE_SECONDS')) * 1_000,
  };
}
