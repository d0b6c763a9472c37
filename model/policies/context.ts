import { arnOf, endpointOf, functionArn, partitionIn } from '../../core/arn.ts';
import { keptIn } from '../../core/values.ts';
import type { Account, Caller, Network, World } from '../world/world.ts';
import { type ContextKey, rowsOf } from './context-keys.ts';
import type { Question } from './decision.ts';
import type { RequestFact } from './request-facts.ts';

type Context = Record<string, string | readonly string[]>;

/**
 * The condition keys that AWS itself adds to a request's context, as far as they are known. `context-keys.ts` lists
 * all possible ones.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function requestContext(world: World, question: Question): Context {
  const { caller, action, resourceAccountId, forwardedBy } = question;
  const service = action.slice(0, action.indexOf(':'));
  const now = world.now();
  // Set key by key, because spreading several objects is much slower, and this code runs most often.
  const context: Context = {};
  ofPrincipal(context, world, caller, now);
  ofResource(context, resourceAccountId, world.accounts.get(resourceAccountId));
  if (forwardedBy) ofForwardedCall(context);
  else ofNetwork(context, world, question);
  if (service === 's3') context['s3:ResourceAccount'] = resourceAccountId;
  if (service === 'kms') {
    context['kms:CallerAccount'] = caller.accountId;
    if (forwardedBy) context['kms:ViaService'] = endpointOf(forwardedBy.service, forwardedBy.region);
  }
  context['aws:CurrentTime'] = now.toISOString();
  context['aws:EpochTime'] = String(Math.floor(now.getTime() / 1000));
  Object.assign(context, question.context);
  return world.unknownFacts?.size ? withoutUnknown(context, world.unknownFacts, world, question) : context;
}

/** Whether a key is unknown depends on these facts, on the kind of the request, and on who owns its resource. */
const unknownKeys = new WeakMap<ReadonlySet<RequestFact>, Map<string, Map<string, boolean>>>();

function withoutUnknown(context: Context, facts: ReadonlySet<RequestFact>, world: World, question: Question): Context {
  const isOfService = question.resourceAccountId === world.serviceAccountId;
  const ofFacts = keptIn(unknownKeys, facts, () => new Map<string, Map<string, boolean>>());
  const ofKind = keptIn(ofFacts, `${kindOf(question)} ${isOfService}`, () => new Map<string, boolean>());
  const known: Context = {};
  for (const [key, value] of Object.entries(context)) {
    if (!keptIn(ofKind, key, () => rowBehind(world, question, key) !== undefined)) known[key] = value;
  }
  return known;
}

function ofPrincipal(context: Context, world: World, caller: Caller, now: Date): void {
  const { accountId, roleArn, arn, userId } = caller;
  const account = world.accounts.get(accountId);
  const role = roleArn === undefined ? undefined : world.roles.get(roleArn);
  context['aws:PrincipalArn'] = roleArn ?? arn;
  context['aws:PrincipalAccount'] = accountId;
  context['aws:PrincipalType'] = roleArn ? 'AssumedRole' : 'Account';
  context['aws:PrincipalIsAWSService'] = 'false';
  context['aws:userid'] = userId;
  if (roleArn) {
    // Temporary credentials always have this key. A role that a service assumed never has MFA.
    context['aws:MultiFactorAuthPresent'] = 'false';
    context['aws:TokenIssueTime'] = now.toISOString();
  }
  if (account?.organizationId) {
    context['aws:PrincipalOrgID'] = account.organizationId;
    context['aws:PrincipalOrgPaths'] = [pathOf(account.organizationId, account)];
  }
  for (const [key, value] of Object.entries(role?.tags ?? {})) context[`aws:PrincipalTag/${key}`] = value;
  if (role && roleArn === world.checkRoleArn) context['lambda:SourceFunctionArn'] = ownFunctionArn(world, role.name);
}

/** An account in no organizational unit is directly under the root of its organization. */
function pathOf(organizationId: string, { organizationPath }: Account): string {
  return organizationPath ?? `${organizationId}/r-0000/`;
}

/** The function has the same name as the role that it runs as. */
function ownFunctionArn(world: World, name: string): string {
  return functionArn(world.buckets.get(world.internalBucket)?.region ?? '', world.serviceAccountId, name);
}

function ofResource(context: Context, accountId: string, account: Account | undefined): void {
  context['aws:ResourceAccount'] = accountId;
  if (!account?.organizationId) return;
  context['aws:ResourceOrgID'] = account.organizationId;
  context['aws:ResourceOrgPaths'] = [pathOf(account.organizationId, account)];
}

/**
 * The endpoint that a request goes through. An endpoint serves only its own Region. For a real service, the owner's
 * statement about the origin of requests applies to any Region.
 */
export function endpointFor(
  { network: { vpcEndpoint }, unknownFacts }: World,
  { context }: Question,
): Network['vpcEndpoint'] {
  const { region } = vpcEndpoint ?? {};
  const isElsewhere = region !== undefined && context['aws:RequestedRegion'] !== region;
  return isElsewhere && !unknownFacts ? undefined : vpcEndpoint;
}

/** The user agent of the check, and of any program with the same SDK. */
const userAgent = 'aws-sdk-js/3.0.0 ua/2.1 os/linux lang/js md/nodejs#24.0.0 exec-env/AWS_Lambda_nodejs24.x';

function ofNetwork(context: Context, world: World, question: Question): void {
  const { network, accounts, serviceAccountId, deliveryRoleArn } = world;
  const { sourceIp, secureTransport } = network;
  const vpcEndpoint = endpointFor(world, question);
  context['aws:SecureTransport'] = String(secureTransport);
  context['aws:ViaAWSService'] = 'false';
  context['aws:UserAgent'] = userAgent;
  if (!vpcEndpoint) {
    if (sourceIp) context['aws:SourceIp'] = sourceIp;
    return;
  }
  const owner = accounts.get(serviceAccountId);
  const region = String(question.context['aws:RequestedRegion'] ?? '');
  const vpc = { partition: partitionIn(deliveryRoleArn), service: 'ec2', region, accountId: serviceAccountId };
  context['aws:SourceVpce'] = vpcEndpoint.id;
  context['aws:SourceVpc'] = vpcEndpoint.vpcId;
  context['aws:SourceVpcArn'] = arnOf({ ...vpc, resource: `vpc/${vpcEndpoint.vpcId}` });
  if (vpcEndpoint.clientIp) context['aws:VpcSourceIp'] = vpcEndpoint.clientIp;
  context['aws:VpceAccount'] = serviceAccountId;
  if (!owner?.organizationId) return;
  context['aws:VpceOrgID'] = owner.organizationId;
  context['aws:VpceOrgPaths'] = [pathOf(owner.organizationId, owner)];
}

/**
 * A request that S3 sends to KMS stays inside AWS, so it has neither the client's address, nor its VPC or transport.
 */
function ofForwardedCall(context: Context): void {
  context['aws:SecureTransport'] = 'true';
  context['aws:ViaAWSService'] = 'true';
}

/** True if it is unknown whether a request has a key; `value` if only the value is unknown. */
export function isUnknownKey(world: World, question: Question, key: string): boolean | 'value' {
  const row = rowBehind(world, question, key);
  if (!row) return false;
  // The ID of the endpoint is unknown even if requests are known to use one.
  const isOfEndpoint = row.fact === 'vpcEndpointId' || row.fact === 'vpcId' || row.fact === 'vpcClient';
  return row.isAlwaysThere || (isOfEndpoint && !world.unknownFacts?.has('network')) ? 'value' : true;
}

/** The row of a key whose value depends on something unknown in this request. */
function rowBehind(world: World, question: Question, key: string): ContextKey | undefined {
  const { unknownFacts } = world;
  if (!unknownFacts) return undefined;
  const kind = kindOf(question);
  return rowsOf(key).find(
    ({ on, fact }) => fact && on.includes(kind) && unknownFacts.has(ofOwner(fact, world, question)),
  );
}

function kindOf({ action, forwardedBy }: Question): ContextKey['on'][number] {
  if (action.startsWith('kms:')) return forwardedBy ? 'kms-via-s3' : 'kms';
  return action.startsWith('sts:') ? 'sts' : 's3';
}

/** A resource's organization is that of the account that owns it. */
function ofOwner(fact: RequestFact, { serviceAccountId }: World, { resourceAccountId }: Question): RequestFact {
  if (resourceAccountId !== serviceAccountId) return fact;
  if (fact === 'customerOrganization') return 'serviceOrganization';
  return fact === 'customerOrganizationPath' ? 'serviceOrganizationPath' : fact;
}
