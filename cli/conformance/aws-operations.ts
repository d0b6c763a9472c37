import type { Side } from '../../core/vocabulary.ts';
import type { AccountClients } from '../collect/account-clients.ts';

interface Operation {
  readonly service: 'iam' | 's3' | 'kms' | 'sts';
  /** The required permission, if it has a different name. */
  readonly action?: string;
  /** The permission to set tags, for operations that create something with tags. */
  readonly tagging?: string;
  /** Its cost. @default free */
  readonly price?: 's3-write' | 's3-read' | 'kms';
}

/** Every request of a run that changes or reads the two accounts, apart from those of the check. */
const operations = {
  CreateRole: { service: 'iam', tagging: 'TagRole' },
  TagRole: { service: 'iam' },
  UntagRole: { service: 'iam' },
  GetRole: { service: 'iam' },
  UpdateAssumeRolePolicy: { service: 'iam' },
  PutRolePolicy: { service: 'iam' },
  DeleteRolePolicy: { service: 'iam' },
  ListRolePolicies: { service: 'iam' },
  CreatePolicy: { service: 'iam', tagging: 'TagPolicy' },
  GetPolicy: { service: 'iam' },
  CreatePolicyVersion: { service: 'iam' },
  ListPolicyVersions: { service: 'iam' },
  DeletePolicyVersion: { service: 'iam' },
  DeletePolicy: { service: 'iam' },
  PutRolePermissionsBoundary: { service: 'iam' },
  DeleteRolePermissionsBoundary: { service: 'iam' },
  DeleteRole: { service: 'iam' },
  HeadBucket: { service: 's3', action: 'ListBucket', price: 's3-read' },
  CreateBucket: { service: 's3', price: 's3-write' },
  PutBucketTagging: { service: 's3', price: 's3-write' },
  GetBucketTagging: { service: 's3', price: 's3-read' },
  PutBucketVersioning: { service: 's3', price: 's3-write' },
  PutBucketPolicy: { service: 's3', price: 's3-write' },
  DeleteBucketPolicy: { service: 's3' },
  PutPublicAccessBlock: { service: 's3', action: 'PutBucketPublicAccessBlock', price: 's3-write' },
  DeletePublicAccessBlock: { service: 's3', action: 'PutBucketPublicAccessBlock' },
  PutBucketOwnershipControls: { service: 's3', price: 's3-write' },
  PutBucketEncryption: { service: 's3', action: 'PutEncryptionConfiguration', price: 's3-write' },
  ListObjectVersions: { service: 's3', action: 'ListBucketVersions', price: 's3-write' },
  DeleteObjects: { service: 's3', action: 'DeleteObjectVersion', price: 's3-write' },
  DeleteBucket: { service: 's3' },
  CreateKey: { service: 'kms', tagging: 'TagResource', price: 'kms' },
  ListKeys: { service: 'kms', price: 'kms' },
  ListResourceTags: { service: 'kms', price: 'kms' },
  PutKeyPolicy: { service: 'kms', price: 'kms' },
  EnableKey: { service: 'kms', price: 'kms' },
  DisableKey: { service: 'kms', price: 'kms' },
  CreateGrant: { service: 'kms', price: 'kms' },
  RevokeGrant: { service: 'kms', price: 'kms' },
  CancelKeyDeletion: { service: 'kms', price: 'kms' },
  ScheduleKeyDeletion: { service: 'kms', price: 'kms' },
  AssumeRole: { service: 'sts' },
} as const satisfies Readonly<Record<string, Operation>>;
export type OperationName = keyof typeof operations;

export function operationOf(name: OperationName): Operation {
  return operations[name];
}

/** The actions as policies write them. */
export function actionsOf(name: OperationName): readonly string[] {
  const { service, action = name, tagging } = operationOf(name);
  return [action, tagging].flatMap((one) => (one === undefined ? [] : [`${service}:${one}`]));
}

type Output = Readonly<Record<string, unknown>>;
type Sender = { send(command: never): Promise<object> };

/** @throws the SDK's error, with AWS's name */
export async function send(
  clients: AccountClients,
  region: string,
  name: OperationName,
  input: object,
): Promise<Output> {
  const { service } = operationOf(name);
  const sdk: Readonly<Record<string, unknown>> = await packages[service]();
  const Command = sdk[`${name}Command`] as new (input: object) => never;
  const client = clients[service](region) as unknown as Sender;
  return { ...(await client.send(new Command(input))) };
}

const packages = {
  iam: () => import('@aws-sdk/client-iam'),
  s3: () => import('@aws-sdk/client-s3'),
  kms: () => import('@aws-sdk/client-kms'),
  sts: () => import('@aws-sdk/client-sts'),
};

/** One request to AWS as data, so that a plan lists exactly what a run sends. */
export interface PlannedCall {
  readonly side: Side;
  readonly operation: OperationName;
  readonly input: Readonly<Record<string, unknown>>;
  /** A value from the answer that later calls need: its name and its path. */
  readonly learn?: { readonly as: string; readonly from: readonly string[] };
}

/** A placeholder in a call's input for a value from an earlier answer. */
export function learned(name: string): string {
  return `<learned ${name}>`;
}

export function withLearned(input: PlannedCall['input'], known: ReadonlyMap<string, string>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(input), (_, value: unknown) => {
    const [, name] = (typeof value === 'string' && /^<learned (.+)>$/s.exec(value)) || [];
    return name === undefined ? value : (known.get(name) ?? raise(name));
  });
}

function raise(name: string): never {
  throw new Error(`No call has learned ${name}`);
}
