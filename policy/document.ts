import { type Condition, readConditions } from './conditions.ts';
import { type Pattern, parsePattern } from './pattern.ts';

/** A policy as it is written. Whatever is not of a policy's shape matches nothing: the grammar tells it. */
export interface PolicyDocument {
  readonly Version?: string | undefined;
  readonly Id?: string | undefined;
  readonly Statement: unknown;
}

/** A policy under the name (inline) or ARN (managed, organization) that reports call it by. */
export interface NamedPolicy {
  readonly name: string;
  readonly arn?: string;
  readonly document: PolicyDocument;
}

/** One statement, read. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly sid?: string;
  readonly index: number;
  readonly action?: Exceptable<Pattern>;
  readonly resource?: Exceptable<Pattern>;
  readonly principal?: Exceptable<Principal>;
  readonly conditions: readonly Condition[];
}

/** An element that lists what is meant, or as `Not…` what is not. */
export interface Exceptable<T> {
  readonly isExcept: boolean;
  readonly values: readonly T[];
}

export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` stands for everybody. */
  readonly type: string;
  readonly value: string;
}

const known = new WeakMap<object, readonly Statement[]>();

/** The statements of a document, which is read once. */
export function statementsIn(document: PolicyDocument): readonly Statement[] {
  let statements = known.get(document);
  if (!statements) {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    const variables = document.Version === '2012-10-17';
    statements = listOf(document.Statement).flatMap((one, index) => readStatement(one, index, variables));
    known.set(document, statements);
  }
  return statements;
}

function readStatement(written: unknown, index: number, variables: boolean): readonly Statement[] {
  if (typeof written !== 'object' || written === null) return [];
  const has = (element: string) =>
    Object.hasOwn(written, element) ? (written as Record<string, unknown>)[element] : undefined;
  const effect = has('Effect');
  if (effect !== 'Allow' && effect !== 'Deny') return [];
  const sid = has('Sid');
  const element = <T>(name: string, read: (value: unknown) => readonly T[]): Exceptable<T> | undefined => {
    const [plain, except] = [has(name), has(`Not${name}`)];
    if (plain !== undefined) return { isExcept: false, values: read(plain) };
    return except === undefined ? undefined : { isExcept: true, values: read(except) };
  };
  // Matched without regard to case.
  const actions = (value: unknown) =>
    listOf(value)
      .filter(isText)
      .map((text) => ({ ...parsePattern(text.toLowerCase(), false), source: text }));
  const action = element('Action', actions);
  const resource = element('Resource', (value) =>
    listOf(value)
      .filter(isText)
      .map((text) => ({ ...parsePattern(completed(text), variables), source: text })),
  );
  const principal = element('Principal', principalsIn);
  return [
    {
      effect,
      index,
      ...(typeof sid === 'string' && sid !== '' && { sid }),
      ...(action && { action }),
      ...(resource && { resource }),
      ...(principal && { principal }),
      conditions: readConditions(has('Condition'), variables),
    },
  ];
}

/**
 * An ARN with fewer than six fields has a star in each that is missing.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
function completed(arn: string): string {
  const fields = arn.replace(/\$\{[^}]*\}/g, '').split(':').length;
  return arn.startsWith('arn:') && fields < 6 ? arn + ':*'.repeat(6 - fields) : arn;
}

function principalsIn(value: unknown): readonly Principal[] {
  if (typeof value === 'string') return [{ type: value === '*' ? '*' : 'AWS', value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([type, values]) =>
    listOf(values)
      .filter(isText)
      .map((each) => ({ type: type === 'AWS' && each === '*' ? '*' : type, value: each })),
  );
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
