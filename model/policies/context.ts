import { endpointOf } from '../../core/arn.ts';
import type { Account, Caller, World } from '../world/world.ts';
import type { Question } from './decision.ts';

type Context = Record<string, string | readonly string[]>;

/**
 * The condition keys that AWS itself puts into the context of a request.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function requestContext(world: World, question: Question): Context {
  const { caller, action, resourceAccountId, forwardedBy } = question;
  const service = action.slice(0, action.indexOf(':'));
  return {
    ...ofPrincipal(caller, world.accounts.get(caller.accountId)),
    ...ofResource(resourceAccountId, world.accounts.get(resourceAccountId)),
    ...(forwardedBy ? ofForwardedCall() : ofNetwork(world)),
    ...(service === 's3' && { 's3:ResourceAccount': resourceAccountId }),
    ...(service === 'kms' && { 'kms:CallerAccount': caller.accountId }),
    ...(service === 'kms' && forwardedBy && { 'kms:ViaService': endpointOf(forwardedBy.service, forwardedBy.region) }),
    'aws:CurrentTime': world.now().toISOString(),
    'aws:EpochTime': String(Math.floor(world.now().getTime() / 1000)),
    ...question.context,
  };
}

function ofPrincipal(caller: Caller, account: Account | undefined): Context {
  return {
    'aws:PrincipalArn': caller.roleArn ?? caller.arn,
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalType': caller.roleArn ? 'AssumedRole' : 'Account',
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': caller.userId,
    // Temporary credentials always say whether a second factor was given; a role that a service assumed never has one.
    ...(caller.roleArn && { 'aws:MultiFactorAuthPresent': 'false' }),
    ...(account?.organizationId && { 'aws:PrincipalOrgID': account.organizationId }),
  };
}

function ofResource(accountId: string, account: Account | undefined): Context {
  return {
    'aws:ResourceAccount': accountId,
    ...(account?.organizationId && { 'aws:ResourceOrgID': account.organizationId }),
  };
}

function ofNetwork({ network }: World): Context {
  const { vpcEndpoint, sourceIp, secureTransport } = network;
  return {
    'aws:SecureTransport': String(secureTransport),
    'aws:ViaAWSService': 'false',
    ...(vpcEndpoint
      ? { 'aws:SourceVpce': vpcEndpoint.id, 'aws:SourceVpc': vpcEndpoint.vpcId }
      : sourceIp && { 'aws:SourceIp': sourceIp }),
  };
}

/** A call that S3 makes to KMS travels inside AWS: it does not carry the client's address, VPC or transport. */
function ofForwardedCall(): Context {
  return { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'true' };
}
