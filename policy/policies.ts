import type { NamedPolicy } from './document.ts';
import type { Grant } from './grants.ts';
import type { GivenPolicies, PolicyKind } from './policy-kinds.ts';
import type { Scope } from './request.ts';

/**
 * Every policy that applies to a request. An absent policy doesn't exist, with these exceptions: FullAWSAccess is
 * attached in addition to service control policies unless the settings say otherwise (if there are none, the account is
 * in no organization); RCPFullAWSAccess can't be detached; a key or a role always has a policy, so an absent one is
 * empty.
 */
export type Policies = GivenPolicies & { readonly grants?: readonly Grant[] };

/**
 * The given policies without those that can't affect this request, whatever their contents.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * (root users),
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html and
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html (service-linked roles),
 * https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html (RetireGrant)
 */
export function applicable(policies: Policies, { request, action, account }: Scope): Policies {
  if (action.startsWith('sts:')) {
    if (unavailable.test(`${action} ${request.principal}`)) return {};
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, API_GetSessionToken.html
    if (/^sts:get(?:calleridentity|sessiontoken)$/.test(action)) return { identity: defaultAccess };
  }
  if (request.role?.includes(':role/aws-service-role/')) return without(policies, 'serviceControl', 'resourceControl');
  if (action === 'kms:retiregrant') return without(policies, 'resourceControl');
  if (!request.principal.endsWith(':root')) return policies;
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
  const isOfOwnBucket = ownPolicy.test(action) && account === request.resourceAccount;
  return { ...(isOfOwnBucket ? without(policies, 'resource') : policies), identity: defaultAccess };
}

function without(policies: Policies, ...kinds: readonly (keyof Policies)[]): Policies {
  return Object.fromEntries(Object.entries(policies).filter(([kind]) => !kinds.includes(kind as keyof Policies)));
}

/**
 * Actions of STS that some principals can't call:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
 */
const unavailable =
  /^sts:(?:assumerole .*:root$|get(?:session|federation)token .*:assumed-role\/|(?!getcalleridentity).*:federated-user\/)/;

const ownPolicy = /^s3:(?:get|put|delete)bucketpolicy$/;

function everything(name: string, more?: object): NamedPolicy {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*', ...more };
  return { name, document: { Version: '2012-10-17', Statement: [statement] } };
}

/** The policies that AWS itself attaches. */
export const attached: Partial<Record<PolicyKind, readonly NamedPolicy[]>> = {
  'service-control-policy': [everything('FullAWSAccess', { Sid: 'FullAWSAccess' })],
  'resource-control-policy': [everything('RCPFullAWSAccess', { Principal: '*' })],
};
const defaultAccess = [everything('default access')];

/**
 * Actions on a key that other accounts can't use, whatever its policy allows.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export const ownAccountOnly =
  /^kms:(?!(?:de|en|reen)crypt|deriveshared|generate|sign|verify|(?:create|list|retire|revoke)grants?|describekey|getkeyrotationstatus|getpublickey)/;
