import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { MapNode, TemplateSource } from '../model/template/node.ts';
import { readTemplate } from '../model/template/read-template.ts';
import type { DeploymentOptions } from '../model/template/resolve-template.ts';
import { refuse, TemplateError } from '../model/template/template-error.ts';
import { deployedStack, type Stack } from '../model/world/from-templates.ts';
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

type ServiceTemplate = Pick<Assembly, 'templateFile'>;

/**
 * @param events events to check in it, in addition to its own
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
  // Loading the schema takes longer than most checks, and many don't need it.
  const { readScenario } = await import('../model/world/read-scenario.ts');
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'ENOENT' ? `there is no such file.${separatorHint(file)}` : `cannot be read: ${cause.message}`;
    throw new ScenarioError(file, '', reason);
  });
  return readScenario({ file, text });
}

/** The two templates as shipped, with which everything works. */
export async function defaultScenario(assembly: ServiceTemplate, events: readonly unknown[] = []): Promise<Scenario> {
  const shipped: ScenarioFile = { name: 'The shipped templates', why: 'README.md', expect: { verdict: 'passed' } };
  return scenarioOf(deployedFor(shipped, events), assembly);
}

/**
 * The same for a scenario that is not in a file.
 *
 * @param file base for the paths in it, and its name in errors
 * @param names names of resources in the two accounts, if known
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

/** The sources of both accounts. Paths are relative to the scenario. */
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

export const customerTemplate = join(import.meta.dirname, '../cloudformation/secure-inbox.yaml');

function templateSource(file: string): TemplateSource {
  try {
    return { file, text: decode(readFileSync(file)) };
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;
    return refuse(
      { source: { file, text: '' }, line: 1, column: 1, path: '' },
      `cannot be read: ${reason}.${separatorHint(file)}`,
    );
  }
}

/** @throws TemplateError if the file can't be read or is not a template */
export function readTemplateFile(file: string): MapNode {
  return readTemplate(templateSource(file));
}

/**
 * Loads a template as AWS would deploy it.
 *
 * @throws TemplateError with file, line and column of each problem
 */
export function loadStack({ file, ...options }: DeploymentOptions & { readonly file: string }): Stack {
  return deployedStack(readTemplateFile(file), options);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

/** Editors on Windows write a byte order mark, and some write UTF-16. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes).replace(/^\uFEFF/, '');
}
