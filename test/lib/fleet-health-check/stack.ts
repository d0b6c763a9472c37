import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { FleetHealthCheck, type FleetHealthCheckProps } from '../../../lib/fleet-health-check.ts';
import { app } from '../synthesized.ts';

export const functionArn = 'arn:aws:lambda:us-east-1:111111111111:function:customer_configuration_check';
export const registryBucket = 'secure-inbox-registry-111111111111-us-east-1';

/** A stack with only the health check; the registry and the function are elsewhere. */
export function healthCheckTemplate(props: Partial<FleetHealthCheckProps> = {}): Template {
  const stack = new Stack(app(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  new FleetHealthCheck(stack, 'HealthCheck', {
    registry: Bucket.fromBucketName(stack, 'Registry', registryBucket),
    check: LambdaFunction.fromFunctionArn(stack, 'Check', functionArn),
    ...props,
  });
  return Template.fromStack(stack);
}
