import { keyIdIn, partitionOf } from '../../core/arn.ts';
import { resolveTemplate } from '../template/resolve-template.ts';
import type { SetAside } from '../template/resources.ts';
import type { TemplateProblem } from '../template/template-error.ts';
import type { UnknownValue } from '../template/unknown.ts';
import { InputError } from '../text/input-error.ts';
import { customerStackOptions, type OpenDeployment } from './default-stacks.ts';
import { deployedStack } from './from-templates.ts';
import { openValuesOf, type Settled, type ValueChoice } from './open-values.ts';
import { leftAlone } from './outsiders.ts';
import { type Scenario, type StackTemplates, scenarioWith, stackInputOf } from './scenario.ts';
import type { ScenarioFile } from './scenario-schema.ts';
import type { World } from './world.ts';
import type { WorldNames } from './world-names.ts';

/** Two accounts. The customer's comes from a template that leaves values open. */
export interface OpenScenario {
  readonly scenario: Scenario;
  readonly settled: readonly Settled[];
  /** The same accounts, each with one different value. */
  readonly variants: readonly Variant[];
  readonly setAside: readonly SetAside[];
  readonly refused: readonly TemplateProblem[];
  /** Assumptions, one sentence each. */
  readonly assumed: readonly string[];
}

export interface Variant {
  /** The values that differ from the assumed ones. */
  readonly unknowns: readonly UnknownValue[];
  readonly world: World;
}

/** @throws ScenarioError, TemplateError */
export async function openScenarioOf(
  file: ScenarioFile,
  templates: StackTemplates,
  names: WorldNames,
  deployment: Omit<OpenDeployment, 'supposed'>,
): Promise<OpenScenario> {
  const input = stackInputOf(file, templates, names, { ...deployment, supposed: {} });
  const options = customerStackOptions(input);
  const { template } = options;
  const { service, customer, serviceStack } = input;
  const { supposed, settled, choices } = openValuesOf(resolveTemplate(template, options), {
    partition: partitionOf(customer.region),
    serviceAccountId: service.accountId,
    customerAccountId: customer.accountId,
    region: customer.region,
    deliveryRoleArn: serviceStack.outputs['DeliveryRoleArn'] ?? '',
    serviceOrganizationId: service.organizationId,
    ...names,
  });
  const withValues = (values: Readonly<Record<string, string>>) =>
    scenarioWith(file, templates, undefined, names, { ...deployment, supposed: values });
  const scenario = await withValues(supposed);
  const { refused, open } = deployedStack(template, { ...options, supposed });
  const variants: Variant[] = [];
  for (const { unknowns, values } of variationsOf(choices)) {
    const world = await unlessInvalid(() => withValues({ ...supposed, ...values }));
    if (world && customerPartOf(world) !== customerPartOf(scenario.world)) variants.push({ unknowns, world });
  }
  const { buckets, inboxBucket, inboxKeyArn } = scenario.world;
  const inbox = buckets.get(inboxBucket);
  const assumed = inbox ? leftAlone(open, inbox, keyIdIn(inboxKeyArn)) : [];
  return { scenario, settled, variants, setAside: open.setAside, refused, assumed };
}

const mostTogether = 24;

/** Each value separately, and all together, because a wrong value may hide the effect of another. */
function variationsOf(choices: readonly ValueChoice[]) {
  const alone = choices.map(({ unknown, values }) => values.map((value) => ({ unknown, value })));
  const count = alone.reduce((product, { length }) => product * (length + 1), 1);
  // The first of each, because those are the values that a delivery needs.
  const together = count > mostTogether ? [alone.flatMap(([first]) => first ?? [])] : combined(alone);
  return [...alone.flat().map((one) => [one]), ...together.filter(({ length }) => length > 1)].map((chosen) => ({
    unknowns: chosen.map(({ unknown }) => unknown),
    values: Object.fromEntries(chosen.map(({ unknown, value }) => [unknown.key, value])),
  }));
}

function combined<T>([first, ...others]: readonly (readonly T[])[]): readonly (readonly T[])[] {
  if (first === undefined) return [[]];
  const rest = combined(others);
  return [...rest, ...first.flatMap((one) => rest.map((more) => [one, ...more]))];
}

/** If the template can't be deployed with a value, the value is wrong. */
async function unlessInvalid(load: () => Promise<Pick<Scenario, 'world'>>): Promise<World | undefined> {
  try {
    return (await load()).world;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The parts of the customer's account that affect a delivery. */
function customerPartOf({ buckets, keys, inboxBucket, inboxKeyArn }: World): string {
  return JSON.stringify([inboxBucket, inboxKeyArn, buckets.get(inboxBucket), keys.get(inboxKeyArn)]);
}
