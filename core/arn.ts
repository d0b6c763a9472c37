/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, of which Region and account may be empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, accountId, ...resource] = text.split(':');
  if (prefix !== 'arn' || !partition || !service || region === undefined || accountId === undefined) return undefined;
  if (resource.length === 0) return undefined;
  return { partition, service, region, accountId, resource: resource.join(':') };
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html and the partitions file that the AWS SDKs share. */
const partitionOfRegionPrefix: Readonly<Record<string, string>> = {
  'cn-': 'aws-cn',
  'us-gov-': 'aws-us-gov',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'eu-isoe-': 'aws-iso-e',
  'us-isof-': 'aws-iso-f',
  'eusc-': 'aws-eusc',
};

/** IAM principals and KMS keys don't reach beyond the partition that they are in. */
export function partitionOf(region: string): string {
  const prefix = Object.keys(partitionOfRegionPrefix).find((start) => region.startsWith(start));
  return (prefix && partitionOfRegionPrefix[prefix]) ?? 'aws';
}
