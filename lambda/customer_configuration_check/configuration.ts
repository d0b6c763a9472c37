import { parseArn } from '../../core/arn.ts';
import { type EventDefaults, patterns } from '../../core/event-rules.ts';
import { metricsNamespace } from '../../core/metrics.ts';

/** What the function's environment says, and who is invoked. */
export interface Configuration extends EventDefaults {
  readonly serviceKmsKeyArn?: string;
  /** Holds one JSON object a customer, which a batch can name by key. */
  readonly registryBucket?: string;
  /** Tells the metrics of one deployment from those of another. */
  readonly metricsNamespace: string;
  /** Customers of a batch that are checked at once. */
  readonly concurrency: number;
  /** Set where requests go to another endpoint than AWS's, which need not resolve a host name a bucket. */
  readonly customEndpoint: boolean;
  /** False where somebody runs the check with credentials of their own. */
  readonly isFunction: boolean;
}

/** Thrown where the function's environment cannot be used; the message names each variable that is wrong. */
class InvalidConfiguration extends Error {
  constructor(problems: readonly string[]) {
    super(["The function's environment is invalid:", ...problems.map((problem) => `- ${problem}`)].join('\n'));
    this.name = 'InvalidConfiguration';
    this.stack = `${this.name}: ${this.message}`;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const variables = {
  AWS_REGION: { pattern: patterns.region, allowed: 'the Region of the internal bucket', required: true },
  INTERNAL_BUCKET: { pattern: patterns.bucket, allowed: 'the name of a bucket', required: false },
  REGISTRY_BUCKET: { pattern: patterns.bucket, allowed: 'the name of a bucket', required: false },
  DELIVERY_ROLE_ARN: { pattern: patterns.roleArn, allowed: 'the ARN of an IAM role', required: false },
  SERVICE_KMS_KEY_ARN: { pattern: patterns.kmsKeyArn, allowed: 'the full ARN of a KMS key', required: false },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
  METRICS_NAMESPACE: {
    pattern: /^(?!AWS\/)[\w.\-/#:]{1,255}$/,
    allowed: 'the namespace of CloudWatch metrics, which does not begin with AWS/',
    required: false,
  },
  INBOXES_IN_THIS_ACCOUNT: { pattern: /^(true|false)$/, allowed: 'true or false', required: false },
  CHECK_CONCURRENCY: { pattern: /^([1-9]\d?|100)$/, allowed: 'a whole number from 1 to 100', required: false },
} as const;

/** @param invokedFunctionArn as in the invocation's context */
export function readConfiguration(environment: Environment, invokedFunctionArn?: string): Configuration {
  const problems = Object.entries(variables).flatMap(([name, { pattern, allowed, required }]) => {
    const value = environment[name];
    if (!value) return required ? [`${name} is not set. Set it to ${allowed}.`] : [];
    return pattern.test(value) ? [] : [`${name} is ${JSON.stringify(value)}. Set it to ${allowed}.`];
  });
  if (problems.length > 0) throw new InvalidConfiguration(problems);

  const given = (name: keyof typeof variables) => environment[name] || undefined;
  const accountId = parseArn(invokedFunctionArn ?? '')?.accountId;
  const internalBucket = given('INTERNAL_BUCKET');
  const registryBucket = given('REGISTRY_BUCKET');
  const deliveryRoleArn = given('DELIVERY_ROLE_ARN');
  const serviceKmsKeyArn = given('SERVICE_KMS_KEY_ARN');
  return {
    region: given('AWS_REGION') ?? '',
    metricsNamespace: given('METRICS_NAMESPACE') ?? metricsNamespace,
    concurrency: Number(given('CHECK_CONCURRENCY') ?? 10),
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    isFunction: environment['AWS_EXECUTION_ENV']?.startsWith('AWS_Lambda_') ?? false,
    customEndpoint: Boolean(environment['AWS_ENDPOINT_URL'] || environment['AWS_ENDPOINT_URL_S3']),
    inboxesInThisAccount: given('INBOXES_IN_THIS_ACCOUNT') === 'true',
    ...(accountId && { accountId }),
    ...(internalBucket && { internalBucket }),
    ...(registryBucket && { registryBucket }),
    ...(deliveryRoleArn && { deliveryRoleArn }),
    ...(serviceKmsKeyArn && { serviceKmsKeyArn }),
  };
}
