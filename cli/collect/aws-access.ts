import type { AwsCredentialIdentity } from '@smithy/types';

export interface Access {
  /** An AWS profile; without one, the SDK's own chain: environment, AWS_PROFILE, instance. */
  readonly profile?: string | undefined;
  readonly credentials?: AwsCredentialIdentity;
  /** Replaces AWS's endpoint for every service. Without it, the SDK reads AWS_ENDPOINT_URL and the like. */
  readonly endpoint?: string;
  /** The same for S3 Control, which this SDK client doesn't support. */
  readonly s3ControlEndpoint?: string | undefined;
  /** The same for EC2. */
  readonly ec2Endpoint?: string | undefined;
  /** Set if requests go to an endpoint other than AWS's, which may not resolve a host name per bucket. */
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
