/** Where and under which name a template is deployed. */
export interface Deployment {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
}

/** @see https://docs.aws.amazon.com/general/latest/gr/rande.html */
const partitions = [
  { prefix: 'cn-', partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn' },
  { prefix: 'us-gov-', partition: 'aws-us-gov', urlSuffix: 'amazonaws.com' },
  { prefix: '', partition: 'aws', urlSuffix: 'amazonaws.com' },
] as const;

export function partitionOf(region: string): { readonly partition: string; readonly urlSuffix: string } {
  return partitions.find(({ prefix }) => region.startsWith(prefix)) ?? partitions[2];
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
  const { partition, urlSuffix } = partitionOf(region);
  return {
    'AWS::AccountId': accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/00000000-0000-4000-8000-000000000000`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': urlSuffix,
  };
}
