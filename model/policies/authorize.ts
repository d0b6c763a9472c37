import { bucketArnIn, bucketIn } from '../../core/arn.ts';
import { layerRow, layers } from '../../core/layers.ts';
import type * as policy from '../../policy/index.ts';
import { decide, type Policies, type Refusal, type Request, type Settings } from '../../policy/index.ts';
import { type OtherKind, otherKinds, policyKinds } from '../../policy/policy-kinds.ts';
import { everything } from '../world/plain-policies.ts';
import type { World } from '../world/world.ts';
import { endpointFor, isUnknownKey, requestContext } from './context.ts';
import { rowsOf } from './context-keys.ts';
import type { Decision, Question } from './decision.ts';

/**
 * Answers one authorization question as AWS would, with every applicable policy of both accounts. Condition keys that
 * AWS doesn't set are absent.
 */
export function authorize(world: World, question: Question): Decision {
  return decisionOn(world, question, (key) => isUnknownKey(world, question, key));
}

/** The same for evaluating policies in advance. If a key is not listed, it is unknown if AWS sets it. */
export function authorizeAsFarAsKnown(world: World, question: Question): Decision {
  return decisionOn(world, question, (key) => rowsOf(key).length === 0 || isUnknownKey(world, question, key));
}

function decisionOn(world: World, question: Question, isUnknown: Request['isUnknown'] & {}): Decision {
  const request = { ...requestOf(world, question), isUnknown };
  return new Answer(decide(request, policiesFor(world, question), settingsFor(world, question)), question);
}

/** The denying layer and the reason are computed on demand, because most requests are allowed. */
class Answer implements Decision {
  readonly outcome: Decision['outcome'];
  readonly allowed: boolean;

  constructor(
    private readonly decision: policy.Decision,
    private readonly question: Question,
  ) {
    this.outcome = decision.outcome;
    this.allowed = decision.outcome !== 'denied';
  }

  get refusals(): readonly Refusal[] {
    return this.decision.refusals.map((refusal) => namedAfterResource(refusal, this.question));
  }

  get blamed(): Refusal | undefined {
    return this.decision.blamed && namedAfterResource(this.decision.blamed, this.question);
  }

  get allowing(): Decision['allowing'] {
    return this.decision.allowing;
  }

  get trustsAccount(): boolean {
    return this.decision.trustsAccount;
  }

  get unknown(): readonly string[] {
    return this.decision.unknown;
  }
}

function requestOf(world: World, question: Question): Request {
  const { caller, action, resource, resourceAccountId } = question;
  return {
    principal: caller.arn,
    ...(caller.roleArn !== undefined && { role: caller.roleArn }),
    ...(!world.unknownFacts?.has('roleId') && { userId: caller.userId }),
    action,
    resource,
    resourceAccount: resourceAccountId,
    context: requestContext(world, question),
  };
}

function policiesFor(world: World, question: Question): Policies {
  const { caller, action, resource, resourcePolicy, forwardedBy } = question;
  const vpcEndpoint = endpointFor(world, question);
  // The endpoint is for S3: requests forwarded by S3, and requests to other services, don't pass through it.
  const throughEndpoint = vpcEndpoint && action.startsWith('s3:') && !forwardedBy;
  const kept: Record<string, unknown> = {};
  for (const kind of otherKinds) kept[policyKinds[kind].given[0]] = keptFor(world, question, kind);
  return {
    ...kept,
    // An account's root user has no identity policies and doesn't need any.
    ...(caller.roleArn === undefined && { identity: [everything] }),
    ...(caller.sessionPolicy && { session: caller.sessionPolicy }),
    ...(throughEndpoint && { vpcEndpoint: vpcEndpoint.policy }),
    ...(resourcePolicy && { resource: resourcePolicy }),
    ...(action.startsWith('kms:') && { grants: world.keys.get(resource)?.grants ?? [] }),
  };
}

/** The policies of one type: on the caller's or resource's account, the caller's role, or the bucket or key itself. */
function keptFor(world: World, { caller, resource, resourceAccountId }: Question, kind: OtherKind): unknown {
  const { of, document } = layers[kind];
  const [, , kept, field] = document;
  if (kept === 'session' || kept === 'vpcEndpoint') return undefined;
  const [accountId, itself] =
    of === 'caller' ? [caller.accountId, caller.roleArn] : [resourceAccountId, bucketIn(resource) ?? resource];
  const holder = world[kept].get((kept === 'accounts' ? accountId : itself) ?? '');
  const policies = (holder as Readonly<Record<string, unknown>> | undefined)?.[field];
  return policies ?? (policyKinds[kind].given[1] === 'list' ? [] : undefined);
}

function settingsFor(world: World, question: Question): Settings {
  const { unknownFacts } = world;
  const { fullAwsAccess = true } = world.accounts.get(question.caller.accountId) ?? {};
  const isInbox = bucketIn(question.resource) === world.inboxBucket;
  return {
    restrictPublicBuckets:
      isInbox && unknownFacts?.has('blockPublicAccess') ? 'unknown' : restrictsPublicBuckets(world, question),
    // Endpoints for S3 are gateway endpoints, unless someone pays for an interface endpoint.
    gatewayEndpoint: true,
    fullAwsAccess: unknownFacts?.has('fullAwsAccess') ? 'unknown' : fullAwsAccess,
  };
}

function restrictsPublicBuckets(world: World, { action, resource }: Question): boolean {
  if (!action.startsWith('s3:')) return false;
  const name = resource.split(':::')[1]?.split('/')[0] ?? '';
  const bucket = world.buckets.get(name);
  const account = world.accounts.get(bucket?.accountId ?? '');
  // The stricter setting applies:
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
  return [bucket, account].some((settings) => settings?.publicAccessBlock?.RestrictPublicBuckets === true);
}

/** Policies that are part of a resource or session don't have their own name. */
function namedAfterResource(refusal: Refusal, { resource }: Question): Refusal {
  const { documentName: name, of } = layerRow(refusal.layer);
  if (!refusal.statement || name === undefined) return refusal;
  const target = bucketIn(resource) === undefined ? resource : bucketArnIn(resource);
  return { ...refusal, statement: { ...refusal.statement, policy: of === 'resource' ? `${name} of ${target}` : name } };
}
