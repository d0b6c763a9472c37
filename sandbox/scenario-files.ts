import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { TemplateError } from '../model/template/template-error.ts';
import type { ReadScenario } from '../model/world/read-scenario.ts';
import {
  deployedFor,
  type Scenario,
  ScenarioError,
  type StackTemplates,
  scenarioWith,
} from '../model/world/scenario.ts';
import type { ScenarioFile } from '../model/world/scenario-schema.ts';
import type { WorldNames } from '../model/world/world-names.ts';
import type { Assembly } from './assembly.ts';
import { separatorHint } from './separator-hint.ts';
import { customerTemplate, templateSource } from './template-files.ts';

/** Account A, as the CDK app synthesizes it. */
type ServiceTemplate = Pick<Assembly, 'templateFile'>;

/**
 * @param events that will be checked in it, besides its own
 * @throws ScenarioError naming file, line and field; TemplateError for a customer's template
 */
export async function loadScenario(
  file: string,
  assembly: ServiceTemplate,
  events: readonly unknown[] = [],
): Promise<Scenario> {
  const read = await readScenarioFile(file);
  try {
    return { file, ...(await scenarioOf(deployedFor(read.scenario, events), assembly, file)) };
  } catch (error) {
    throw located(error, file, read);
  }
}

/** @throws ScenarioError naming file, line and field */
export async function readScenarioFile(file: string): Promise<ReadScenario> {
  // Loading the schema takes longer than most checks that need none.
  const { readScenario } = await import('../model/world/read-scenario.ts');
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'ENOENT' ? `there is no such file.${separatorHint(file)}` : `cannot be read: ${cause.message}`;
    throw new ScenarioError(file, '', reason);
  });
  return readScenario({ file, text });
}

/** The two templates as they are shipped: everything works. */
export async function defaultScenario(assembly: ServiceTemplate, events: readonly unknown[] = []): Promise<Scenario> {
  const shipped: ScenarioFile = { name: 'The shipped templates', why: 'README.md', expect: { verdict: 'passed' } };
  return scenarioOf(deployedFor(shipped, events), assembly);
}

/**
 * The same for a scenario that was never written to a file.
 *
 * @param file what paths in it are relative to, and what errors name
 * @param names what the two accounts call things, where that is known
 * @throws ScenarioError naming the field; TemplateError for a customer's template
 */
export async function scenarioOf(
  scenario: ScenarioFile,
  assembly: ServiceTemplate,
  file?: string,
  names: WorldNames = {},
): Promise<Omit<Scenario, 'file'>> {
  return scenarioWith(scenario, templatesOf(assembly, scenario, file), file, names);
}

/** What both accounts are made from: paths are relative to the scenario. */
export function templatesOf(
  { templateFile }: ServiceTemplate,
  { customer }: Pick<ScenarioFile, 'customer'> = {},
  file = '.',
): StackTemplates {
  const { template } = customer ?? {};
  return {
    service: templateSource(templateFile),
    customer: templateSource(template === undefined ? customerTemplate : resolve(dirname(file), template)),
  };
}

function located(error: unknown, file: string, { lineOf }: ReadScenario): unknown {
  if (error instanceof ScenarioError) return error.at(lineOf(error.path));
  if (error instanceof TemplateError)
    return new ScenarioError(file, 'customer.template', error.message, lineOf('customer'));
  return error;
}
