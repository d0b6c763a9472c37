import {
  type BucketLocationConstraint,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { DefaultEncryption, ObjectOwnership, PolicyDocument, PublicAccessBlock } from '../../model/world/world.ts';
import { type AskedAccount, askAws } from './ask-aws.ts';
import { type BucketPlace, locateBucket } from './locate-bucket.ts';
import { answerIn, mapped, type ReadResult, storedPolicy } from './read-results.ts';

export interface BucketFacts {
  readonly name: string;
  readonly place: ReadResult<BucketPlace>;
  /** Absent if the account doesn't have the bucket. */
  readonly settings?: BucketSettings;
}

export interface BucketSettings {
  readonly policy: ReadResult<PolicyDocument | undefined>;
  readonly objectOwnership: ReadResult<ObjectOwnership>;
  /** The stricter setting of the bucket and its account. */
  readonly publicAccessBlock: ReadResult<PublicAccessBlock>;
  readonly defaultEncryption: ReadResult<DefaultEncryption>;
}

/** @param region where the bucket should be */
export async function gatherBucket(account: AskedAccount, name: string, region: string): Promise<BucketFacts> {
  const place = await locateBucket(account, name, region);
  if (place.kind === 'read' && place.value.kind !== 'owned') return { name, place };
  const found = answerIn(place);
  const home = found?.kind === 'owned' ? found.region : region;
  const bucket = { account, home, of: { Bucket: name, ExpectedBucketOwner: account.accountId } };
  const [policy, objectOwnership, publicAccessBlock, defaultEncryption] = await Promise.all([
    policyOf(bucket),
    ownershipOf(bucket),
    publicAccessBlockOf(bucket),
    encryptionOf(bucket),
  ]);
  return { name, place, settings: { policy, objectOwnership, publicAccessBlock, defaultEncryption } };
}

interface Asked {
  readonly account: AskedAccount;
  readonly home: BucketLocationConstraint | string;
  readonly of: { readonly Bucket: string; readonly ExpectedBucketOwner: string };
}

function policyOf({ account, home, of }: Asked): Promise<ReadResult<PolicyDocument | undefined>> {
  return askAws<PolicyDocument | undefined>(
    account,
    's3:GetBucketPolicy',
    async (clients) => {
      const { Policy } = await clients.s3(home).send(new GetBucketPolicyCommand(of));
      return Policy === undefined ? undefined : storedPolicy(Policy);
    },
    { NoSuchBucketPolicy: undefined },
  );
}

/** If a bucket has no ownership controls, each object belongs to its writer. */
function ownershipOf({ account, home, of }: Asked): Promise<ReadResult<ObjectOwnership>> {
  return askAws<ObjectOwnership>(
    account,
    's3:GetBucketOwnershipControls',
    async (clients) => {
      const { OwnershipControls } = await clients.s3(home).send(new GetBucketOwnershipControlsCommand(of));
      return OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? 'ObjectWriter';
    },
    { OwnershipControlsNotFoundError: 'ObjectWriter' },
  );
}

const nothingBlocked: PublicAccessBlock = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

async function publicAccessBlockOf({ account, home, of }: Asked): Promise<ReadResult<PublicAccessBlock>> {
  const noSuch = { NoSuchPublicAccessBlockConfiguration: nothingBlocked };
  const ofBucket = await askAws<PublicAccessBlock>(
    account,
    's3:GetBucketPublicAccessBlock',
    async (clients) => {
      const { PublicAccessBlockConfiguration } = await clients.s3(home).send(new GetPublicAccessBlockCommand(of));
      return stricter(nothingBlocked, PublicAccessBlockConfiguration ?? {});
    },
    noSuch,
  );
  // A setting that is on for the bucket applies, even if it is off for the account.
  if (ofBucket.kind === 'read' && Object.values(ofBucket.value).every(Boolean)) return ofBucket;
  const ofAccount = await askAws<PublicAccessBlock>(
    account,
    's3:GetAccountPublicAccessBlock',
    (clients) => clients.accountPublicAccessBlock(home, account.accountId),
    noSuch,
  );
  if (ofBucket.kind === 'unread') return ofBucket;
  return mapped(ofAccount, (settings) => stricter(ofBucket.value, settings));
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
function stricter(
  one: PublicAccessBlock,
  other: { readonly [K in keyof PublicAccessBlock]?: boolean | undefined },
): PublicAccessBlock {
  return {
    BlockPublicAcls: one.BlockPublicAcls || other.BlockPublicAcls === true,
    IgnorePublicAcls: one.IgnorePublicAcls || other.IgnorePublicAcls === true,
    BlockPublicPolicy: one.BlockPublicPolicy || other.BlockPublicPolicy === true,
    RestrictPublicBuckets: one.RestrictPublicBuckets || other.RestrictPublicBuckets === true,
  };
}

/**
 * Every bucket has one since 2023: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
 */
const sseS3: DefaultEncryption = { sseAlgorithm: 'AES256', bucketKeyEnabled: false };

function encryptionOf({ account, home, of }: Asked): Promise<ReadResult<DefaultEncryption>> {
  return askAws<DefaultEncryption>(
    account,
    's3:GetEncryptionConfiguration',
    async (clients) => {
      const answer = await clients.s3(home).send(new GetBucketEncryptionCommand(of));
      const [rule] = answer.ServerSideEncryptionConfiguration?.Rules ?? [];
      const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
      const bucketKeyEnabled = rule?.BucketKeyEnabled === true;
      if (SSEAlgorithm !== 'aws:kms' && SSEAlgorithm !== 'aws:kms:dsse') return { ...sseS3, bucketKeyEnabled };
      return { sseAlgorithm: SSEAlgorithm, bucketKeyEnabled, ...(KMSMasterKeyID && { kmsKeyArn: KMSMasterKeyID }) };
    },
    { ServerSideEncryptionConfigurationNotFoundError: sseS3 },
  );
}
