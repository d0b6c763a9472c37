import type { TestEvent } from '../../core/event.ts';
import type { Layer, layers } from '../../core/layers.ts';
import type { RequestFact } from '../policies/request-facts.ts';

/**
 * Two AWS accounts as data: the sandbox serves them, scenarios describe them, and templates are loaded into them.
 * Nothing here knows about HTTP.
 */

export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: readonly PolicyStatement[] | PolicyStatement;
}
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly [element: string]: unknown;
}

/** A policy with its name (inline) or ARN (managed, organization) in AWS's messages and reports. */
export interface Policy {
  readonly name: string;
  readonly arn?: string;
  readonly document: PolicyDocument;
}

/** The documents in accounts, roles, buckets or keys, according to the rows of layers. */
type Documents<Kept extends string> = {
  readonly [L in Layer as (typeof layers)[L] extends {
    readonly document: readonly [string, string, Kept, infer Field extends string];
  }
    ? Field
    : never]?: PolicyDocument | Policy | readonly Policy[];
};

export interface Account extends Documents<'accounts'> {
  readonly id: string;
  readonly organizationId?: string;
  /**
   * The account's place there, `o-…/r-…/ou-…/`:
   * https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
   */
  readonly organizationPath?: string;
  /** False if FullAWSAccess was detached, so that service control policies must allow. @default true */
  readonly fullAwsAccess?: boolean;
  readonly serviceControlPolicies: readonly Policy[];
  readonly resourceControlPolicies: readonly Policy[];
  /** S3 Block Public Access of the whole account; absent if it is not configured. */
  readonly publicAccessBlock?: PublicAccessBlock;
}

export interface Role extends Documents<'roles'> {
  readonly arn: string;
  readonly accountId: string;
  readonly name: string;
  /** `AROA…`. A deleted and re-created role gets a new ID, while policies keep the old one. */
  readonly roleId: string;
  readonly trustPolicy: PolicyDocument;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
  readonly policies: readonly Policy[];
  readonly permissionsBoundary?: Policy;
}

export const objectOwnerships = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;
export type ObjectOwnership = (typeof objectOwnerships)[number];

export const sseAlgorithms = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;

export const publicAccessSettings = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const;
export type PublicAccessBlock = Readonly<Record<(typeof publicAccessSettings)[number], boolean>>;

export interface DefaultEncryption {
  readonly sseAlgorithm: (typeof sseAlgorithms)[number];
  readonly kmsKeyArn?: string;
  readonly bucketKeyEnabled: boolean;
}

export interface Bucket extends Documents<'buckets'> {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly policy?: PolicyDocument;
  readonly objectOwnership: ObjectOwnership;
  /** Absent if the bucket has no such configuration. */
  readonly publicAccessBlock?: PublicAccessBlock;
  /** S3's own default is AES256 without a Bucket Key. */
  readonly defaultEncryption: DefaultEncryption;
  readonly versioned: boolean;
  /** True if other accounts must send a header in which they agree to pay. @default false */
  readonly requesterPays?: boolean;
  /** True if something, such as a scan, a function or a rule, immediately removes every new object. */
  readonly movesObjects?: boolean;
  readonly objects: Map<string, StoredObject>;
}

export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: Date;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Cache-Control and other headers that readers get back, keyed by lower-case name. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default STANDARD */
  readonly storageClass?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly encryption: {
    readonly sseAlgorithm: DefaultEncryption['sseAlgorithm'];
    readonly kmsKeyArn?: string;
    readonly bucketKeyEnabled: boolean;
    /** The caller's part of the encryption context; S3 adds `aws:s3:arn` itself. */
    readonly context: Readonly<Record<string, string>>;
  };
  readonly versionId?: string;
  /** Checksums from the request or computed by S3, keyed by header name without `x-amz-checksum-`. */
  readonly checksums: Readonly<Record<string, string>>;
  /** Whether the checksums cover the whole object or the checksums of its parts. @default FULL_OBJECT */
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE';
  /** The parts of an object that was uploaded in parts, in order. */
  readonly parts?: readonly { readonly size: number; readonly checksums: Readonly<Record<string, string>> }[];
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export const keyStates = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Unavailable',
  'Creating',
  'Updating',
] as const;
export type KeyState = (typeof keyStates)[number];

/** A key can be used while its primary Region changes. */
export function isUsable(state: KeyState): boolean {
  return state === 'Enabled' || state === 'Updating';
}

export interface Grant {
  readonly grantId: string;
  readonly granteePrincipal: string;
  readonly operations: readonly string[];
  readonly constraints?: {
    readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
    readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
  };
}

export interface Key extends Documents<'keys'> {
  readonly arn: string;
  readonly keyId: string;
  readonly accountId: string;
  readonly region: string;
  readonly policy: PolicyDocument;
  readonly state: KeyState;
  /** S3 can only use `SYMMETRIC_DEFAULT`. */
  readonly spec: string;
  readonly multiRegion: boolean;
  /** Set for a multi-Region key that is a replica of the primary key. */
  readonly isReplica?: true;
  readonly grants: readonly Grant[];
  readonly aliases: readonly string[];
}

export interface Caller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly accountId: string;
  /** `arn:aws:sts::…:assumed-role/NAME/SESSION`, or the account's root user. */
  readonly arn: string;
  /** `AROA…:SESSION`, the value of aws:userid; for the root user, the account ID. */
  readonly userId: string;
  /** The role of a session; absent for the root user, who has no identity policies. */
  readonly roleArn?: string;
  readonly sessionPolicy?: PolicyDocument;
  readonly expiresAt?: Date;
}

/** How requests reach AWS: the values of the network condition keys. */
export interface Network {
  readonly sourceIp?: string;
  readonly vpcEndpoint?: {
    readonly id: string;
    readonly vpcId: string;
    /** Requests to other Regions bypass it: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html */
    readonly region?: string;
    /** The address of the client within the VPC. */
    readonly clientIp?: string;
    readonly policy: PolicyDocument;
  };
  /** False if requests count as plain HTTP. The sandbox itself always uses HTTP on loopback. */
  readonly secureTransport: boolean;
}

/** A CloudFormation stack, with the fields that DescribeStacks returns. */
export interface DeployedStack {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** A CloudTrail management event, as LookupEvents returns it in `CloudTrailEvent`. */
export interface TrailEvent {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventSource: string;
  readonly eventTime: Date;
  readonly recipientAccountId: string;
  readonly region: string;
  readonly readOnly: boolean;
  readonly username: string;
  readonly accessKeyId: string;
  readonly resources: readonly { readonly type: string; readonly arn: string; readonly accountId: string }[];
  readonly record: Readonly<Record<string, unknown>>;
}

export interface World {
  readonly serviceAccountId: string;
  readonly customerAccountId: string;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly roles: Map<string, Role>;
  readonly buckets: Map<string, Bucket>;
  readonly keys: Map<string, Key>;
  readonly callers: Map<string, Caller>;
  readonly network: Network;
  /** Unknown facts about requests. Conditions on them are neither met nor unmet. @default none */
  readonly unknownFacts?: ReadonlySet<RequestFact>;
  readonly sessionPolicyOverride?: PolicyDocument;
  readonly trail: TrailEvent[];
  /** The sources of both accounts. @default none */
  readonly stacks?: readonly DeployedStack[];
  /** How long it takes until LookupEvents shows an event, in milliseconds. @default 0 */
  readonly cloudTrailLagMs?: number;
  readonly checkRoleArn: string;
  readonly deliveryRoleArn: string;
  readonly internalBucket: string;
  readonly serviceKeyArn: string;
  readonly inboxBucket: string;
  readonly inboxKeyArn: string;
  readonly functionEnvironment: Readonly<Record<string, string>>;
  /** The ready-made test event in the outputs of the customer's stack. */
  readonly defaultEvent: TestEvent;
  readonly now: () => Date;
}
