import type { Delivery } from '../../core/delivery/delivery.ts';
import { type DeliveryRequest, requestsOf, withEveryStep } from '../../core/delivery/requests.ts';
import type { TestEvent } from '../../core/event.ts';
import { bucketOf, noContext, questionIn, requestIn, type SentRequest as Sent } from '../analysis/questions.ts';
import type { Question } from '../policies/decision.ts';
import { checkCaller } from '../world/callers.ts';
import { delivererIn, deliveryIn } from '../world/delivery-in.ts';
import { anybodyAnything } from '../world/plain-policies.ts';
import type { Caller, World } from '../world/world.ts';

export { noContext };

/** A request that someone may send, whether or not it should be allowed. */
export interface TrialRequest extends Sent {
  readonly plainHttp: boolean;
}

/** If the world doesn't have the resource, assumes that its owner allows everyone. */
export function questionOf(
  world: World,
  request: TrialRequest,
): { readonly world: World; readonly question: Question } {
  const secure = request.plainHttp ? { ...world, network: { ...world.network, secureTransport: false } } : world;
  const named =
    request.action === 'sts:AssumeRole' ? { ...request, sessionName: request.sessionName ?? 'somebody' } : request;
  const question = questionIn(secure, named);
  return {
    world: secure,
    question: isKnown(world, request.resource) ? question : { ...question, resourcePolicy: anybodyAnything },
  };
}

function isKnown(world: World, resource: string): boolean {
  return world.roles.has(resource) || world.keys.has(resource) || bucketOf(world, resource) !== undefined;
}

/** One permission edge of a delivery, with the request that needs it. */
export interface Intended {
  readonly edge: DeliveryRequest;
  readonly delivery: Delivery;
  readonly request: TrialRequest;
}

/** Everything that a delivery needs, and so everything that a remedy may grant. */
export function intendedRequests(world: World, event: TestEvent): readonly Intended[] {
  const delivery = withEveryStep(deliveryIn(world, event));
  const callers = { check: checkCaller(world), deliverer: withoutSessionPolicy(delivererIn(world, event)) };
  return requestsOf(delivery).map((edge) => ({
    edge,
    delivery,
    request: { ...requestIn(world, edge, callers), plainHttp: false },
  }));
}

/** The application that delivers real reports assumes the same role, and may not use the check's session policy. */
function withoutSessionPolicy({ sessionPolicy: _, ...caller }: Caller): Caller {
  return caller;
}
