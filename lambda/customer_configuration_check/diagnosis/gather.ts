import { TimeoutError, within } from '../../../core/time.ts';
import type { Aws, SessionCredentials } from '../aws.ts';
import { type Clients, clientsFor } from './clients.ts';
import { type DiagnosisCase, type Findings, nothingFound, settled, together } from './findings.ts';
import type { AnyProbe, Inquiry } from './probe.ts';
import { probes } from './probes.ts';
import { sessionPolicyFindings } from './session-policy-facts.ts';
import { type Surroundings, situationOf } from './situation.ts';

/**
 * Sends requests about our own account, and as our own roles, whose answers explain those of a check.
 *
 * @param credentials of the delivery role's session; absent if the caller's own credentials deliver
 * @param budgetMs time for all requests together
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

/** Asks questions that may take long, after the test object is deleted. */
export async function investigateLast(
  unexplained: DiagnosisCase,
  around: Surroundings,
  aws: Aws,
  budgetMs: number,
): Promise<Findings> {
  const clients = await clientsFor(aws, unexplained.delivery.internal.region, undefined);
  return gatherLast(unexplained, around, clients, budgetMs);
}

/** The limit of a diagnosis. If no object could be stored, the check sends one more request to store a substitute. */
export const mostRequests = 11;
/** The additional requests of a full diagnosis, which also varies the delivery. */
export const moreOfFull = 2;

const rounds = [1, 2] as const;

/**
 * Sends the requests of a diagnosis; no other part of it does. A question that AWS doesn't answer in time stays open
 * and has no other effect on the report.
 *
 * @param budgetMs time for everything
 */
export async function gather(
  input: DiagnosisCase,
  around: Surroundings,
  clients: Clients,
  budgetMs: number,
  asked: readonly AnyProbe[] = probes,
): Promise<Findings> {
  let known = sessionPolicyFindings(input);
  let left = mostRequests + (input.delivery.diagnosis === 'full' ? moreOfFull : 0);
  const end = performance.now() + budgetMs;
  for (const round of rounds) {
    const situation = situationOf(input, around, known);
    const inquiries = asked.filter((one) => one.round === round).flatMap(({ plan }) => plan(situation));
    const told = await Promise.all(
      inquiries.map((inquiry) => {
        if (inquiry.requests > left) return inquiry.unasked('the report had asked enough already');
        left -= inquiry.requests;
        return askedInTime(inquiry, clients, end - performance.now());
      }),
    );
    known = together([known, ...told]);
  }
  return settled(known);
}

/**
 * Asks questions that may take long, after everything else. They run only if the event requests them, and don't count
 * toward the limit.
 *
 * @param input including the earlier findings
 */
export async function gatherLast(
  input: DiagnosisCase,
  around: Surroundings,
  clients: Clients,
  budgetMs: number,
  asked: readonly AnyProbe[] = probes,
): Promise<Findings> {
  const situation = situationOf(input, around, input.findings ?? nothingFound);
  const inquiries = asked.filter(({ round }) => round === 'last').flatMap(({ plan }) => plan(situation));
  return together(await Promise.all(inquiries.map((inquiry) => askedInTime(inquiry, clients, budgetMs))));
}

async function askedInTime(inquiry: Inquiry, clients: Clients, milliseconds: number): Promise<Findings> {
  try {
    return await within(milliseconds, (signal) => inquiry.ask(clients, signal));
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    return inquiry.unasked('there was no answer in the time that was left');
  }
}
