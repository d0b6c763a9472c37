import type { CustomerPart, ServicePart } from './scenario-schema.ts';
import type { Bucket } from './world.ts';

/** The names in the two accounts if a scenario sets no others. */
export const defaults = {
  serviceAccountId: '111111111111',
  customerAccountId: '222222222222',
  region: 'us-east-1',
  serviceOrganizationId: 'o-service',
  customerOrganizationId: 'o-customer',
  customer: 'acme',
  serviceStackName: 'SecureInboxConfigurationCheck',
  customerStackName: 'secure-inbox',
  prefix: 'reports/',
  /** From a block reserved for documentation (RFC 5737). */
  sourceIp: '203.0.113.10',
  vpcEndpoint: { id: 'vpce-0a1b2c3d', vpcId: 'vpc-0a1b2c3d', clientIp: '10.0.0.10' },
  serviceKeyId: '00000000-0000-4000-8000-000000000001',
  customerKeyId: '00000000-0000-4000-8000-000000000002',
  /** Used if the key is a multi-Region key. */
  customerMultiRegionKeyId: 'mrk-00000000000040008000000000000002',
} as const;

export interface AccountNames {
  readonly accountId: string;
  readonly region: string;
  readonly organizationId: string;
}

export function serviceNames({ accountId, region, organizationId }: ServicePart): AccountNames {
  return {
    accountId: accountId ?? defaults.serviceAccountId,
    region: region ?? defaults.region,
    organizationId: organizationId ?? defaults.serviceOrganizationId,
  };
}

export function customerNames({ accountId, region, organizationId }: CustomerPart): AccountNames {
  return {
    accountId: accountId ?? defaults.customerAccountId,
    region: region ?? defaults.region,
    organizationId: organizationId ?? defaults.customerOrganizationId,
  };
}

/**
 * S3's defaults for buckets created since April 2023:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
 */
export const bucketAsCreated = {
  objectOwnership: 'BucketOwnerEnforced',
  publicAccessBlock: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
  defaultEncryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false },
  versioned: false,
} satisfies Partial<Bucket>;
