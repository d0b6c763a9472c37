import type { Delivery } from '../../core/delivery/delivery.ts';
import { askedRequestsOf } from '../../core/delivery/requests.ts';
import type { Diagnosis, Permission, Report, StepResult } from '../../core/report.ts';
import { permissionsOf } from '../../core/report-permissions.ts';
import { budgetMs, within } from '../../core/time.ts';
import { asError, defined } from '../../core/values.ts';
import { lookups, namesOf, type Step, type Verdict } from '../../core/vocabulary.ts';
import { type Outcome, runStep } from './carry-out.ts';
import type { CheckDependencies } from './dependencies.ts';
import type { DiagnosisCase, Findings } from './diagnosis/findings.ts';
import { type CheckState, checkSteps } from './steps.ts';

/** The weight of the diagnosis, relative to those of the steps. */
const diagnosisShare = 2;
/** Time reserved while waiting for CloudTrail: for its last answer and for the report. */
const afterLookupMs = 2_000;

/**
 * Delivers a test object to one customer and reports the result of each step. The report includes whatever AWS answers,
 * or that it doesn't; an exception is a bug.
 *
 * @param callerArn the delivering principal if there is no delivery role, if known
 */
export async function check(delivery: Delivery, means: CheckDependencies, callerArn?: string): Promise<Report> {
  const startedAt = means.now();
  // If no other check uses the session, all its events are from this check.
  const mayShare = delivery.deliveryRoleArn !== undefined && !delivery.lookupEvents;
  const session = mayShare ? means.sessions.get(delivery, startedAt) : undefined;
  let state: CheckState = {
    delivery,
    runId: means.newRunId(),
    ...(session && { session, sessionIsCached: true }),
  };
  const outcomes: Outcome[] = [];
  let findings: Findings | undefined;
  for (const [index, definition] of checkSteps.entries()) {
    // Runs before clean-up, while the test object still exists.
    if (definition.step === 'clean-up') findings = await investigated(state, outcomes, callerArn, means);
    const later = checkSteps.slice(index + 1).reduce((sum, { share }) => sum + share, diagnosisShare);
    const outcome = await runStep(definition, state, means, later);
    outcomes.push(outcome);
    state = outcome.state;
  }
  // S3 gives no reason for denying an abort in another account, unlike a deletion in our own.
  if (!findings && state.operation === 'AbortMultipartUpload') {
    const { source: _, ...afterwards } = state;
    findings = await investigated(afterwards, outcomes, callerArn, means);
  }

  const firstBad = outcomes.find(({ result, verdict }) => verdict && result.step !== 'clean-up');
  const verdict = verdictOf(state, outcomes, firstBad);
  // The next check gets a new session, because the fault may be fixed by then and the role may have changed.
  if (verdict === 'passed' && state.session) means.sessions.put(delivery, state.session);
  else means.sessions.drop(delivery);

  const steps = outcomes.map(({ result }) => result);
  const principal = state.session?.principal ?? (delivery.deliveryRoleArn ? undefined : callerArn);
  // A failed clean-up doesn't change the verdict, but the person who fixes it needs the reason.
  // The same goes for a copy of a substitute: the denial of the real source leaves the verdict open.
  const isAnyBad = outcomes.some(({ verdict: bad }) => bad) || state.source?.instead !== undefined;
  const known = { ...caseOf(state, steps, principal), findings };
  const unexplained = { ...known, findings: await lookedUp(known, state, startedAt, means) };
  const lookup = namesOf(lookups).find((worst) => unexplained.findings?.lookups.includes(worst));
  const diagnoses = isAnyBad && delivery.diagnosis !== 'none' ? await diagnosed(unexplained, means) : [];
  const permissions = isAnyBad
    ? await permissionsInTrouble(unexplained, diagnoses, means)
    : permissionsOf(askedRequestsOf(delivery, state.runId), { steps, diagnoses });
  return {
    schemaVersion: 1,
    customer: delivery.customer,
    verdict,
    ...defined({ deniedStep: firstBad?.result.step, principal }),
    startedAt: startedAt.toISOString(),
    durationMs: means.now().getTime() - startedAt.getTime(),
    steps,
    diagnoses,
    permissions: [...permissions],
    ...(lookup && { lookupEvents: lookup }),
  };
}

/**
 * Passed only if every requested step did what it should. A step that could not be tried, without a fault before it,
 * leaves the verdict open.
 */
function verdictOf(
  { delivery, source }: CheckState,
  outcomes: readonly Outcome[],
  firstBad: Outcome | undefined,
): Verdict {
  if (firstBad?.verdict) return firstBad.verdict;
  // The copied object used another key than a real report does, so it is unknown if a real one can be decrypted.
  if (source?.instead) return 'inconclusive';
  const proofs: readonly Step[] = ['put-internal', 'copy-to-inbox', 'verify-delivery'];
  const wanted = outcomes.filter(({ result }) => proofs.includes(result.step) && delivery.steps.includes(result.step));
  return wanted.every(({ result }) => result.status === 'passed') ? 'passed' : 'inconclusive';
}

function caseOf({ delivery, runId, source, putFailure }: CheckState, steps: readonly StepResult[], principal?: string) {
  const fallback = putFailure && source ? { fallbackSource: { kmsKeyArn: source.kmsKeyArn } } : {};
  return { delivery, runId, principal, steps, ...fallback } satisfies DiagnosisCase;
}

/**
 * Asks AWS for the cause. Loaded only here, because a check that passes doesn't need it. If the investigation fails,
 * the report only lacks its findings.
 */
async function investigated(
  state: CheckState,
  outcomes: readonly Outcome[],
  callerArn: string | undefined,
  { aws, configuration: { isFunction }, remainingMs, now, log }: CheckDependencies,
): Promise<Findings | undefined> {
  const { delivery, session, source, mayHaveWritten = false } = state;
  const isWanted = outcomes.some(({ verdict }) => verdict === 'denied' || verdict === 'misconfigured');
  if (!isWanted || delivery.diagnosis === 'none') return undefined;
  const steps = outcomes.map(({ result }) => result);
  const unexplained = caseOf(state, steps, session?.principal ?? (delivery.deliveryRoleArn ? undefined : callerArn));
  try {
    const { investigate } = await import('./diagnosis/gather.ts');
    const around = { hasSource: source !== undefined, cleansUp: mayHaveWritten, now: now(), isFunction };
    return await investigate(unexplained, around, aws, session?.credentials, budgetMs(remainingMs(), 2, 2));
  } catch (error) {
    logFault(log, delivery, 'Asking AWS about a denial failed.', error);
    return undefined;
  }
}

/**
 * Looks for a denial in CloudTrail. It takes minutes, so it runs last, in time that nothing else needs.
 */
async function lookedUp(
  unexplained: DiagnosisCase,
  { delivery, session }: CheckState,
  startedAt: Date,
  { aws, configuration, now, log, remainingMs, patienceMs = remainingMs }: CheckDependencies,
): Promise<Findings | undefined> {
  const { findings } = unexplained;
  if (!delivery.lookupEvents || !findings) return findings;
  try {
    const { investigateLast } = await import('./diagnosis/gather.ts');
    const { together } = await import('./diagnosis/findings.ts');
    const lookup = {
      startedAt,
      accessKeyId: session?.credentials.accessKeyId,
      patienceMs: Math.min(patienceMs(), remainingMs()) - afterLookupMs,
    };
    const around = { hasSource: false, cleansUp: false, now: now(), isFunction: configuration.isFunction, lookup };
    const more = await investigateLast(unexplained, around, aws, remainingMs() - afterLookupMs / 2);
    return together([findings, more]);
  } catch (error) {
    logFault(log, delivery, 'Looking into CloudTrail failed.', error);
    return findings;
  }
}

/** If the diagnosis fails, the report is still returned. */
async function diagnosed(unexplained: DiagnosisCase, { remainingMs, log }: CheckDependencies): Promise<Diagnosis[]> {
  try {
    return await within(budgetMs(remainingMs(), 1, 0), async () => {
      const { diagnose } = await import('./diagnosis/diagnose.ts');
      return [...(await diagnose(unexplained))];
    });
  } catch (error) {
    logFault(log, unexplained.delivery, 'The diagnosis failed.', error);
    const summary = `AWS's answer is in the steps. Explaining it failed: ${asError(error).message}`;
    return [{ summary, denial: {}, confidence: 'unknown', evidence: [], candidates: [] }];
  }
}

/** The state of each permission. The code that reads AWS's messages is loaded only here. */
async function permissionsInTrouble(
  unexplained: DiagnosisCase,
  diagnoses: readonly Diagnosis[],
  { log }: CheckDependencies,
): Promise<readonly Permission[]> {
  const { delivery, runId, steps } = unexplained;
  try {
    const { permissionsFor } = await import('./diagnosis/permissions.ts');
    return permissionsFor(unexplained, diagnoses);
  } catch (error) {
    logFault(log, delivery, 'Telling the permissions apart failed.', error);
    return permissionsOf(askedRequestsOf(delivery, runId), { steps, diagnoses });
  }
}

function logFault(log: CheckDependencies['log'], { customer }: Delivery, message: string, error: unknown): void {
  log(JSON.stringify({ level: 'ERROR', message, customer, error: asError(error).stack }));
}
