import { ServiceError } from './aws-json.ts';

/** An attribute value of the types that the health check writes. */
export type Value = { readonly S: string } | { readonly N: string };
export type Item = Readonly<Record<string, Value>>;

export function text(value: Value | undefined): string | undefined {
  return value && ('S' in value ? value.S : value.N);
}

export interface Bindings {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Value>>;
}

const token = /\s*(#\w+|:\w+|<>|<=|>=|[=<>(),+-]|[A-Za-z_]\w*)/y;

/**
 * The part of DynamoDB's expressions that the health check uses.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
class Reader {
  private readonly tokens: string[] = [];

  constructor(
    text: string,
    private readonly item: Item,
    private readonly bindings: Bindings,
    private readonly used: Set<string>,
  ) {
    token.lastIndex = 0;
    while (token.lastIndex < text.trimEnd().length) {
      const from = token.lastIndex;
      const found = token.exec(text)?.[1];
      if (found === undefined) throw invalid(`Syntax error; token: "${text.slice(from)}"`);
      this.tokens.push(found);
    }
  }

  get done(): boolean {
    return this.tokens.length === 0;
  }

  next(): string | undefined {
    return this.tokens[0];
  }

  take(expected?: string): string {
    const found = this.tokens.shift();
    if (found === undefined || (expected !== undefined && found !== expected)) {
      throw invalid(`Syntax error; token: "${found ?? '<EOF>'}", expected: "${expected}"`);
    }
    return found;
  }

  condition(): boolean {
    let holds = this.conjunction();
    while (this.next() === 'OR') {
      this.take();
      const other = this.conjunction();
      holds ||= other;
    }
    return holds;
  }

  private conjunction(): boolean {
    let holds = this.comparison();
    while (this.next() === 'AND') {
      this.take();
      const other = this.comparison();
      holds &&= other;
    }
    return holds;
  }

  private comparison(): boolean {
    if (this.next() === '(') {
      this.take('(');
      const holds = this.condition();
      this.take(')');
      return holds;
    }
    if (this.next() === 'attribute_not_exists') {
      this.take();
      this.take('(');
      const absent = this.item[this.attribute()] === undefined;
      this.take(')');
      return absent;
    }
    const left = this.operand();
    const operator = this.take();
    return compare(left, operator, this.operand());
  }

  attribute(): string {
    const name = this.take();
    // Without an alias, it could be one of several hundred reserved words.
    if (!name.startsWith('#')) throw invalid(`Attribute name is a reserved keyword; reserved keyword: ${name}`);
    return this.bound(this.bindings.names, name);
  }

  operand(): Value | undefined {
    const next = this.next() ?? '';
    if (next.startsWith(':')) return this.bound(this.bindings.values, this.take());
    if (next !== 'if_not_exists') return this.item[this.attribute()];
    this.take();
    this.take('(');
    const present = this.item[this.attribute()];
    this.take(',');
    const otherwise = this.operand();
    this.take(')');
    return present ?? otherwise;
  }

  private bound<T>(from: Readonly<Record<string, T>>, name: string): T {
    const found = from[name];
    if (found === undefined) throw invalid(`An expression attribute used in expression is not defined: ${name}`);
    this.used.add(name);
    return found;
  }
}

function compare(left: Value | undefined, operator: string, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const same = JSON.stringify(left) === JSON.stringify(right);
  if (operator === '=') return same;
  if (operator === '<>') return !same;
  if (!('S' in left) || !('S' in right)) return false;
  if (operator === '<') return left.S < right.S;
  if (operator === '<=') return left.S <= right.S;
  throw invalid(`Syntax error; token: "${operator}"`);
}

/** True if an item matches a KeyConditionExpression. */
export function fits(item: Item, condition: string, bindings: Bindings): boolean {
  const used = new Set<string>();
  const holds = whole(new Reader(condition, item, bindings, used), (it) => it.condition());
  assertAllUsed(bindings, used);
  return holds;
}

export interface Outcome {
  readonly item: Item;
  /** The attributes that were set. */
  readonly updated: readonly string[];
}

/** @returns undefined if the condition is not met */
export function updated(
  item: Item,
  {
    condition,
    update,
    bindings,
  }: { readonly condition?: string; readonly update: string; readonly bindings: Bindings },
): Outcome | undefined {
  const used = new Set<string>();
  const holds = condition === undefined || whole(new Reader(condition, item, bindings, used), (it) => it.condition());
  const next: Record<string, Value> = { ...item };
  const set: string[] = [];
  whole(new Reader(update, item, bindings, used), (reader) => {
    while (!reader.done) {
      const clause = reader.take();
      for (let more = true; more; more = !reader.done && reader.next() === ',' && reader.take() === ',') {
        const attribute = reader.attribute();
        if (clause === 'REMOVE') delete next[attribute];
        else {
          if (set.includes(attribute)) throw invalid('Two document paths overlap with each other');
          reader.take('=');
          next[attribute] = sum(reader);
          set.push(attribute);
        }
      }
    }
  });
  assertAllUsed(bindings, used);
  return holds ? { item: next, updated: set } : undefined;
}

function assertAllUsed(bindings: Bindings, used: ReadonlySet<string>): void {
  const unused = [...Object.keys(bindings.names), ...Object.keys(bindings.values)].filter((name) => !used.has(name));
  if (unused.length > 0) throw invalid(`Value provided in ExpressionAttribute… unused in expressions: ${unused}`);
}

function sum(reader: Reader): Value {
  const first = reader.operand();
  if (first === undefined)
    throw invalid('The provided expression refers to an attribute that does not exist in the item');
  if (reader.next() !== '+') return first;
  reader.take('+');
  const second = reader.operand();
  if (!('N' in first) || second === undefined || !('N' in second))
    throw invalid('An operand has an incorrect data type');
  return { N: String(Number(first.N) + Number(second.N)) };
}

function whole<T>(reader: Reader, read: (reader: Reader) => T): T {
  const result = read(reader);
  if (!reader.done) throw invalid(`Syntax error; token: "${reader.next()}"`);
  return result;
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
