/** A variable of a function's environment, and what it may be. */
interface Variable {
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly isOptional?: true;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown where the function's environment cannot be used; the message names each variable that is wrong. */
class InvalidConfiguration extends Error {
  constructor(problems: readonly string[]) {
    super(["The function's environment is invalid:", ...problems.map((problem) => `- ${problem}`)].join('\n'));
    this.name = 'InvalidConfiguration';
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** @returns the value of a variable; undefined for one that is not set or empty, which only an optional one may be */
export function readEnvironment<Name extends string>(
  environment: Environment,
  variables: Readonly<Record<Name, Variable>>,
): (name: Name) => string | undefined {
  const problems = Object.entries<Variable>(variables).flatMap(([name, { pattern, allowed, isOptional }]) => {
    const value = environment[name];
    if (!value) return isOptional ? [] : [`${name} is not set. Set it to ${allowed}.`];
    return pattern.test(value) ? [] : [`${name} is ${JSON.stringify(value)}. Set it to ${allowed}.`];
  });
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return (name) => environment[name] || undefined;
}

/** True if requests go to another endpoint than AWS's. */
export function hasCustomEndpoint(environment: Environment): boolean {
  return Boolean(environment['AWS_ENDPOINT_URL'] || environment['AWS_ENDPOINT_URL_S3']);
}
