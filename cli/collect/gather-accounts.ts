import { arnOf, parseArn, partitionOf, roleArn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { AskedAccount } from './ask-aws.ts';
import { type BucketFacts, gatherBucket } from './gather-bucket.ts';
import { gatherKey, isMissing, type KeyFacts, keyArnNamed } from './gather-key.ts';
import { gatherOrganization, type OrganizationFacts } from './gather-organization.ts';
import { gatherRole, type RoleFacts } from './gather-role.ts';
import { type FunctionFacts, gatherFunction, gatherVpcEndpoint, type VpcEndpointFacts } from './gather-vpc-endpoint.ts';
import type { ReadResult } from './read-results.ts';
import { answerIn } from './read-results.ts';

export interface GatherOptions {
  readonly event: TestEvent;
  readonly service: AskedAccount;
  readonly customer: AskedAccount;
  /** The Region of the service's function and internal bucket. */
  readonly region: string;
  readonly functionName: string;
  /** Replaces the function's environment if it can't be read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (text: string) => void;
}

/**
 * Reads as much of both accounts as possible.
 *
 * @throws InputError if AWS can't be called at all
 */
export async function gatherAccounts(collection: GatherOptions): Promise<Collected> {
  const { event, onProgress } = collection;
  onProgress(`Reading the service's account ${collection.service.accountId} …`);
  const service = await gatherService(collection);
  onProgress(`Reading the customer's account ${collection.customer.accountId} …`);
  return { event, service, customer: await gatherCustomer(collection, service.key) };
}

async function gatherService(collection: GatherOptions): Promise<ServiceFacts> {
  const { event, service: account, region, functionName, environment } = collection;
  const { accountId } = account;
  const configuration = await gatherFunction(account, functionName, region);
  const deployed = answerIn(configuration);
  const settings = { ...environment, ...deployed?.environment };

  // If no names are given, try those of bin/app.ts.
  const statedRole = event.deliveryRoleArn ?? settings['DELIVERY_ROLE_ARN'];
  const statedBucket = event.internal?.bucket ?? settings['INTERNAL_BUCKET'];
  const deliveryRoleArn = statedRole ?? roleArn(partitionOf(region), accountId, 'secure-inbox-delivery');
  const internalBucket = statedBucket ?? `secure-inbox-internal-${accountId}-${region}`;
  const keyArn = serviceKeyIn(event, account) ?? settings['SERVICE_KMS_KEY_ARN'] ?? (await keyByAlias(account, region));

  const [organization, deliveryRole, checkRole, bucket, key, vpcEndpoint] = await Promise.all([
    gatherOrganization(account, region),
    gatherRole(account, deliveryRoleArn, region),
    deployed && gatherRole(account, deployed.roleArn, region),
    gatherBucket(account, internalBucket, region),
    keyArn === undefined ? undefined : gatherKey(account, keyArn),
    gatherVpcEndpoint(account, deployed?.vpc, region),
  ]);
  if (statedRole === undefined && !answerIn(deliveryRole.exists)) {
    throw notStated('Which role delivers?', deliveryRoleArn, 'deliveryRoleArn', 'DELIVERY_ROLE_ARN');
  }
  if (statedBucket === undefined && answerIn(bucket.place)?.kind !== 'owned') {
    throw notStated('In which bucket do reports wait?', internalBucket, 'internal.bucket', 'INTERNAL_BUCKET');
  }
  return {
    accountId,
    region,
    organization,
    function: configuration,
    vpcEndpoint,
    deliveryRole,
    internalBucket: bucket,
    ...(checkRole && { checkRole }),
    ...(key && { key }),
  };
}

/** With an assumed name, every policy that names the resource would be misread. */
function notStated(question: string, tried: string, field: string, variable: string): InputError {
  return new InputError(
    `${question} Neither the event nor the function's configuration could be read for it, and ${tried} was not found. ` +
      `Set ${field} in the event or ${variable}: it is a parameter of the customer's stack.`,
  );
}

/** The service's own key, if reports are staged with it. */
function serviceKeyIn({ internal }: TestEvent, { accountId }: AskedAccount): string | undefined {
  const arn = internal?.kmsKeyArn;
  return arn !== undefined && parseArn(arn)?.accountId === accountId ? arn : undefined;
}

async function keyByAlias(account: AskedAccount, region: string): Promise<string | undefined> {
  const alias = arnOf({
    partition: partitionOf(region),
    service: 'kms',
    region,
    accountId: account.accountId,
    resource: 'alias/secure-inbox-internal',
  });
  const arn = await keyArnNamed(account, alias);
  return answerIn(arn);
}

async function gatherCustomer(
  { event, customer: account }: GatherOptions,
  serviceKey: KeyFacts | undefined,
): Promise<CustomerFacts> {
  const { inbox } = event;
  const [organization, bucket, key] = await Promise.all([
    gatherOrganization(account, inbox.region),
    gatherBucket(account, inbox.bucket, inbox.region),
    customersKey(account, event, serviceKey),
  ]);
  return { accountId: account.accountId, organization, inbox: bucket, key };
}

/** Even if the inbox's key doesn't exist, the key of staged reports may be the customer's. */
async function customersKey(
  account: AskedAccount,
  event: TestEvent,
  serviceKey: KeyFacts | undefined,
): Promise<KeyFacts> {
  const inboxKey = await gatherKey(ownerOf(event.inbox.kmsKeyArn, account), event.inbox.kmsKeyArn);
  const internalArn = event.internal?.kmsKeyArn;
  if (!isMissing(inboxKey) || internalArn === undefined || internalArn === serviceKey?.arn) return inboxKey;
  return gatherKey(ownerOf(internalArn, account), internalArn);
}

/** Keys in a third account are not looked up, because there are no credentials for it. */
function ownerOf(keyArn: string, account: AskedAccount): AskedAccount {
  const accountId = parseArn(keyArn)?.accountId ?? account.accountId;
  return accountId === account.accountId ? account : { accountId };
}

export interface Collected {
  readonly event: TestEvent;
  readonly service: ServiceFacts;
  readonly customer: CustomerFacts;
}

export interface ServiceFacts {
  readonly accountId: string;
  /** The Region of the function and the internal bucket. */
  readonly region: string;
  readonly organization: OrganizationFacts;
  readonly function: ReadResult<FunctionFacts | undefined>;
  /** The endpoint of its requests to S3. Read as undefined if there is none. */
  readonly vpcEndpoint: ReadResult<VpcEndpointFacts | undefined>;
  readonly deliveryRole: RoleFacts;
  /** Absent if the role of the check is unknown. */
  readonly checkRole?: RoleFacts;
  readonly internalBucket: BucketFacts;
  /** The service's own key; absent if it has none, or if unknown. */
  readonly key?: KeyFacts;
}

export interface CustomerFacts {
  readonly accountId: string;
  readonly organization: OrganizationFacts;
  readonly inbox: BucketFacts;
  /** The key that the event names. */
  readonly key: KeyFacts;
}
