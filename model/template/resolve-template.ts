import { dnsSuffixOf, partitionOf } from '../../core/arn.ts';
import { names } from '../../core/vocabulary.ts';
import { withoutForEach } from './for-each.ts';
import { readConditions } from './functions/condition.ts';
import type { TemplateScope } from './functions/intrinsic-function.ts';
import { type GeneratedNames, generatedNames } from './names.ts';
import type { MapNode, Origin } from './node.ts';
import { type Deployment, pseudoParameters, readParameters } from './parameters.ts';
import { withoutPolicyText } from './policy-text.ts';
import {
  entry,
  expectKeys,
  expectLogicalId,
  expectMap,
  expectString,
  optional,
  requiredEntry,
  textOf,
} from './read-value.ts';
import { holdsIn, resolve } from './resolve.ts';
import { decisiveTypes } from './resource-types/resource-type.ts';
import { type DeclaredResource, declareResources, type SetAside } from './resources.ts';
import { checkRules } from './rules.ts';
import { ProblemList, refuse, TemplateError } from './template-error.ts';
import { refusedUnknowns, SupposedValues, type UnknownValue } from './unknown.ts';

export interface DeploymentOptions extends Deployment {
  /** By parameter name. The template's defaults are used for all others. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default the names of {@link generatedNames} */
  readonly names?: Partial<GeneratedNames>;
  /** Also resolve properties that don't affect a delivery, for callers that inspect the template itself. */
  readonly everyProperty?: boolean;
  /**
   * Values by {@link UnknownValue.key} for what the template leaves open. Any other unknown value becomes a marker.
   *
   * @default unknown values are errors
   */
  readonly supposed?: Readonly<Record<string, string>>;
  /** Values of exports, dynamic references and attributes that the user gave. */
  readonly imports?: Readonly<Record<string, string>>;
}

/** A resource that is created and affects a delivery. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  /** Without functions and, unless every property was requested, without those that don't matter. */
  readonly properties: MapNode;
  readonly origin: Origin;
  attribute(name: string): string;
}

export interface ResolvedTemplate {
  readonly resources: readonly ResolvedResource[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Values that the template leaves open, if anything that was read depends on them. */
  readonly unknown: readonly UnknownValue[];
  readonly setAside: readonly SetAside[];
  /** Macros with which CloudFormation creates other resources and properties. They are not run here. */
  readonly unsupported: readonly Unsupported[];
}

interface Unsupported {
  readonly what: string;
  readonly origin: Origin;
  /** The type of the resource whose properties it creates; absent if it could create anything. */
  readonly type?: string;
}

const sections = names(`
  AWSTemplateFormatVersion Conditions Description Globals Hooks Mappings Metadata Outputs Parameters Resources
  Rules Transform
`);

/**
 * The resources of a template deployed to an account and Region, with every function evaluated and every condition
 * applied.
 *
 * @throws TemplateError with every problem: unsupported functions and types, references to nothing,
 *   parameters without a value. Nothing that could affect a delivery is ignored.
 */
export function resolveTemplate(template: MapNode, options: DeploymentOptions): ResolvedTemplate {
  const unknown = options.supposed === undefined ? undefined : new SupposedValues(options.supposed);
  if (unknown === undefined) refuseTransform(template);
  else template = withoutForEach(template, options.parameters ?? {});
  expectKeys(template, [...sections, ...(unknown ? ['Fn::Transform'] : [])]);
  const unsupported = unknown === undefined ? [] : transformsOf(template);
  const scope = conditionScope(template, options, unknown);
  const problems = new ProblemList();
  for (const [name, { value }] of optional(template, 'Conditions', expectMap)?.entries ?? []) {
    problems.attempt(() => scope.conditions.holds(name, value.origin));
  }
  checkRules(template, scope, problems);

  const section = expectMap(requiredEntry(template, 'Resources'));
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
  if (section.entries.size > mostResources) {
    refuse(
      section.origin,
      `has ${section.entries.size} resources, where CloudFormation takes ${mostResources} at most.`,
    );
  }
  const declared = declareResources(section, scope, problems, {
    ...options,
    partition: partitionOf(options.region),
    urlSuffix: dnsSuffixOf(options.region),
    names: generatedNames(options.stackName, options.names),
    hasMacros: unsupported.length > 0,
  });
  const setAside = [...declared.setAside];
  const resources = declared.resources
    .map((resource) => {
      if (unknown === undefined || decisiveTypes.has(resource.type)) {
        return problems.attempt(() => resolveResource(resource, declared.scope, options, unsupported));
      }
      // The permissions of a customer's own roles don't affect the service's role.
      return attemptOr(
        () => resolveResource(resource, declared.scope, options, []),
        (why) => setAside.push({ ...resource, why }),
      );
    })
    .filter((resource) => resource !== undefined);
  const outputs = readOutputs(template, declared.scope, unknown === undefined ? problems : new ProblemList());
  problems.throwIfAny();
  return { resources, outputs, unknown: unknown?.found ?? [], setAside, unsupported };
}

const mostResources = 500;

function attemptOr<T>(read: () => T, otherwise: (why: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    otherwise(error.found[0].message);
    return undefined;
  }
}

/** Transforms that don't affect S3, KMS or IAM resources of a delivery. */
const harmlessTransforms =
  /^AWS::(?:Serverless-|LanguageExtensions$|CodeDeployBlueGreen$|SecretsManager-|ServiceCatalog$)/;

function transformsOf(template: MapNode): Unsupported[] {
  const resources = optional(template, 'Resources', expectMap);
  const inner = [template, resources].flatMap((map) => map?.entries.get('Fn::Transform') ?? []);
  const ofLoops = [...(resources?.entries ?? [])].filter(([name]) => name.startsWith('Fn::ForEach::'));
  const transform = entry(template, 'Transform');
  const items = transform === undefined ? [] : transform.kind === 'list' ? transform.items : [transform];
  const named = items.map((item) => {
    const name = textOf(item.kind === 'map' ? entry(item, 'Name') : item);
    return { what: name === undefined ? 'a transform' : `the transform ${name}`, origin: item.origin };
  });
  return [
    ...named.filter(({ what }) => !harmlessTransforms.test(what.replace('the transform ', ''))),
    ...inner.map(({ origin }) => ({ what: 'Fn::Transform', origin })),
    ...ofLoops.map(([what, { origin }]) => ({ what, origin })),
  ];
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

/** Keyed by the node of the name, because the name may be computed. */
function exportsOf(template: MapNode): TemplateScope['exported'] {
  const outputs = [...(optional(template, 'Outputs', expectMap)?.entries.values() ?? [])].map(({ value }) => value);
  return outputs.flatMap((output) => {
    const name = entry(entry(output, 'Export'), 'Name');
    const value = entry(output, 'Value');
    return name && value ? [{ name, value }] : [];
  });
}

function conditionScope(
  template: MapNode,
  options: DeploymentOptions,
  unknown: TemplateScope['unknown'] = refusedUnknowns,
): TemplateScope {
  const scope: TemplateScope = {
    unknown,
    imports: options.imports ?? {},
    exported: exportsOf(template),
    parameters: readParameters(template, options.parameters ?? {}, unknown.areSupposed),
    pseudoParameters: pseudoParameters(options),
    mappings: optional(template, 'Mappings', expectMap),
    conditions: readConditions(entry(template, 'Conditions'), (node) => holdsIn(scope)(node)),
  };
  return scope;
}

function resolveResource(
  resource: DeclaredResource,
  scope: TemplateScope,
  { everyProperty = false }: DeploymentOptions,
  unsupported: Unsupported[],
): ResolvedResource {
  const { logicalId, type, modeled, properties, origin } = resource;
  const within = [...properties.entries].filter(([name]) => name.startsWith('Fn::'));
  if (scope.unknown.areSupposed) {
    unsupported.push(...within.map(([what, { origin: at }]) => ({ what, origin: at, type })));
  }
  const problems = new ProblemList();
  const entries = [...properties.entries]
    .filter(([name]) => everyProperty || modeled.includes(name))
    .map(([name, { origin: keyOrigin, value }]) => {
      const resolved = problems.attempt(() => resolve(withoutPolicyText(name, value), scope));
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

function readOutputs(template: MapNode, scope: TemplateScope, problems: ProblemList): Readonly<Record<string, string>> {
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
