import { dnsSuffixOf, partitionOf } from '../core/arn.ts';

/** For each partition, a Region and another one in the same partition. */
export const regionsOfPartitions = {
  aws: ['us-east-1', 'eu-west-1'],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-west-1', 'us-gov-east-1'],
} as const;
export type Partition = keyof typeof regionsOfPartitions;
export const partitions = Object.keys(regionsOfPartitions) as readonly Partition[];

/** The partition of this run. vitest.config.mjs runs the tests of the shipped templates once in each partition. */
export const homePartition = (process.env['PARTITION'] ?? 'aws') as Partition;
export const [homeRegion] = regionsOfPartitions[homePartition];

/** A text for the commercial partition (ARNs, endpoints, names with a Region), converted to another partition. */
export function inPartition(partition: Partition, text: string): string {
  const [region, another] = regionsOfPartitions[partition];
  return text
    .replaceAll('us-east-1', region)
    .replaceAll('eu-west-1', another)
    .replaceAll('arn:aws:', `arn:${partitionOf(region)}:`)
    .replaceAll(/(?<=s3\.[\w*-]+\.)amazonaws\.com/g, dnsSuffixOf(region));
}

/** The same for this run's partition. */
export function here(text: string): string {
  return inPartition(homePartition, text);
}
