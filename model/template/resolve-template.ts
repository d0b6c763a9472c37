import { dnsSuffixOf, partitionOf } from '../../core/arn.ts';
import { readConditions } from './functions/condition.ts';
import type { Scope } from './functions/intrinsic-function.ts';
import { generatedNames, type Names } from './names.ts';
import type { MapNode, Origin } from './node.ts';
import { readParameters } from './parameters.ts';
import { type Deployment, pseudoParameters } from './pseudo-parameters.ts';
import { entry, expectKeys, expectLogicalId, expectMap, expectString, optional, requiredEntry } from './read-value.ts';
import { holdsIn, resolve } from './resolve.ts';
import { type DeclaredResource, declareResources } from './resources.ts';
import { checkRules } from './rules.ts';
import { ProblemList, refuse } from './template-error.ts';

export interface DeploymentOptions extends Deployment {
  /** By parameter name; the template's defaults stand for the rest. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default the names of {@link generatedNames} */
  readonly names?: Partial<Names>;
  /** Also resolves the properties that do not matter to a delivery, for whoever looks at the template itself. */
  readonly everyProperty?: boolean;
}

/** A resource that is created and that matters to a delivery. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  /** Without functions and, unless every property was asked for, without those that do not matter. */
  readonly properties: MapNode;
  readonly origin: Origin;
  /** What `Fn::GetAtt` yields. */
  attribute(name: string): string;
}

export interface ResolvedTemplate {
  readonly resources: readonly ResolvedResource[];
  readonly outputs: Readonly<Record<string, string>>;
}

const sections = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
];

/**
 * What a template creates when it is deployed to an account and Region: every function evaluated, every condition
 * applied.
 *
 * @throws TemplateError with every problem: functions and types that are not modelled, references to nothing,
 *   parameters without a value. Nothing that could change a delivery is passed over.
 */
export function resolveTemplate(template: MapNode, options: DeploymentOptions): ResolvedTemplate {
  expectKeys(template, sections);
  refuseTransform(template);
  const scope = conditionScope(template, options);
  const problems = new ProblemList();
  for (const [name, { value }] of optional(template, 'Conditions', expectMap)?.entries ?? []) {
    problems.attempt(() => scope.conditions.holds(name, value.origin));
  }
  checkRules(template, scope, problems);

  const section = expectMap(requiredEntry(template, 'Resources'));
  const declared = declareResources(section, scope, problems, {
    ...options,
    partition: partitionOf(options.region),
    urlSuffix: dnsSuffixOf(options.region),
    names: generatedNames(options.stackName, options.names),
  });
  const resources = declared.resources
    .map((resource) => problems.attempt(() => resolveResource(resource, declared.scope, options)))
    .filter((resource) => resource !== undefined);
  const outputs = readOutputs(template, declared.scope, problems);
  problems.throwIfAny();
  return { resources, outputs };
}

function refuseTransform(template: MapNode): void {
  const transform = entry(template, 'Transform');
  if (transform === undefined) return;
  const names = transform.kind === 'list' ? transform.items.map(expectString) : [expectString(transform)];
  refuse(
    transform.origin,
    `CloudFormation runs transforms (${names.join(', ')}) itself. Load what it makes of the template: aws cloudformation get-template --template-stage Processed.`,
  );
}

function conditionScope(template: MapNode, options: DeploymentOptions): Scope {
  const scope: Scope = {
    parameters: readParameters(template, options.parameters ?? {}),
    pseudoParameters: pseudoParameters(options),
    mappings: optional(template, 'Mappings', expectMap),
    conditions: readConditions(entry(template, 'Conditions'), (node) => holdsIn(scope)(node)),
  };
  return scope;
}

function resolveResource(
  resource: DeclaredResource,
  scope: Scope,
  { everyProperty = false }: DeploymentOptions,
): ResolvedResource {
  const { logicalId, type, modelled, properties, origin } = resource;
  const problems = new ProblemList();
  const entries = [...properties.entries]
    .filter(([name]) => everyProperty || modelled.includes(name))
    .map(([name, { origin: keyOrigin, value }]) => {
      const resolved = problems.attempt(() => resolve(value, scope));
      return resolved === undefined ? undefined : ([name, { origin: keyOrigin, value: resolved }] as const);
    })
    .filter((found) => found !== undefined);
  problems.throwIfAny();
  return {
    logicalId,
    type,
    origin,
    name: resource.name(),
    properties: { ...properties, entries: new Map(entries) },
    attribute: (name) => resource.attribute(name),
  };
}

function readOutputs(template: MapNode, scope: Scope, problems: ProblemList): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const section = problems.attempt(() => optional(template, 'Outputs', expectMap));
  for (const [name, { value: node, origin }] of section?.entries ?? []) {
    problems.attempt(() => {
      expectLogicalId(name, origin);
      const output = expectMap(node);
      expectKeys(output, ['Condition', 'Description', 'Export', 'Value']);
      const condition = entry(output, 'Condition');
      if (condition !== undefined && !scope.conditions.holds(expectString(condition), condition.origin)) return;
      const value = requiredEntry(output, 'Value');
      outputs[name] = expectString(
        resolve(value, scope) ?? refuse(value.origin, 'an output must have a value, not AWS::NoValue.'),
      );
    });
  }
  return outputs;
}
