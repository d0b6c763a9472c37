import type { Aws, SessionCredentials } from '../aws.ts';
import type { DiagnosisCase } from './case.ts';
import { clientsFor } from './clients.ts';
import type { Findings } from './findings.ts';
import { gather, gatherLast } from './gather.ts';
import type { Surroundings } from './situation.ts';

/**
 * Asks AWS, about our own account and through our own requests, what explains the answers of a check.
 *
 * @param credentials of the delivery role's session; absent where the caller's own credentials deliver
 * @param budgetMs for all questions together
 */
export async function investigate(
  unexplained: DiagnosisCase,
  around: Surroundings,
  aws: Aws,
  credentials: SessionCredentials | undefined,
  budgetMs: number,
): Promise<Findings> {
  const end = performance.now() + budgetMs;
  const clients = await clientsFor(aws, unexplained.delivery.internal.region, credentials);
  return gather(unexplained, around, clients, end - performance.now());
}

/** What may take long: what it adds to the findings. The test object need not be there any more. */
export async function investigateLast(
  unexplained: DiagnosisCase,
  around: Surroundings,
  aws: Aws,
  budgetMs: number,
): Promise<Findings> {
  const clients = await clientsFor(aws, unexplained.delivery.internal.region, undefined);
  return gatherLast(unexplained, around, clients, budgetMs);
}
