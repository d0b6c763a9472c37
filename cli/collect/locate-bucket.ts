import { GetBucketLocationCommand, HeadBucketCommand, paginateListBuckets } from '@aws-sdk/client-s3';
import type { AccountClients } from './account-clients.ts';
import { type AskedAccount, answeredByAws, askAws } from './ask-aws.ts';
import { mapped, type ReadResult, read } from './read-results.ts';

export type BucketPlace =
  | { readonly kind: 'owned'; readonly region: string }
  | { readonly kind: 'missing' }
  /** Another account has a bucket with this name. S3 doesn't reveal which account. */
  | { readonly kind: 'foreign'; readonly region?: string };

interface Seen {
  readonly status: 'found' | 'missing' | 'refused';
  readonly region?: string;
}

/** @param expected the Region to try first */
export async function locateBucket(
  account: AskedAccount,
  name: string,
  expected: string,
): Promise<ReadResult<BucketPlace>> {
  const seen = await askAws(account, 's3:ListBucket', (clients) => look(clients, account.accountId, name, expected));
  if (seen.kind === 'unread') return seen;
  const { status, region } = seen.value;
  if (status === 'missing') return read({ kind: 'missing' });
  if (status === 'found') return read({ kind: 'owned', region: region ?? expected });

  // Denied because of a missing permission or the expected owner. The account's own list shows which.
  const listed = await askAws(account, 's3:ListAllMyBuckets', (clients) => find(clients, name, expected));
  if (listed.kind === 'read') {
    if (listed.value) return read({ kind: 'owned', region: listed.value.region ?? region ?? expected });
    return read({ kind: 'foreign', ...(region !== undefined && { region }) });
  }
  const located = await askAws(account, 's3:GetBucketLocation', async (clients) => {
    const command = new GetBucketLocationCommand({ Bucket: name, ExpectedBucketOwner: account.accountId });
    return (await clients.s3(region ?? expected).send(command)).LocationConstraint;
  });
  // S3 returns an empty Region for us-east-1: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
  return located.kind === 'read' ? mapped(located, (home) => ({ kind: 'owned', region: home || 'us-east-1' })) : listed;
}

/** An answer to HEAD has no error body, but contains the Region even if denied. */
async function look(clients: AccountClients, accountId: string, name: string, region: string): Promise<Seen> {
  try {
    const command = new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: accountId });
    const { BucketRegion } = await clients.s3(region).send(command);
    return { status: 'found', region: BucketRegion ?? region };
  } catch (error) {
    const { status, headers } = answeredByAws(error);
    const home = headers['x-amz-bucket-region'];
    if (status === 404) return { status: 'missing' };
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
    if ((status === 301 || status === 400) && home !== undefined && home !== region) {
      return look(clients, accountId, name, home);
    }
    if (status === 403) return { status: 'refused', ...(home !== undefined && { region: home }) };
    throw error;
  }
}

async function find(
  clients: AccountClients,
  name: string,
  region: string,
): Promise<{ readonly region: string | undefined } | undefined> {
  for await (const { Buckets = [] } of paginateListBuckets({ client: clients.s3(region) }, { Prefix: name })) {
    const bucket = Buckets.find(({ Name }) => Name === name);
    if (bucket) return { region: bucket.BucketRegion };
  }
  return undefined;
}
