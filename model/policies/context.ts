import { arnOf, endpointOf, functionArn, partitionIn } from '../../core/arn.ts';
import type { Account, Caller, World } from '../world/world.ts';
import { type ContextKey, rowsOf } from './context-keys.ts';
import type { Question } from './decision.ts';
import type { RequestFact } from './request-facts.ts';

type Context = Record<string, string | readonly string[]>;

/**
 * The condition keys that AWS itself puts into the context of a request, as far as anybody knows them. `context-keys.ts`
 * lists all that there can be.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function requestContext(world: World, question: Question): Context {
  const { caller, action, resourceAccountId, forwardedBy } = question;
  const service = action.slice(0, action.indexOf(':'));
  const now = world.now();
  const context: Context = {
    ...ofPrincipal(world, caller, now),
    ...ofResource(resourceAccountId, world.accounts.get(resourceAccountId)),
    ...(forwardedBy ? ofForwardedCall() : ofNetwork(world, question)),
    ...(service === 's3' && { 's3:ResourceAccount': resourceAccountId }),
    ...(service === 'kms' && { 'kms:CallerAccount': caller.accountId }),
    ...(service === 'kms' && forwardedBy && { 'kms:ViaService': endpointOf(forwardedBy.service, forwardedBy.region) }),
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    ...question.context,
  };
  if (!world.unknownFacts?.size) return context;
  return Object.fromEntries(Object.entries(context).filter(([key]) => rowBehind(world, question, key) === undefined));
}

function ofPrincipal(world: World, caller: Caller, now: Date): Context {
  const { accountId, roleArn, arn, userId } = caller;
  const account = world.accounts.get(accountId);
  const role = roleArn === undefined ? undefined : world.roles.get(roleArn);
  return {
    'aws:PrincipalArn': roleArn ?? arn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalType': roleArn ? 'AssumedRole' : 'Account',
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': userId,
    // Temporary credentials always say whether a second factor was given; a role that a service assumed never has one.
    ...(roleArn && { 'aws:MultiFactorAuthPresent': 'false', 'aws:TokenIssueTime': now.toISOString() }),
    ...(account?.organizationId && {
      'aws:PrincipalOrgID': account.organizationId,
      'aws:PrincipalOrgPaths': [pathOf(account.organizationId, account)],
    }),
    ...Object.fromEntries(Object.entries(role?.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
    ...(role && roleArn === world.checkRoleArn && { 'lambda:SourceFunctionArn': ownFunctionArn(world, role.name) }),
  };
}

/** An account that is in no organizational unit is below the root of its organization. */
function pathOf(organizationId: string, { organizationPath }: Account): string {
  return organizationPath ?? `${organizationId}/r-0000/`;
}

/** The function is named like the role that it runs as. */
function ownFunctionArn(world: World, name: string): string {
  return functionArn(world.buckets.get(world.internalBucket)?.region ?? '', world.serviceAccountId, name);
}

function ofResource(accountId: string, account: Account | undefined): Context {
  return {
    'aws:ResourceAccount': accountId,
    ...(account?.organizationId && {
      'aws:ResourceOrgID': account.organizationId,
      'aws:ResourceOrgPaths': [pathOf(account.organizationId, account)],
    }),
  };
}

function ofNetwork({ network, accounts, serviceAccountId, deliveryRoleArn }: World, { context }: Question): Context {
  const { vpcEndpoint, sourceIp, secureTransport } = network;
  const common = { 'aws:SecureTransport': String(secureTransport), 'aws:ViaAWSService': 'false' };
  if (!vpcEndpoint) return { ...common, ...(sourceIp && { 'aws:SourceIp': sourceIp }) };
  const owner = accounts.get(serviceAccountId);
  const region = String(context['aws:RequestedRegion'] ?? '');
  const vpc = { partition: partitionIn(deliveryRoleArn), service: 'ec2', region, accountId: serviceAccountId };
  return {
    ...common,
    'aws:SourceVpce': vpcEndpoint.id,
    'aws:SourceVpc': vpcEndpoint.vpcId,
    'aws:SourceVpcArn': arnOf({ ...vpc, resource: `vpc/${vpcEndpoint.vpcId}` }),
    ...(vpcEndpoint.clientIp && { 'aws:VpcSourceIp': vpcEndpoint.clientIp }),
    'aws:VpceAccount': serviceAccountId,
    ...(owner?.organizationId && {
      'aws:VpceOrgID': owner.organizationId,
      'aws:VpceOrgPaths': [pathOf(owner.organizationId, owner)],
    }),
  };
}

/** A call that S3 makes to KMS travels inside AWS: it does not carry the client's address, VPC or transport. */
function ofForwardedCall(): Context {
  return { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'true' };
}

/** Whether nobody knows if a request has a key, or with which value: it depends on what nobody said. */
export function isUnknownKey(world: World, question: Question, key: string): boolean | 'value' {
  const row = rowBehind(world, question, key);
  if (!row) return false;
  // Nobody knows the id of an endpoint that requests go through for sure.
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

/** The organization of a resource is that of the account that owns it. */
function ofOwner(fact: RequestFact, { serviceAccountId }: World, { resourceAccountId }: Question): RequestFact {
  if (resourceAccountId !== serviceAccountId) return fact;
  if (fact === 'customerOrganization') return 'serviceOrganization';
  return fact === 'customerOrganizationPath' ? 'serviceOrganizationPath' : fact;
}
