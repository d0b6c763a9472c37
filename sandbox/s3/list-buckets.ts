import type { Bucket, World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { arnIn } from './address.ts';
import { askAccount } from './ask.ts';
import { invalidArgument } from './errors.ts';
import { continuationToken, nameInToken, ownerElement } from './listing.ts';
import { documentAnswer } from './operation.ts';

/** Worlds don't say when their buckets were created. */
const creationDate = '2026-01-01T00:00:00.000Z';

/**
 * The buckets of the caller's account, sorted by name, whatever their policies say.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
 */
export function listBuckets(world: World, request: SandboxRequest): SandboxResponse {
  const { caller, query } = request;
  askAccount(world, request, 's3:ListAllMyBuckets');

  const most = Number(query.get('max-buckets') ?? 10_000);
  const prefix = query.get('prefix') ?? '';
  const region = query.get('bucket-region') ?? undefined;
  const after = nameInToken(query.get('continuation-token'));
  if (!(most >= 1 && most <= 10_000)) {
    throw invalidArgument('max-buckets', 'max-buckets must be between 1 and 10000', String(most));
  }
  if (region !== undefined && !isRegionName(region)) {
    throw invalidArgument('bucket-region', `Argument value ${region} is not a valid AWS Region`);
  }
  const owned = [...world.buckets.values()]
    .filter((bucket) => bucket.accountId === caller.accountId && (region === undefined || bucket.region === region))
    .filter(({ name }) => name.startsWith(prefix) && name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const shown = owned.slice(0, most);
  const last = shown.at(-1);
  return documentAnswer('ListAllMyBucketsResult', [
    ownerElement(caller.accountId),
    element('Buckets', shown.map(bucketElement)),
    query.has('prefix') ? element('Prefix', prefix) : undefined,
    last && shown.length < owned.length ? element('ContinuationToken', continuationToken(last.name)) : undefined,
  ]);
}

function bucketElement(bucket: Bucket): string {
  const { name, region } = bucket;
  return element('Bucket', [
    element('BucketArn', arnIn(bucket)),
    element('BucketRegion', region),
    element('CreationDate', creationDate),
    element('Name', name),
  ]);
}

/** https://docs.aws.amazon.com/general/latest/gr/s3.html and the partitions file that the AWS SDKs share */
const regions = `
  af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
  ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
  eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1
  me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
  cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1
`
  .trim()
  .split(/\s+/);

function isRegionName(name: string): boolean {
  return regions.includes(name);
}
