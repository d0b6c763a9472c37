import type { Readable } from 'node:stream';
import type { DiagnosisMode } from '../../core/vocabulary.ts';
import type { SourceDocument } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { Job } from '../run/job.ts';
import { readSource } from './read-source.ts';

export interface GivenFiles {
  readonly events: readonly string[];
  readonly scenarios: readonly string[];
  /** Events or scenarios; their content decides. */
  readonly either: readonly string[];
}

export interface ReadFiles {
  readonly events: readonly Job[];
  /** Paths, because the sandbox loads scenarios. */
  readonly scenarios: readonly string[];
}

/**
 * @param given paths, or `-` for an event on stdin
 * @throws InputError for the first file that can't be read or is neither
 */
export async function readJobFiles({ events, scenarios, either }: GivenFiles, stdin: Readable): Promise<ReadFiles> {
  if ([...events, ...either].filter((file) => file === '-').length > 1) {
    throw new InputError('Standard input (-) can be read once only.');
  }
  const found = { events: [] as Job[], scenarios: [...scenarios] };
  for (const file of events) {
    const source = await readSource(file, stdin);
    if (isScenario(source)) throw new InputError(`${file}: is a scenario, not a test event: give it with --scenario.`);
    found.events.push(jobOf(source));
  }
  for (const file of either) {
    const source = await readSource(file, stdin);
    if (isScenario(source)) found.scenarios.push(file);
    else found.events.push(jobOf(source));
  }
  return found;
}

/** True if it has a name or an expectation, which test events don't have. */
function isScenario({ value }: SourceDocument): boolean {
  return typeof value === 'object' && value !== null && 'expect' in value && 'name' in value;
}

function jobOf(source: SourceDocument): Job {
  const { file, value } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = Array.isArray(value) ? 'a list' : JSON.stringify(value);
    throw new InputError(
      `${file}: holds ${found}. Allowed: one test event, an object; several are {"customers": [event, …]} or several files.`,
    );
  }
  return { title: file, event: value, source };
}

/** Each event in the world of each scenario. Without events, each scenario's own event. */
export function jobsInWorlds(scenarios: readonly Scenario[], events: readonly Job[]): Job[] {
  return scenarios.flatMap((scenario): Job[] => {
    const { file, name, event } = scenario;
    const world = file ?? name;
    if (events.length === 0) return [{ title: world, ...(file && { about: name }), event, scenario }];
    return events.map((job) => ({
      ...job,
      title: scenarios.length > 1 ? `${job.title} in ${world}` : job.title,
      scenario,
    }));
  });
}

/** The depth of the diagnosis, which overrides each event. */
export interface Explaining {
  readonly diagnosis?: DiagnosisMode;
  readonly lookupEvents?: boolean;
}

export function withExplaining(event: unknown, settings: Explaining): unknown {
  if (typeof event !== 'object' || event === null || Object.keys(settings).length === 0) return event;
  if ('customers' in event && Array.isArray(event.customers)) {
    return { ...event, customers: event.customers.map((one: unknown) => withExplaining(one, settings)) };
  }
  return { ...event, ...settings };
}
