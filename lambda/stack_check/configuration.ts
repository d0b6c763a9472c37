import { arnPattern, dnsSuffixOf } from '../../core/arn.ts';
import { type Environment, hasCustomEndpoint, readEnvironment } from '../../core/environment.ts';
import { patterns } from '../../core/event-rules.ts';
import { defined } from '../../core/values.ts';

/** The settings in the environment of both functions, and their account and Region. */
export interface StackCheckConfiguration {
  /** The Region of the function and its topics, and so of every stack that can send requests. */
  readonly region: string;
  /** The ARN prefix of the topics. It is followed by the ID of the only account that may publish to the topic. */
  readonly topicArnPrefix: string;
  /** The domain of AWS's endpoints in this partition, like CloudFormation's AWS::URLSuffix. */
  readonly urlSuffix: string;
  readonly checkFunctionArn: string;
  readonly internalBucket: string;
  readonly serviceKmsKeyArn: string;
  /** Contains the record of each account. */
  readonly requestsBucket: string;
  /** Contains the registrations of customers; absent if there is no registry. */
  readonly registryBucket?: string;
  /** The number of checks that may start for one account per hour. */
  readonly checksPerHour: number;
  /** Set if requests go to an endpoint other than AWS's, which may not resolve a host name per bucket. */
  readonly customEndpoint: boolean;
  /** How long to retry a failing delivery, because new policies take a while to take effect. */
  readonly patienceMs: number;
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
  REQUESTS_BUCKET: { pattern: patterns.bucket, allowed: 'the name of a bucket' },
  REGISTRY_BUCKET: { pattern: patterns.bucket, allowed: 'the name of a bucket', isOptional: true },
  CHECKS_PER_HOUR: { pattern: /^[1-9]\d{0,3}$/, allowed: 'a whole number from 1 to 9999' },
  PATIENCE_SECONDS: { pattern: /^\d{1,3}$/, allowed: 'a whole number of seconds up to 999' },
} as const;

export function readStackCheckConfiguration(environment: Environment): StackCheckConfiguration {
  const given = readEnvironment(environment, variables);
  return {
    region: given.AWS_REGION,
    topicArnPrefix: given.TOPIC_ARN_PREFIX,
    urlSuffix: given.URL_SUFFIX,
    checkFunctionArn: given.CHECK_FUNCTION_ARN,
    internalBucket: given.INTERNAL_BUCKET,
    serviceKmsKeyArn: given.SERVICE_KMS_KEY_ARN,
    requestsBucket: given.REQUESTS_BUCKET,
    ...defined({ registryBucket: given.REGISTRY_BUCKET }),
    checksPerHour: Number(given.CHECKS_PER_HOUR),
    customEndpoint: hasCustomEndpoint(environment),
    patienceMs: Number(given.PATIENCE_SECONDS) * 1_000,
  };
}
