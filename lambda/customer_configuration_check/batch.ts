import { deliveryOf } from '../../core/delivery/delivery.ts';
import { parseTestEvent, type TestEvent } from '../../core/event.ts';
import { valueAt } from '../../core/json.ts';
import type { CheckOrigin } from '../../core/metrics.ts';
import { registryKeyOf } from '../../core/object-keys.ts';
import type { Report } from '../../core/report.ts';
import { asError } from '../../core/values.ts';
import { namesOf, steps } from '../../core/vocabulary.ts';
import { type BatchItem, batchOf } from './batch-items.ts';
import { check } from './check.ts';
import type { CheckDependencies } from './dependencies.ts';
import { logReport } from './report-log.ts';

const shortestCheckMs = 1_500;

/**
 * Checks the customer of a test event, or every customer of a batch: `{"customers": [event, …]}`, or the input from a
 * Step Functions ItemBatcher, `{"Items": [event or {"Key": registry object}, …]}`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
 *
 * @returns one report, or a batch's reports in order. A problem with one customer never affects another's report
 * @throws InvalidTestEvent if the input is neither, before any AWS call
 */
export async function answerInvocation(
  input: unknown,
  means: CheckDependencies,
): Promise<Report | { reports: Report[] }> {
  const batch = batchOf(input);
  if (batch?.valid) return { reports: await checkAll(batch.items, means) };
  const parsed = batch ?? (await parseTestEvent(input, means.configuration));
  if (!parsed.valid) {
    const { InvalidTestEvent } = await import('../../core/event-problems.ts');
    throw new InvalidTestEvent(parsed.problems);
  }
  const { event } = parsed;
  return logged(await reporting(event.customer, () => checkCustomer(event, means), means), 'event', means);
}

/** Keeps the order of the items, and runs at most the configured number of checks at once. */
async function checkAll(items: readonly BatchItem[], means: CheckDependencies): Promise<Report[]> {
  const reports: Report[] = [];
  const { concurrency } = means.configuration;
  const waiting = items.entries();
  let left = items.length;
  // Customers later in the batch get as much time for CloudTrail as earlier ones.
  const fair = { ...means, patienceMs: () => means.remainingMs() / (1 + Math.ceil(left / concurrency)) };
  const worker = async () => {
    for (const [index, item] of waiting) {
      left -= 1;
      const report = await reporting(item.name, () => checkItem(item, fair), means);
      reports[index] = logged(report, item.registryKey === undefined ? 'event' : 'registry', means);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return reports;
}

async function checkItem(item: BatchItem, means: CheckDependencies): Promise<Report> {
  if (means.remainingMs() < shortestCheckMs) {
    return notChecked(item, 'The function ran out of time before this customer was checked.', means);
  }
  let { event } = item;
  if (item.registryKey !== undefined) {
    const { readRegistryObject } = await import('./registry.ts');
    const read = await readRegistryObject(item.registryKey, means);
    if (!read.found) return notChecked(item, read.why, means);
    event = read.event;
  }
  const parsed = await parseTestEvent(event, means.configuration);
  if (parsed.valid && item.registryKey !== undefined && item.registryKey !== registryKeyOf(parsed.event.customer)) {
    const named = { name: item.registryKey };
    const expected = registryKeyOf(parsed.event.customer);
    const why =
      `${item.registryKey} holds the test event of ${parsed.event.customer}, whose registration is ${expected}. Nothing was ` +
      'checked, since the one of them that is wrong is not known. Register the customer again with onboard.';
    return notChecked(named, why, means);
  }
  if (parsed.valid) return reporting(parsed.event.customer, () => checkCustomer(parsed.event, means), means);
  const { describeProblems } = await import('../../core/event-problems.ts');
  return notChecked({ ...item, event }, `${item.name}: ${describeProblems(parsed.problems)}`, means);
}

async function checkCustomer(event: TestEvent, means: CheckDependencies): Promise<Report> {
  const { configuration } = means;
  const known = event.deliveryRoleArn ?? configuration.deliveryRoleArn ?? configuration.accountId;
  if (known) return check(deliveryOf(event, { accountId: '', ...configuration }), means);
  // Outside of Lambda and without a role, only STS knows which account must own the internal bucket.
  const { askWhoCalls } = await import('./caller.ts');
  const caller = await askWhoCalls(means);
  if (!caller.known) return notChecked({ name: event.customer }, caller.why, means);
  return check(deliveryOf(event, { ...configuration, accountId: caller.accountId }), means, caller.arn);
}

/** The report for a customer whose check never started. Every step gives the reason. */
function notChecked({ name, event }: BatchItem, reason: string, { now }: CheckDependencies): Report {
  const customer = valueAt(event, ['customer']);
  return {
    schemaVersion: 1,
    customer: typeof customer === 'string' && customer ? customer.slice(0, 100) : name,
    verdict: 'inconclusive',
    startedAt: now().toISOString(),
    durationMs: 0,
    steps: namesOf(steps).map((step) => ({ step, status: 'skipped', durationMs: 0, reason })),
    diagnoses: [],
  };
}

/** A bug in one customer's check affects only that customer's report. */
async function reporting(name: string, work: () => Promise<Report>, means: CheckDependencies): Promise<Report> {
  try {
    return await work();
  } catch (error) {
    const { message, stack } = asError(error);
    means.log(JSON.stringify({ level: 'ERROR', message: 'The check failed.', customer: name, error: stack }));
    return notChecked({ name }, `The check itself failed, which is a defect of the check: ${message}`, means);
  }
}

function logged(report: Report, origin: CheckOrigin, means: CheckDependencies): Report {
  logReport(report, origin, means);
  return report;
}
