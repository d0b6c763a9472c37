/** An environment variable of a function, and its allowed values. */
interface Variable {
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly isOptional?: true;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown if the function's environment is invalid. The message names each wrong variable. */
class InvalidConfiguration extends Error {
  constructor(problems: readonly string[]) {
    super(["The function's environment is invalid:", ...problems.map((problem) => `- ${problem}`)].join('\n'));
    this.name = 'InvalidConfiguration';
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** Undefined for a variable that is unset or empty, which only optional ones may be. */
type ValueOf<Row> = Row extends { readonly isOptional: true } ? string | undefined : string;

/** @returns the values of the variables, by name */
export function readEnvironment<Rows extends Readonly<Record<string, Variable>>>(
  environment: Environment,
  variables: Rows,
): { readonly [Name in keyof Rows]: ValueOf<Rows[Name]> } {
  const problems = Object.entries<Variable>(variables).flatMap(([name, { pattern, allowed, isOptional }]) => {
    const value = environment[name];
    if (!value) return isOptional ? [] : [`${name} is not set. Set it to ${allowed}.`];
    return pattern.test(value) ? [] : [`${name} is ${JSON.stringify(value)}. Set it to ${allowed}.`];
  });
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  const values = Object.keys(variables).map((name) => [name, environment[name] || undefined]);
  return Object.fromEntries(values);
}

/** True if requests go to an endpoint other than AWS's. */
export function hasCustomEndpoint(environment: Environment): boolean {
  return Boolean(environment['AWS_ENDPOINT_URL'] || environment['AWS_ENDPOINT_URL_S3']);
}
