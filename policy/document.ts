import { type Condition, conditionsIn, entriesOf } from './conditions.ts';

/** A policy as written. Malformed parts match nothing; the grammar reports them. */
export interface PolicyDocument {
  readonly Version?: string | undefined;
  readonly Id?: string | undefined;
  readonly Statement: unknown;
}

/** A policy with its name (inline) or ARN (managed, organization) in reports. */
export interface NamedPolicy {
  readonly name: string;
  readonly arn?: string;
  readonly document: PolicyDocument;
}

/** An element that lists what it applies to or, as `Not…`, what it doesn't apply to. */
export interface Exceptable<T> {
  readonly isExcept: boolean;
  readonly values: readonly T[];
}

export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` means everyone. */
  readonly type: string;
  readonly value: string;
}

/** One statement. Its elements are read on first use, because most statements are about another action. */
export class Statement {
  private actions: Exceptable<string> | undefined;
  private resources: Exceptable<string> | undefined;
  private principals: Exceptable<Principal> | undefined;
  private readConditions: readonly Condition[] | undefined;

  constructor(
    private readonly written: object,
    readonly effect: 'Allow' | 'Deny',
    readonly index: number,
    /** True if its texts may contain variables. */
    readonly variables: boolean,
  ) {}

  get sid(): string | undefined {
    const sid = own(this.written, 'Sid');
    return typeof sid === 'string' && sid !== '' ? sid : undefined;
  }

  get action(): Exceptable<string> | undefined {
    this.actions ??= elementIn(this.written, 'Action', 'NotAction', textsIn);
    return this.actions;
  }

  get resource(): Exceptable<string> | undefined {
    this.resources ??= elementIn(this.written, 'Resource', 'NotResource', resourcesIn);
    return this.resources;
  }

  get principal(): Exceptable<Principal> | undefined {
    this.principals ??= elementIn(this.written, 'Principal', 'NotPrincipal', principalsIn);
    return this.principals;
  }

  get conditions(): readonly Condition[] {
    this.readConditions ??= conditionsIn(own(this.written, 'Condition'), this.variables);
    return this.readConditions;
  }
}

function elementIn<T>(
  written: object,
  plain: string,
  except: string,
  read: (value: unknown) => readonly T[],
): Exceptable<T> | undefined {
  const value = own(written, plain);
  if (value !== undefined) return { isExcept: false, values: read(value) };
  const exceptions = own(written, except);
  return exceptions === undefined ? undefined : { isExcept: true, values: read(exceptions) };
}

const known = new WeakMap<object, readonly Statement[]>();

/** The statements of a document, which is read once. */
export function statementsIn(document: PolicyDocument): readonly Statement[] {
  let statements = known.get(document);
  if (!statements) {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    const variables = document.Version === '2012-10-17';
    const read: Statement[] = [];
    listOf(document.Statement).forEach((one, index) => {
      const effect = typeof one === 'object' && one !== null && own(one, 'Effect');
      if (effect === 'Allow' || effect === 'Deny') read.push(new Statement(one as object, effect, index, variables));
    });
    statements = read;
    known.set(document, statements);
  }
  return statements;
}

/** An element of a document, ignoring inherited properties. */
export function own(written: object, element: string): unknown {
  const value = (written as Readonly<Record<string, unknown>>)[element];
  return value === undefined || Object.hasOwn(written, element) ? value : undefined;
}

function textsIn(value: unknown): readonly string[] {
  const list = listOf(value);
  return list.every(isText) ? list : list.filter(isText);
}

/**
 * An ARN with fewer than six fields gets a star for each missing field.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
function resourcesIn(value: unknown): readonly string[] {
  return textsIn(value).map((text) => {
    if (!text.startsWith('arn:')) return text;
    const fields = text.replace(/\$\{[^}]*\}/g, '').split(':', 6).length;
    return text + ':*'.repeat(6 - fields);
  });
}

function principalsIn(value: unknown): readonly Principal[] {
  if (typeof value === 'string') return [{ type: value === '*' ? '*' : 'AWS', value }];
  return entriesOf(value).flatMap(([type, values]) =>
    textsIn(values).map((each) => ({ type: type === 'AWS' && each === '*' ? '*' : type, value: each })),
  );
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
