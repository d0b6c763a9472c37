import { keyArn } from '../../core/arn.ts';
import { parseTestEvent, type TestEvent } from '../../core/event.ts';
import { isObject } from '../../core/json.ts';
import { printableLine } from '../../core/printable.ts';
import type { Step, Verdict } from '../../core/vocabulary.ts';
import type { TemplateSource } from '../template/node.ts';
import { readTemplate } from '../template/read-template.ts';
import { buildWorld, placeholdersOf, printedEvent } from './build-world.ts';
import { type AccountNames, customerNames, defaults, serviceNames } from './default-names.ts';
import {
  type CustomerStackInput,
  customerStackOptions,
  loadCustomerStack,
  loadServiceStack,
  type OpenDeployment,
  type StackOptions,
} from './default-stacks.ts';
import { eventDefaults, requestedSessionPolicy } from './delivery-in.ts';
import { withInbox } from './open-stack.ts';
import { fillPlaceholders } from './policy-parts.ts';
import { ScenarioError } from './scenario-error.ts';
import type { ExpectedDenial, ScenarioFile, UnknownPart } from './scenario-schema.ts';
import type { World } from './world.ts';
import type { WorldNames } from './world-names.ts';

export type { ExpectedDenial, UnknownPart };
export { ScenarioError };

/** Two accounts, a test event, and what the check must report about them. */
export interface Scenario {
  readonly file?: string;
  readonly name: string;
  readonly why: string;
  readonly world: World;
  readonly event: TestEvent;
  readonly expect: Expectation;
  /** Parts of the two accounts that could not be read, and the permission needed to read them. */
  readonly unknown: readonly UnknownPart[];
  /** How the customer's template was deployed into this world. */
  readonly customerStack?: StackOptions;
}

export interface Expectation {
  readonly verdict: Verdict;
  readonly deniedStep?: Step;
  /** Every fault of the world, in step order. Only the listed fields are compared. */
  readonly denials: readonly ExpectedDenial[];
}

export interface StackTemplates {
  readonly service: TemplateSource;
  /** The template that a scenario names, or the shipped one. */
  readonly customer: TemplateSource;
}

/**
 * The two accounts of a scenario.
 *
 * @param file the name in errors
 * @param names names of resources in the two accounts, if known
 * @param open how to deploy a customer's own template, which may leave values open
 * @throws ScenarioError naming the field; TemplateError for a customer's template
 */
export async function scenarioWith(
  scenario: ScenarioFile,
  templates: StackTemplates,
  file?: string,
  given: WorldNames = {},
  open?: OpenDeployment,
): Promise<Omit<Scenario, 'file'>> {
  const input = stackInputOf(scenario, templates, given, open);
  const { service, customer, serviceStack, names = {} } = input;
  const { stack: customerStack, unknown } = withInbox(loadCustomerStack(input), input, scenario);
  const world = buildWorld({
    scenario: deployedFor(scenario, [scenario.event, printedEvent(customerStack, file)]),
    service,
    customer,
    serviceStack,
    customerStack,
    inboxBucket: names.inboxBucket,
    ...(file && { file }),
    requestedSessionPolicy: (built) => requestedSessionPolicy(built, eventIn(built, scenario)),
  });
  const event = eventIn(world, scenario);
  await refuseInvalid(event, world, file);
  const { verdict, deniedStep, denials } = scenario.expect;
  return {
    name: printableLine(scenario.name),
    why: scenario.why,
    world,
    event,
    expect: {
      verdict,
      ...(deniedStep && { deniedStep }),
      denials: fillPlaceholders(denials ?? [], placeholdersOf(world)) as readonly ExpectedDenial[],
    },
    unknown: [...(scenario.unknown ?? []), ...unknown],
    customerStack: customerStackOptions(input),
  };
}

/** A service that checks multipart deliveries is deployed with permission for them. */
export function deployedFor(scenario: ScenarioFile, events: readonly unknown[]): ScenarioFile {
  if (scenario.service?.multipartDeliveries !== undefined || !events.some(isMultipart)) return scenario;
  return { ...scenario, service: { ...scenario.service, multipartDeliveries: true } };
}

function isMultipart(event: unknown): boolean {
  if (!isObject(event)) return false;
  const { customers } = event;
  return event['delivery'] === 'multipart' || (Array.isArray(customers) && customers.some(isMultipart));
}

/** IDs of multi-Region keys start with mrk-. */
function multiRegionKey(scenario: ScenarioFile, { accountId, region }: AccountNames): WorldNames {
  if (!scenario.customer?.key?.replicas) return {};
  return { inboxKeyArn: keyArn(region, accountId, defaults.customerMultiRegionKeyId) };
}

export function stackInputOf(
  scenario: ScenarioFile,
  templates: StackTemplates,
  given: WorldNames,
  open: OpenDeployment | undefined,
): CustomerStackInput {
  const service = serviceNames(scenario.service ?? {});
  const customer = customerNames(scenario.customer ?? {});
  const names = { ...multiRegionKey(scenario, customer), ...given };
  return {
    template: readTemplate(templates.customer),
    customer,
    service,
    serviceStack: loadServiceStack(readTemplate(templates.service), service, names),
    parameters: Object.fromEntries(
      Object.entries(scenario.customer?.parameters ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    names,
    ...(open && { open }),
  };
}

function eventIn(world: World, { event }: ScenarioFile): TestEvent {
  return merge(world.defaultEvent, fillPlaceholders(event ?? {}, placeholdersOf(world))) as TestEvent;
}

/** Objects are merged and everything else is replaced; `null` removes a field. */
function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const merged = {
    ...base,
    ...Object.fromEntries(Object.entries(over).map(([key, value]) => [key, merge(base[key], value)])),
  };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

async function refuseInvalid(event: TestEvent, world: World, file: string | undefined): Promise<void> {
  const parsed = await parseTestEvent(event, eventDefaults(world));
  if (parsed.valid) return;
  const [first] = parsed.problems;
  throw new ScenarioError(
    file,
    `event.${first?.path ?? ''}`,
    `${first?.found} Allowed: ${first?.allowed}. ${first?.fix}`,
  );
}
