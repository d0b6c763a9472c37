import { arnOf, dnsSuffixOf, partitionOf } from '../../core/arn.ts';
/** Where and under which name a template is deployed. */
export interface Deployment {
  readonly accountId: string;
  readonly region: string;
  /** Empty where nobody knows it. */
  readonly stackName: string;
}

/**
 * What `Ref` of a name that begins with `AWS::` yields, AWS::NoValue apart.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
export function pseudoParameters({
  accountId,
  region,
  stackName,
}: Deployment): Readonly<Record<string, string | readonly string[]>> {
  const partition = partitionOf(region);
  return {
    'AWS::AccountId': accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::URLSuffix': dnsSuffixOf(region),
    ...(stackName !== '' && {
      'AWS::StackId': arnOf({
        partition,
        service: 'cloudformation',
        region,
        accountId,
        resource: `stack/${stackName}/00000000-0000-4000-8000-000000000000`,
      }),
      'AWS::StackName': stackName,
    }),
  };
}
