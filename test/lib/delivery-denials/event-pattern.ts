type Json = Readonly<Record<string, unknown>>;

/**
 * Tells if EventBridge would pass an event to a rule, for the part of its patterns that the rules use. An unknown
 * operator is an error, never a match.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: Json, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or') return alternatives(wanted).some((alternative) => matches(alternative, event));
    const value = isObject(event) ? event[field] : undefined;
    if (Array.isArray(wanted)) return wanted.some((one) => matchesValue(one, value));
    if (!isObject(wanted)) throw new Error(`${field} is ${JSON.stringify(wanted)}, which has to be in an array.`);
    return matches(wanted, value);
  });
}

type Operator = (argument: unknown, value: string) => boolean;

/** For existing values; a field that an event lacks matches none of these. */
const operators: Readonly<Record<string, Operator>> = {
  prefix: (argument, value) => value.startsWith(text(argument)),
  wildcard: (argument, value) => {
    const parts = text(argument)
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(value);
  },
  'anything-but': (argument, value) => !(isObject(argument) ? matchesOperator(argument, value) : argument === value),
};

function matchesValue(wanted: unknown, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => matchesValue(wanted, one));
  if (typeof wanted === 'string') return wanted === value;
  if (!isObject(wanted)) throw new Error(`A pattern with ${JSON.stringify(wanted)} is not understood here.`);
  return matchesOperator(wanted, value);
}

function matchesOperator(wanted: Json, value: unknown): boolean {
  const [[name, argument] = [''], ...others] = Object.entries(wanted);
  const operator = operators[name];
  if (!operator || others.length > 0) throw new Error(`The operator ${JSON.stringify(wanted)} is not understood here.`);
  return typeof value === 'string' && operator(argument, value);
}

function alternatives(wanted: unknown): readonly Json[] {
  if (!Array.isArray(wanted) || wanted.length < 2) throw new Error('$or has to have two patterns or more.');
  return wanted as readonly Json[];
}

function text(argument: unknown): string {
  if (typeof argument !== 'string') throw new Error(`${JSON.stringify(argument)} has to be a string.`);
  return argument;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
