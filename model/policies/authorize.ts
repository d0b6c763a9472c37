import { bucketArnIn, bucketIn } from '../../core/arn.ts';
import type { Caller, Grant, Policy, World } from '../world/world.ts';
import { combine, type ResourceRules } from './combine.ts';
import { requestContext } from './context.ts';
import type { Decision, Question } from './decision.ts';
import { evaluateLayers, type Layers } from './evaluate.ts';
import { asAwsReadsPrincipals } from './principals.ts';

/** Decides one authorization question with every policy of both accounts that has a say in it. */
export async function authorize(world: World, question: Question): Promise<Decision> {
  const decision = combine(await layersOf(world, question), rulesFor(world, question));
  return { ...decision, ...namedAfterResource(decision, question) };
}

/** What each layer says by itself about a question. */
export function layersOf(world: World, question: Question): Promise<Layers> {
  const { caller, action, resource, resourceAccountId, resourcePolicy, forwardedBy } = question;
  const role = caller.roleArn === undefined ? undefined : world.roles.get(caller.roleArn);
  const { vpcEndpoint } = world.network;
  // The endpoint is S3's: calls that S3 forwards, and calls to other services, don't pass through it.
  const throughEndpoint = vpcEndpoint && action.startsWith('s3:') && !forwardedBy;
  return evaluateLayers({
    principal: caller.arn,
    action,
    resource,
    resourceAccountId,
    context: requestContext(world, question),
    // An account's root user has no identity policies and needs none.
    identityPolicies: role ? role.policies : caller.roleArn === undefined ? [everything] : [],
    serviceControlPolicies: world.accounts.get(caller.accountId)?.serviceControlPolicies ?? [],
    resourceControlPolicies: world.accounts.get(resourceAccountId)?.resourceControlPolicies ?? [],
    restrictPublicBuckets: restrictsPublicBuckets(world, question),
    ...(role?.permissionsBoundary && { permissionsBoundary: role.permissionsBoundary }),
    ...(caller.sessionPolicy && { sessionPolicy: caller.sessionPolicy }),
    ...(throughEndpoint && { vpcEndpointPolicy: vpcEndpoint.policy }),
    ...(resourcePolicy && { resourcePolicy: asAwsReadsPrincipals(world, caller, resourcePolicy) }),
  });
}

const everything: Policy = {
  name: 'AccountRoot',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

function rulesFor(world: World, question: Question): ResourceRules {
  if (question.action.startsWith('kms:')) {
    return {
      resourceLayer: 'key-policy',
      identitySufficesInOwnAccount: false,
      grantedByGrant: (world.keys.get(question.resource)?.grants ?? []).some((grant) => covers(grant, question)),
    };
  }
  return {
    resourceLayer: question.action.startsWith('sts:') ? 'role-trust-policy' : 'bucket-policy',
    // A role can be assumed only as its trust policy says; whatever else has no policy belongs to its account.
    identitySufficesInOwnAccount: !question.action.startsWith('sts:') || question.resourcePolicy === undefined,
    grantedByGrant: false,
  };
}

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
function covers(grant: Grant, { caller, action, context }: Question): boolean {
  const operation = action.slice('kms:'.length);
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = grant.constraints ?? {};
  const sent = Object.entries(context).flatMap(([key, value]) =>
    key.startsWith(encryptionContext) && typeof value === 'string'
      ? [[key.slice(encryptionContext.length), value] as const]
      : [],
  );
  const contains = (wanted: Readonly<Record<string, string>>) =>
    Object.entries(wanted).every(([key, value]) => sent.some(([k, v]) => k === key && v === value));
  return (
    isGrantee(grant.granteePrincipal, caller) &&
    grant.operations.includes(operation) &&
    (equals === undefined || (contains(equals) && sent.length === Object.keys(equals).length)) &&
    (subset === undefined || contains(subset))
  );
}

const encryptionContext = 'kms:EncryptionContext:';

function isGrantee(principal: string, caller: Caller): boolean {
  return principal === caller.roleArn || principal === caller.arn || principal === caller.userId.split(':')[0];
}

function restrictsPublicBuckets(world: World, { action, resource }: Question): boolean {
  if (!action.startsWith('s3:')) return false;
  const name = resource.split(':::')[1]?.split('/')[0] ?? '';
  const bucket = world.buckets.get(name);
  const account = world.accounts.get(bucket?.accountId ?? '');
  // The stricter of the two: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
  return [bucket, account].some((settings) => settings?.publicAccessBlock?.RestrictPublicBuckets === true);
}

const policyNames = {
  'bucket-policy': 'bucket policy',
  'key-policy': 'key policy',
  'role-trust-policy': 'trust policy',
  'session-policy': 'session policy',
  'vpc-endpoint-policy': 'VPC endpoint policy',
} as const;

/** Policies that are part of a resource or session have no name of their own. */
function namedAfterResource(decision: Decision, { resource }: Question): Pick<Decision, 'refusals' | 'blamed'> {
  const target = bucketIn(resource) === undefined ? resource : bucketArnIn(resource);
  const named = <T extends Decision['refusals'][number]>(refusal: T): T => {
    const name = policyNames[refusal.layer as keyof typeof policyNames];
    if (!refusal.statement || name === undefined) return refusal;
    const ofResource = refusal.layer !== 'session-policy' && refusal.layer !== 'vpc-endpoint-policy';
    return { ...refusal, statement: { ...refusal.statement, policy: ofResource ? `${name} of ${target}` : name } };
  };
  return {
    refusals: decision.refusals.map(named),
    ...(decision.blamed && { blamed: named(decision.blamed) }),
  };
}
