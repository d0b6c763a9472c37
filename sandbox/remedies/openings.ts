import type { TestEvent } from '../../lambda/customer_configuration_check/event.ts';
import { authorize } from '../authorization/authorize.ts';
import type { World } from '../world/world.ts';
import { onlookersOf } from './onlookers.ts';
import type { StatementRemedy } from './remedy.ts';
import { questionOf, type Request } from './request.ts';
import { unintendedRequests } from './unintended.ts';

/** A request that no delivery needs, and that a remedy allows although it was refused before. */
export interface Opening {
  /** “s3:PutObject by another role of Account A” and on what. */
  readonly what: string;
  readonly request: Request;
}

/**
 * What remedies open besides what they are for: of every request that is one change away from what a delivery needs,
 * the decision must be what it was. A statement that allows takes nothing away, unless it makes a bucket policy public:
 * then a delivery is refused too, and the check does not pass.
 */
export async function openingsOf(
  before: World,
  after: World,
  event: TestEvent,
  remedies: readonly StatementRemedy[],
): Promise<readonly Opening[]> {
  const concerns = remedies.map(({ statement }) => matcherOf(statement['Action'], statement['NotAction']));
  const found: Opening[] = [];
  for (const { how, request } of unintendedRequests(before, event)) {
    if (!concerns.some((matches) => matches(request.action))) continue;
    if (!(await isAllowed(after, request)) || (await isAllowed(before, request))) continue;
    found.push({ what: `${request.action} on ${request.resource} ${how}`, request });
  }
  return found;
}

async function isAllowed(world: World, request: Request): Promise<boolean> {
  const { roles } = onlookersOf(world);
  const watched = { ...world, roles: new Map([...world.roles, ...roles.map((role) => [role.arn, role] as const)]) };
  const asked = questionOf(watched, request);
  return (await authorize(asked.world, asked.question)).allowed;
}

/** Requests for other actions than a statement names are decided as before, and need not be asked about. */
function matcherOf(action: unknown, notAction: unknown): (action: string) => boolean {
  if (notAction !== undefined) return () => true;
  const patterns = [action].flat().map((pattern) => {
    const escaped = String(pattern).replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
  });
  return (name) => patterns.some((pattern) => pattern.test(name));
}
