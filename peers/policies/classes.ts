import { type Case, conditionsOf, documentsOf, type Statement, statementsOf } from './case.ts';

/** Why an engine and `policy/` disagree, and the AWS page that decides. README.md explains each class. */
export interface Class {
  readonly what: string;
  readonly page: string;
  readonly engines: readonly string[];
  /** True if the smallest case with a disagreement belongs to the class. */
  readonly holds: (one: Case) => boolean;
}

const guide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const everyEngine = ['iam-simulate', 'principalmapper', 'iam-rs'];
const operators = `${guide}/reference_policies_elements_condition_operators.html`;
const variables = `${guide}/reference_policies_variables.html`;

const text = (one: Case) => JSON.stringify(one.policies);
const anyCondition = (one: Case, holds: (operator: string, key: string, values: readonly string[]) => boolean) =>
  statementsOf(one).some((statement) =>
    conditionsOf(statement).some(([operator, key, values]) => holds(operator, key.toLowerCase(), values)),
  );
const requestValue = ({ request }: Case, key: string) =>
  Object.entries(request.context).find(([name]) => name.toLowerCase() === key)?.[1];
const named = (statement: Statement) => JSON.stringify(statement['Principal'] ?? statement['NotPrincipal'] ?? '');
const isOwn = ({ request }: Case) => request.principal.includes(`:${request.resourceAccount}:`);
const limits = ({ policies }: Case) => policies.session !== undefined || policies.permissionsBoundary !== undefined;
const isNegated = (operator: string) => /Not(?:Equals|Like|IpAddress)|NotIp/.test(operator);

/** In the order in which to try them. */
export const classes: Readonly<Record<string, Class>> = {
  'line-break': {
    what: 'wildcards match any character, line breaks too',
    page: `${guide}/reference_policies_elements_resource.html`,
    engines: everyEngine,
    holds: ({ request }) => request.resource.includes('\n'),
  },
  version: {
    what: 'without Version 2012-10-17 variables are plain text',
    page: `${guide}/reference_policies_elements_version.html`,
    engines: everyEngine,
    holds: (one) =>
      documentsOf(one).some(
        ([, document]) => document.Version !== '2012-10-17' && JSON.stringify(document).includes('${'),
      ),
  },
  escapes: {
    what: '${*}, ${?} and ${$} are the characters themselves',
    page: variables,
    engines: everyEngine,
    holds: (one) => /\$\{[*?$]\}/.test(text(one)),
  },
  defaults: {
    what: "a variable may have a default, as in ${aws:PrincipalTag/team, 'none'}",
    page: variables,
    engines: ['principalmapper', 'iam-rs'],
    holds: (one) => text(one).includes(", '"),
  },
  'variable-without-value': {
    what: 'a variable whose key the request has not matches nothing, so that inverted elements match',
    page: variables,
    engines: everyEngine,
    holds: (one) =>
      [...text(one).matchAll(/\$\{([^},]+)/g)].some(
        ([, key = '']) => requestValue(one, key.toLowerCase()) === undefined,
      ),
  },
  'variables-in-arns': {
    what: 'ARN operators take variables too',
    page: operators,
    engines: ['iam-simulate'],
    holds: (one) => anyCondition(one, (operator, _, values) => /Arn/.test(operator) && values.join().includes('${')),
  },
  'arn-equals': {
    what: 'ArnEquals does what ArnLike does, wildcards included; that a star by itself is any ARN is a choice of policy/',
    page: operators,
    engines: ['iam-simulate', 'iam-rs'],
    holds: (one) => anyCondition(one, (operator, _, values) => /Arn/.test(operator) && /[*?]/.test(values.join())),
  },
  variables: {
    what: 'conditions may compare with a variable',
    page: variables,
    engines: ['principalmapper', 'iam-rs'],
    holds: (one) => text(one).includes('${'),
  },
  'ip-families': {
    what: 'an address of one family is in no range of the other, and 0.0.0.0/0 is every IPv4 address',
    page: operators,
    engines: everyEngine,
    holds: (one) => anyCondition(one, (operator) => /IpAddress/.test(operator)),
  },
  epoch: {
    what: 'dates are ISO 8601 or seconds since 1970, on either side',
    page: operators,
    engines: everyEngine,
    holds: (one) => anyCondition(one, (operator) => /Date/.test(operator)),
  },
  'sessions-named': {
    what: 'a Principal may be a session, which it then grants to directly',
    page: `${guide}/reference_policies_elements_principal.html`,
    engines: ['principalmapper'],
    holds: (one) => statementsOf(one).some((statement) => named(statement).includes(':assumed-role/')),
  },
  'session-not-limited': {
    what: 'what a policy of the resource grants to a session is not limited by what session policies or boundaries leave out',
    page: `${guide}/reference_policies_evaluation-logic_policy-eval-denyallow.html`,
    engines: ['iam-simulate'],
    holds: (one) =>
      isOwn(one) && limits(one) && statementsOf(one).some((statement) => named(statement).includes(':assumed-role/')),
  },
  'everybody-in-aws': {
    what: '{"AWS": "*"} is "*"',
    page: `${guide}/reference_policies_elements_principal.html`,
    engines: ['principalmapper'],
    holds: (one) => statementsOf(one).some((statement) => named(statement) === '{"AWS":"*"}'),
  },
  'role-stays-limited': {
    what: 'what a policy of the resource grants to a role stays limited by session policies and boundaries',
    page: `${guide}/reference_policies_evaluation-logic_policy-eval-denyallow.html`,
    engines: ['principalmapper', 'iam-simulate'],
    holds: (one) =>
      isOwn(one) && limits(one) && statementsOf(one).some((statement) => named(statement).includes(':role/delivery')),
  },
  'everybody-and-session': {
    what: 'a grant to "*" with a condition on aws:PrincipalArn is not limited by session policies and boundaries; that one without it is not either is a choice of policy/',
    page: `${guide}/reference_policies_elements_principal.html`,
    engines: ['iam-simulate'],
    holds: (one) =>
      isOwn(one) && limits(one) && statementsOf(one).some((statement) => named(statement).includes('"*"')),
  },
  'negated-string': {
    what: 'an inverted operator holds where the key is absent',
    page: operators,
    engines: ['principalmapper', 'iam-rs'],
    holds: (one) => anyCondition(one, (operator) => isNegated(operator)),
  },
  'numbers-if-exists': {
    what: 'IfExists may follow every operator but Null',
    page: operators,
    engines: ['principalmapper'],
    holds: (one) => anyCondition(one, (operator) => /^Numeric.*IfExists$/.test(operator)),
  },
  'any-value-if-exists': {
    what: 'IfExists holds where the key is absent, ForAnyValue before it or not',
    page: operators,
    engines: ['iam-simulate'],
    holds: (one) =>
      anyCondition(
        one,
        (operator, key) => /^ForAnyValue:.*IfExists$/.test(operator) && requestValue(one, key) === undefined,
      ),
  },
  'sets-of-values': {
    what: 'ForAllValues and ForAnyValue compare each value of the request',
    page: `${guide}/reference_policies_condition-single-vs-multi-valued-context-keys.html`,
    engines: ['principalmapper', 'iam-rs'],
    holds: (one) => anyCondition(one, (operator) => operator.startsWith('For')),
  },
};

export function classOf(engine: string, one: Case): string | undefined {
  return Object.entries(classes).find(([, { engines, holds }]) => engines.includes(engine) && holds(one))?.[0];
}
