import { relative } from 'node:path';
import type { MapNode } from '../../model/template/node.ts';
import { expectMap, expectString, optional } from '../../model/template/read-value.ts';
import { resolveTemplate } from '../../model/template/resolve-template.ts';
import { TemplateError } from '../../model/template/template-error.ts';
import { InputError } from '../../model/text/input-error.ts';
import { customerTemplate, readTemplateFile } from '../../sandbox/scenario-files.ts';

export interface CustomerTemplate {
  /** Relative to the working folder. */
  readonly file: string;
  readonly version: string;
  readonly parameterNames: readonly string[];
  readonly root: MapNode;
}

interface IntendedStack {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function shippedTemplate(): CustomerTemplate {
  const root = readTemplateFile(customerTemplate);
  const metadata = optional(root, 'Metadata', expectMap);
  const own = metadata && optional(metadata, 'SecureInbox', expectMap);
  return {
    file: relative(process.cwd(), customerTemplate),
    version: (own && optional(own, 'TemplateVersion', expectString)) ?? '',
    parameterNames: [...(optional(root, 'Parameters', expectMap)?.entries.keys() ?? [])],
    root,
  };
}

/**
 * Rejects what CloudFormation would reject, before anyone sends it to a customer: unknown parameters, values that don't
 * match their patterns, contradictions.
 *
 * @param optionOf returns the option that set a parameter
 * @throws InputError with all of them
 */
export function refuseParameters(
  { root }: CustomerTemplate,
  { name, ...stack }: IntendedStack,
  optionOf: (parameter: string) => string,
): void {
  try {
    resolveTemplate(root, { ...stack, stackName: name });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const problems = error.found.map(({ origin, message }) => {
      const parameter = /^Parameters\.(\w+)$/.exec(origin.path)?.[1];
      return `${parameter === undefined ? '--parameter' : optionOf(parameter)}: ${message}`;
    });
    throw new InputError(problems.join('\n'));
  }
}
