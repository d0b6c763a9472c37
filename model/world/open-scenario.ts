import { partitionOf } from '../../core/arn.ts';
import { resolveTemplate } from '../template/resolve-template.ts';
import type { SetAside } from '../template/resources.ts';
import { TemplateError, type TemplateProblem } from '../template/template-error.ts';
import type { Unknown } from '../template/unknown.ts';
import { customerStackOptions, type OpenDeployment } from './default-stacks.ts';
import { deployedStack } from './from-templates.ts';
import { openValuesOf, type Settled } from './open-values.ts';
import { type Scenario, ScenarioError, type StackTemplates, scenarioWith, stackInputOf } from './scenario.ts';
import type { ScenarioFile } from './scenario-schema.ts';
import type { World } from './world.ts';
import type { WorldNames } from './world-names.ts';

/** Two accounts of which the customer's is made by a template that leaves values open. */
export interface OpenScenario {
  readonly scenario: Scenario;
  readonly settled: readonly Settled[];
  /** The same accounts with another value each. */
  readonly variants: readonly Variant[];
  readonly setAside: readonly SetAside[];
  /** What CloudFormation or S3 would refuse to create. */
  readonly refused: readonly TemplateProblem[];
}

export interface Variant {
  readonly unknown: Unknown;
  readonly value: string;
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
  for (const { unknown, values } of choices) {
    for (const value of values) {
      const world = await unlessInvalid(() => withValues({ ...supposed, [unknown.key]: value }));
      if (world && customerPartOf(world) !== customerPartOf(scenario.world)) variants.push({ unknown, value, world });
    }
  }
  return { scenario, settled, variants, setAside: open.setAside, refused };
}

/** A value with which the template could not be deployed is not the one. */
async function unlessInvalid(load: () => Promise<Pick<Scenario, 'world'>>): Promise<World | undefined> {
  try {
    return (await load()).world;
  } catch (error) {
    if (error instanceof TemplateError || error instanceof ScenarioError) return undefined;
    throw error;
  }
}

/** What a delivery meets of the customer's account. */
function customerPartOf({ buckets, keys, inboxBucket, inboxKeyArn }: World): string {
  return JSON.stringify([inboxBucket, inboxKeyArn, buckets.get(inboxBucket), keys.get(inboxKeyArn)]);
}
