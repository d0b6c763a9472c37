import type { Delivery } from '../../core/delivery/delivery.ts';
import { type DeliveryRequest, requestsOf, withEveryStep } from '../../core/delivery/requests.ts';
import type { TestEvent } from '../../core/event.ts';
import { requestIn } from '../analysis/questions.ts';
import { checkCaller } from '../world/callers.ts';
import { delivererIn, deliveryIn } from '../world/delivery-in.ts';
import type { Caller, World } from '../world/world.ts';
import type { TrialRequest } from './request.ts';

/** One permission edge of a delivery, with the request that raises it. */
export interface Intended {
  readonly edge: DeliveryRequest;
  readonly delivery: Delivery;
  readonly request: TrialRequest;
}

/** All that a delivery needs, and so all that a remedy may open. */
export function intendedRequests(world: World, event: TestEvent): readonly Intended[] {
  const delivery = withEveryStep(deliveryIn(world, event));
  const callers = { check: checkCaller(world), deliverer: withoutSessionPolicy(delivererIn(world, event)) };
  return requestsOf(delivery).map((edge) => ({
    edge,
    delivery,
    request: { ...requestIn(world, edge, callers), plainHttp: false },
  }));
}

/** The application that delivers real reports takes on the same role, and need not narrow its session as the check does. */
function withoutSessionPolicy({ sessionPolicy: _, ...caller }: Caller): Caller {
  return caller;
}
