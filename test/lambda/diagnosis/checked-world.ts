import { join } from 'node:path';
import { placeInWorld } from '../../../cli/run/function-settings.ts';
import { isolates } from '../../../cli/run/isolates.ts';
import type { TestEvent } from '../../../core/event.ts';
import type { Evidence, Report } from '../../../core/report.ts';
import { keptIn } from '../../../core/values.ts';
import type { World } from '../../../model/world/world.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import type { FunctionSettings } from '../../../sandbox/lambda-runtime.ts';
import { loadScenario } from '../../../sandbox/scenario-files.ts';
import { type InjectedFault, type Intercept, type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { AwsError } from '../../../sandbox/wire/operation.ts';

export interface CheckedWorld {
  readonly report: Report;
  /** One report, or those of a batch. */
  readonly reports: readonly Report[];
  /** The scenario's event. */
  readonly event: TestEvent;
  /** `service:Operation`, in the order of arrival. */
  readonly calls: readonly string[];
  /** How many requests had to wait for the answer to an earlier one. */
  readonly roundTrips: number;
  /** The world after the check. */
  readonly world: World;
}

export interface Circumstances {
  readonly intercept?: Intercept;
  readonly event?: Readonly<Record<string, unknown>>;
  /** A batch that replaces the scenario's own event. */
  readonly instead?: unknown;
  readonly timeoutMs?: FunctionSettings['timeoutMs'];
  /** The latency of each request. */
  readonly latencyMs?: number;
  /** The lag of CloudTrail. */
  readonly lagMs?: number;
  /** Added to the function's environment in that world. */
  readonly environment?: FunctionSettings['environment'];
}

const scenarios = join(import.meta.dirname, '../../../scenarios');

/** Keyed by latency. All test files in this process share them. */
const servers = new Map<number, Promise<Sandbox>>();
let intercepting: Intercept | undefined;

function serverWith(latencyMs: number, world: World): Promise<Sandbox> {
  const server =
    servers.get(latencyMs) ?? startSandbox({ world, latencyMs, intercept: (request) => intercepting?.(request) });
  servers.set(latencyMs, server);
  return server;
}

/** Runs the unmodified bundle in a scenario's world, one at a time. Tests without other circumstances share one run. */
export function checkIn(scenario: string, circumstances?: Circumstances): Promise<CheckedWorld> {
  return circumstances ? checkOnce(scenario, circumstances) : keptIn(plainly, scenario, () => checkOnce(scenario, {}));
}

const plainly = new Map<string, Promise<CheckedWorld>>();

async function checkOnce(
  scenario: string,
  { intercept, event = {}, timeoutMs = 30_000, latencyMs = 0, lagMs = 0, environment = {}, instead }: Circumstances,
): Promise<CheckedWorld> {
  const synthesized = await assembly();
  const { world: loaded, event: written } = await loadScenario(join(scenarios, scenario), synthesized);
  const world = { ...loaded, cloudTrailLagMs: lagMs };
  const server = await serverWith(latencyMs, world);
  server.use(world);
  intercepting = intercept;
  const place = placeInWorld(world, server.url);
  const isolate = isolates.take({
    bundleDir: synthesized.bundleDir,
    timeoutMs,
    ...place,
    environment: { ...place.environment, ...environment },
  });
  const outcome = await isolate.run({ title: scenario, event: instead ?? { ...written, ...event } });
  isolates.giveBack(isolate, outcome);
  const { answer } = outcome;
  if (answer.kind !== 'reports') throw new Error(`${scenario}: ${answer.message}`);
  return {
    report: answer.reports[0] as Report,
    reports: answer.reports,
    event: written,
    calls: server.calls.map(({ service, operation }) => `${service}:${operation}`),
    roundTrips: longestChain(
      server.calls.map(({ at }) => at.getTime()),
      latencyMs,
    ),
    world,
  };
}

/** A request that arrives after another was answered may have waited for that answer. */
function longestChain(arrivals: readonly number[], latencyMs: number): number {
  let answered = Number.NEGATIVE_INFINITY;
  let links = 0;
  for (const arrival of [...arrivals].sort((a, b) => a - b)) {
    if (arrival < answered) continue;
    answered = arrival + latencyMs;
    links += 1;
  }
  return links;
}

export function failing(operation: string, fault: InjectedFault): Intercept {
  return (request) => (request.operation === operation ? fault : undefined);
}

export const throttled: InjectedFault = {
  kind: 'error',
  error: new AwsError('Throttling', 400, 'Rate exceeded'),
};

export function denied(action: string): InjectedFault {
  const message = `User: arn:aws:sts::111111111111:assumed-role/customer_configuration_check/check is not authorized to perform: ${action}`;
  return { kind: 'error', error: new AwsError('AccessDenied', 403, message) };
}

/** “layer confidence”, for each diagnosis. */
export function inShort({ diagnoses }: Report): readonly string[] {
  return diagnoses.map(({ denial, confidence }) => `${denial.action} ${denial.layer} ${confidence}`);
}

/** All evidence texts of a report. */
export function evidenceOf({ diagnoses }: Report, of: Evidence['source']): string {
  const details = diagnoses.flatMap(({ evidence }) =>
    evidence.filter(({ source }) => source === of).map(({ detail }) => detail),
  );
  return details.join('\n').replace(/event [0-9a-f-]{36}(.*?)\d{4}-[\d:T-]+Z/g, 'event …$1…');
}
