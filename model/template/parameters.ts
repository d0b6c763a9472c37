import { arnOf, dnsSuffixOf, partitionOf } from '../../core/arn.ts';
import { ownEntry } from '../../core/values.ts';
import { names } from '../../core/vocabulary.ts';
import type { MapNode, Origin, ScalarNode } from './node.ts';
import {
  entry,
  expectKeys,
  expectLogicalId,
  expectMap,
  expectNumber,
  expectString,
  expectStrings,
  optional,
  requiredEntry,
} from './read-value.ts';
import { ProblemList, refuse } from './template-error.ts';

/** The value of a parameter's `Ref`. */
export type ParameterValue =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'list'; readonly value: readonly string[] }
  /** The value is in Systems Manager's Parameter Store, so it is not in any template. */
  | { readonly kind: 'stored'; readonly type: string }
  /** The parameter has no default, and no one gave a value. */
  | { readonly kind: 'not given'; readonly isList: boolean; readonly allowed: readonly string[] };

const parameterKeys = names(`
  AllowedPattern AllowedValues ConstraintDescription Default Description MaxLength MaxValue MinLength MinValue
  NoEcho Type
`);

/**
 * The value of every parameter of a template: the given one, otherwise the default.
 *
 * @param given values by parameter name, as passed to `aws cloudformation deploy`
 * @param mayBeUnknown a parameter without a value is not an error
 * @throws TemplateError naming each parameter that is undeclared, has no value, or violates its own constraints
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function readParameters(
  template: MapNode,
  given: Readonly<Record<string, string>>,
  mayBeUnknown = false,
): ReadonlyMap<string, ParameterValue> {
  const section = optional(template, 'Parameters', expectMap);
  const names = [...(section?.entries.keys() ?? [])];
  const existing =
    names.length === 0 ? 'this template has no parameters' : `this template's parameters: ${names.join(', ')}`;
  const problems = new ProblemList();
  const values = new Map<string, ParameterValue>();

  for (const name of Object.keys(given).filter((key) => !names.includes(key))) {
    problems.attempt(() => refuse(section?.origin ?? template.origin, `no parameter is named "${name}"; ${existing}.`));
  }
  for (const [name, { value, origin }] of section?.entries ?? []) {
    const parameter = problems.attempt(() => {
      const declaration = expectMap(value);
      expectLogicalId(name, origin);
      expectKeys(declaration, parameterKeys);
      return readParameter(declaration, ownEntry(given, name), { origin, existing, mayBeUnknown });
    });
    if (parameter !== undefined) values.set(name, parameter);
  }
  problems.throwIfAny();
  return values;
}

function readParameter(
  declaration: MapNode,
  given: string | undefined,
  { origin, existing, mayBeUnknown }: Reading,
): ParameterValue {
  const typeNode = requiredEntry(declaration, 'Type');
  const type = expectString(typeNode);
  const form = typeForms.find(({ pattern }) => pattern.test(type))?.form ?? (mayBeUnknown ? 'string' : undefined);
  if (form === undefined) {
    refuse(
      typeNode.origin,
      `the parameter type "${type}" is not known; known: String, Number, CommaDelimitedList, List<…>, AWS::….`,
    );
  }
  if (form === 'stored') {
    // CloudFormation takes the name of the stored value, but here the user gives the value itself.
    return mayBeUnknown && given !== undefined ? { kind: 'string', value: given } : { kind: 'stored', type };
  }

  const text = given ?? optional(declaration, 'Default', expectString);
  if (text === undefined && mayBeUnknown) {
    const allowed = optional(declaration, 'AllowedValues', expectStrings) ?? [];
    return { kind: 'not given', isList: form === 'list', allowed };
  }
  if (text === undefined) refuse(origin, `has no Default, so a value must be given; ${existing}.`);
  const values = form === 'list' ? text.split(',').map((item) => item.trim()) : [text];
  for (const value of values) {
    const reason = constraints
      .map((constraint) => constraint(value, declaration, mayBeUnknown))
      .find((found) => found !== undefined);
    const isNumber = value.trim() !== '' && !Number.isNaN(Number(value));
    const broken = /^(?:List<)?Number/.test(type) && !isNumber ? 'must be a number' : reason;
    if (broken !== undefined) {
      const advice = optional(declaration, 'ConstraintDescription', expectString);
      refuse(origin, `the value "${value}" ${broken}${advice === undefined ? '' : ` (${advice})`}.`);
    }
  }
  return form === 'list' ? { kind: 'list', value: values } : { kind: 'string', value: text };
}

interface Reading {
  readonly origin: Origin;
  readonly existing: string;
  readonly mayBeUnknown: boolean;
}

const typeForms = [
  { pattern: /^AWS::SSM::Parameter::Value</, form: 'stored' },
  { pattern: /^(?:CommaDelimitedList|List<.+>)$/, form: 'list' },
  { pattern: /^(?:String|Number|AWS::\w+(?:::\w+)+)$/, form: 'string' },
] as const;

const constraints: readonly ((value: string, declaration: MapNode, mayBeUnknown: boolean) => string | undefined)[] = [
  (value, declaration) => {
    const allowed = optional(declaration, 'AllowedValues', expectStrings);
    return allowed === undefined || allowed.includes(value) ? undefined : `must be one of: ${allowed.join(', ')}`;
  },
  (value, declaration, mayBeUnknown) => {
    const pattern = optional(declaration, 'AllowedPattern', expectString);
    if (pattern === undefined) return undefined;
    const expression = wholeMatch(pattern);
    const node = entry(declaration, 'AllowedPattern');
    if (expression === undefined && mayBeUnknown) return undefined;
    if (expression === undefined) {
      refuse(
        node?.origin ?? declaration.origin,
        `the pattern ${pattern} is Java's and has no equal in JavaScript, so it cannot be checked.`,
      );
    }
    return expression.test(value) ? undefined : `does not match the pattern ${pattern}`;
  },
  bound('MinLength', (value, limit) => value.length >= limit, 'must have at least', 'characters'),
  bound('MaxLength', (value, limit) => value.length <= limit, 'must have at most', 'characters'),
  bound('MinValue', (value, limit) => Number(value) >= limit, 'must be at least', ''),
  bound('MaxValue', (value, limit) => Number(value) <= limit, 'must be at most', ''),
];

function bound(key: string, holds: (value: string, limit: number) => boolean, words: string, unit: string) {
  return (value: string, declaration: MapNode): string | undefined => {
    const limit = optional(declaration, key, expectNumber);
    return limit === undefined || holds(value, limit) ? undefined : `${words} ${limit} ${unit}`.trimEnd();
  };
}

/** CloudFormation's patterns are Java's and must match the whole value. Undefined if JavaScript's differ. */
function wholeMatch(pattern: string): RegExp | undefined {
  if (/\\[pPQEAzZGhHR]|\(\?[a-z-]+[:)]/.test(pattern)) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}

/** The defaults of parameters as written, whatever their types. */
export function writtenDefaults(template: MapNode): ReadonlyMap<string, ScalarNode> {
  const declared = [...(optional(template, 'Parameters', expectMap)?.entries ?? [])];
  return new Map(
    declared.flatMap(([name, { value }]) => {
      const node = entry(value, 'Default');
      return node?.kind === 'scalar' ? [[name, node] as const] : [];
    }),
  );
}

/** The account, Region and stack name of a deployment. */
export interface Deployment {
  readonly accountId: string;
  readonly region: string;
  /** Empty if unknown. */
  readonly stackName: string;
}

/**
 * The value of `Ref` for a name that starts with `AWS::`, except AWS::NoValue.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
export function pseudoParameters({
  accountId,
  region,
  stackName,
}: Deployment): Readonly<Record<string, string | readonly string[]>> {
  const partition = partitionOf(region);
  return {
    'AWS::AccountId': accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::URLSuffix': dnsSuffixOf(region),
    ...(stackName !== '' && {
      'AWS::StackId': arnOf({
        partition,
        service: 'cloudformation',
        region,
        accountId,
        resource: `stack/${stackName}/00000000-0000-4000-8000-000000000000`,
      }),
      'AWS::StackName': stackName,
    }),
  };
}
