import type { AwsCredentialIdentity } from '@smithy/types';

export interface Access {
  /** An AWS profile; else the SDK's own chain: environment, AWS_PROFILE, instance. */
  readonly profile?: string | undefined;
  readonly credentials?: AwsCredentialIdentity;
  /** In place of AWS's own, for every service; without it the SDK reads AWS_ENDPOINT_URL and its like. */
  readonly endpoint?: string;
  /** The same for S3 Control, which this SDK client does not know. */
  readonly s3ControlEndpoint?: string | undefined;
  /** The same for EC2. */
  readonly ec2Endpoint?: string | undefined;
  /** Set where requests go to another endpoint than AWS's, which need not resolve a host name a bucket. */
  readonly pathStyle?: boolean;
}

/** The endpoints that the environment sets, except those that the SDK reads itself. */
export function awsEndpointsIn(env: Readonly<Record<string, string | undefined>>): Access {
  const everything = env['AWS_ENDPOINT_URL'];
  return {
    pathStyle: Boolean(everything || env['AWS_ENDPOINT_URL_S3']),
    s3ControlEndpoint: env['AWS_ENDPOINT_URL_S3_CONTROL'] || everything || undefined,
    ec2Endpoint: env['AWS_ENDPOINT_URL_EC2'] || everything || undefined,
  };
}
