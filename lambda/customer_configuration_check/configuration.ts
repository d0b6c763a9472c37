import { parseArn } from '../../core/arn.ts';
import { type Environment, hasCustomEndpoint, readEnvironment } from '../../core/environment.ts';
import { type EventDefaults, patterns } from '../../core/event-rules.ts';
import { metricsNamespace } from '../../core/metrics.ts';
import { defined } from '../../core/values.ts';

/** The settings in the function's environment, and the invoked function. */
export interface Configuration extends EventDefaults {
  readonly serviceKmsKeyArn?: string;
  /** Contains one JSON object per customer, which a batch can name by key. */
  readonly registryBucket?: string;
  /** Separates the metrics of one deployment from those of another. */
  readonly metricsNamespace: string;
  readonly concurrency: number;
  /** Set if requests go to an endpoint other than AWS's, which may not resolve a host name per bucket. */
  readonly customEndpoint: boolean;
  /** False if someone runs the check with their own credentials. */
  readonly isFunction: boolean;
}

const variables = {
  AWS_REGION: { pattern: patterns.region, allowed: 'the Region of the internal bucket' },
  INTERNAL_BUCKET: { pattern: patterns.bucket, allowed: 'the name of a bucket', isOptional: true },
  REGISTRY_BUCKET: { pattern: patterns.bucket, allowed: 'the name of a bucket', isOptional: true },
  DELIVERY_ROLE_ARN: { pattern: patterns.roleArn, allowed: 'the ARN of an IAM role', isOptional: true },
  SERVICE_KMS_KEY_ARN: { pattern: patterns.kmsKeyArn, allowed: 'the full ARN of a KMS key', isOptional: true },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
  METRICS_NAMESPACE: {
    pattern: /^(?!AWS\/)[\w.\-/#:]{1,255}$/,
    allowed: 'the namespace of CloudWatch metrics, which does not begin with AWS/',
    isOptional: true,
  },
  INBOXES_IN_THIS_ACCOUNT: { pattern: /^(true|false)$/, allowed: 'true or false', isOptional: true },
  CHECK_CONCURRENCY: { pattern: /^([1-9]\d?|100)$/, allowed: 'a whole number from 1 to 100', isOptional: true },
} as const;

/** @param invokedFunctionArn as in the invocation's context */
export function readConfiguration(environment: Environment, invokedFunctionArn?: string): Configuration {
  const given = readEnvironment(environment, variables);
  return {
    region: given.AWS_REGION,
    metricsNamespace: given.METRICS_NAMESPACE ?? metricsNamespace,
    concurrency: Number(given.CHECK_CONCURRENCY ?? 10),
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    isFunction: environment['AWS_EXECUTION_ENV']?.startsWith('AWS_Lambda_') ?? false,
    customEndpoint: hasCustomEndpoint(environment),
    inboxesInThisAccount: given.INBOXES_IN_THIS_ACCOUNT === 'true',
    ...defined({
      accountId: parseArn(invokedFunctionArn ?? '')?.accountId || undefined,
      internalBucket: given.INTERNAL_BUCKET,
      registryBucket: given.REGISTRY_BUCKET,
      deliveryRoleArn: given.DELIVERY_ROLE_ARN,
      serviceKmsKeyArn: given.SERVICE_KMS_KEY_ARN,
    }),
  };
}
