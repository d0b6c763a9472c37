import type { TestEvent } from '../../core/event.ts';
import { authorize } from '../policies/authorize.ts';
import type { World } from '../world/world.ts';
import { onlookersOf } from './onlookers.ts';
import { questionOf, type TrialRequest } from './request.ts';
import { actionMatcher } from './statement-parts.ts';
import { unintendedRequests } from './unintended.ts';

/** A request that no delivery needs, and that a remedy newly allows. */
export interface Opening {
  /** “s3:PutObject by another role of Account A” and the resource. */
  readonly what: string;
  readonly request: TrialRequest;
}

/**
 * Finds access that changed statements grant beyond their purpose. For every request that differs from a delivery's in
 * one aspect, the decision must stay the same. An Allow denies nothing, unless it makes a bucket policy public; then a
 * delivery is denied too, and the check doesn't pass.
 *
 * @param changes the statements after the change, and before it if they replace others
 */
export function openingsOf(
  before: World,
  after: World,
  event: TestEvent,
  changes: readonly { readonly statement: Readonly<Record<string, unknown>> }[],
): readonly Opening[] {
  // Requests for actions that the statement doesn't name are not affected.
  const concerns = changes.map(({ statement }) => actionMatcher(statement));
  const found: Opening[] = [];
  const [watchedBefore, watchedAfter] = [watched(before), watched(after)];
  for (const { how, request } of unintendedRequests(before, event)) {
    if (!concerns.some((matches) => matches(request.action))) continue;
    if (!isAllowed(watchedAfter, request) || isAllowed(watchedBefore, request)) continue;
    found.push({ what: `${request.action} on ${request.resource} ${how}`, request });
  }
  return found;
}

/**
 * Objects encrypted with KMS can't be written or read without TLS, whatever the policies say: “All GET and PUT requests
 * for an object protected by KMS will fail if they're not made via SSL”.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
function needsTls({ action, headers }: TrialRequest): boolean {
  const isUnderKey = headers['x-amz-server-side-encryption']?.startsWith('aws:kms') === true;
  return action === 's3:GetObject' || (action === 's3:PutObject' && isUnderKey);
}

function isAllowed(world: World, request: TrialRequest): boolean {
  if (request.plainHttp && needsTls(request)) return false;
  const asked = questionOf(world, request);
  return authorize(asked.world, asked.question).allowed;
}

function watched(world: World): World {
  const { roles } = onlookersOf(world);
  return { ...world, roles: new Map([...world.roles, ...roles.map((role) => [role.arn, role] as const)]) };
}
