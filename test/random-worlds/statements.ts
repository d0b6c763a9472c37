import * as fc from 'fast-check';
import type { PolicyStatement } from '../../model/world/world.ts';
import type { Place } from './places.ts';
import { actions, type ConditionKey, conditionKeys, notPrincipals, principals } from './vocabulary-of-policies.ts';

/** Random statements and random changes of a statement, valid for one place. */

type Elements = Readonly<Record<string, unknown>>;
type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function denial(place: Place): fc.Arbitrary<PolicyStatement> {
  return statement(place).map((elements) => ({ Effect: 'Deny', ...elements }));
}

/** An Allow with conditions or for one action, on anything that is possible in the place. */
export function permission(place: Place): fc.Arbitrary<PolicyStatement> {
  return statement(place, false).map((elements) => ({ Effect: 'Allow', ...elements }));
}

function statement(place: Place, withExceptions = true): fc.Arbitrary<Elements> {
  return fc
    .tuple(
      principalOf(place, withExceptions),
      either(actionOf(place), 'NotAction', withExceptions),
      either(resourceOf(place), 'NotResource', withExceptions),
      fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: condition(place).map(asCondition) }),
    )
    .map((elements) => Object.assign({}, ...elements));
}

/** Names or, sometimes, everything except them. */
function either(of: fc.Arbitrary<Elements>, exceptionName: string, withExceptions: boolean): fc.Arbitrary<Elements> {
  if (!withExceptions) return of;
  const exception = of.map((elements) =>
    Object.fromEntries(Object.values(elements).map((value) => [exceptionName, value])),
  );
  return fc.oneof({ weight: 8, arbitrary: of }, { weight: 1, arbitrary: exception });
}

function principalOf({ principal }: Place, withExceptions: boolean): fc.Arbitrary<Elements> {
  if (principal === 'none') return fc.constant({});
  if (principal === 'everybody') return fc.constant({ Principal: '*' });
  const named = fc.constantFrom(...principals).map((Principal) => ({ Principal }));
  if (!withExceptions) return named;
  const exception = fc.constantFrom(...notPrincipals).map((NotPrincipal) => ({ NotPrincipal }));
  return fc.oneof({ weight: 8, arbitrary: named }, { weight: 1, arbitrary: exception });
}

function actionOf({ about }: Place): fc.Arbitrary<Elements> {
  const pool = about.flatMap((service) => [...actions[service]]);
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.constantFrom(...pool) },
      { weight: 1, arbitrary: fc.subarray(pool, { minLength: 2, maxLength: 3 }) },
    )
    .map((Action) => ({ Action }));
}

function resourceOf({ hasResource, resources }: Place): fc.Arbitrary<Elements> {
  return hasResource ? fc.constantFrom(...resources).map((Resource) => ({ Resource })) : fc.constant({});
}

function condition({ about }: Place): fc.Arbitrary<Conditions> {
  const keys = fc.constantFrom(...about.flatMap((service) => conditionKeys[service]));
  return fc
    .array(keys.chain(comparison), { minLength: 1, maxLength: 2 })
    .map((comparisons) => comparisons.reduce<Conditions>(withAll, {}));
}

function comparison({ key, operators, values }: ConditionKey): fc.Arbitrary<Conditions> {
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(fc.constantFrom(...operators), fc.constantFrom(...values))
        .map(([operator, value]) => ({ [operator]: { [key]: value } })),
    },
    { weight: 1, arbitrary: fc.constantFrom('true', 'false').map((absent) => ({ Null: { [key]: absent } })) },
  );
}

function withAll(conditions: Conditions, more: Conditions): Conditions {
  const operators = new Set([...Object.keys(conditions), ...Object.keys(more)]);
  return Object.fromEntries([...operators].map((name) => [name, { ...conditions[name], ...more[name] }]));
}

function asCondition(Condition: Conditions): Elements {
  return { Condition };
}

/** The same statement with one element changed. */
export function changed(shipped: PolicyStatement, place: Place): fc.Arbitrary<PolicyStatement> {
  const { Condition: shippedConditions = {}, ...unconditional } = shipped as PolicyStatement & {
    Condition?: Conditions;
  };
  const ways: fc.Arbitrary<PolicyStatement>[] = [
    actionOf(place).map((action) => ({ ...shipped, ...action })),
    condition(place).map((more) => ({ ...unconditional, Condition: withAll(shippedConditions, more) })),
  ];
  if ('Principal' in shipped) ways.push(principalOf(place, false).map((who) => ({ ...shipped, ...who })));
  if ('Resource' in shipped) ways.push(resourceOf(place).map((what) => ({ ...shipped, ...what })));
  const taken = withoutOneCondition(shippedConditions);
  if (taken.length > 0) {
    ways.push(
      fc
        .constantFrom(...taken)
        .map((Condition) => (Object.keys(Condition).length > 0 ? { ...unconditional, Condition } : unconditional)),
      fc
        .constantFrom(...taken)
        .chain((rest) => condition(place).map((more) => ({ ...unconditional, Condition: withAll(rest, more) }))),
    );
  }
  if (Array.isArray(shipped['Action'])) {
    ways.push(fc.constantFrom(...shipped['Action']).map((Action: unknown) => ({ ...shipped, Action })));
  }
  return fc.oneof(...ways);
}

function withoutOneCondition(conditions: Conditions): Conditions[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.keys(keys).map((taken) => {
      const left = Object.entries(keys).filter(([key]) => key !== taken);
      const { [operator]: _, ...others } = conditions;
      return left.length > 0 ? { ...others, [operator]: Object.fromEntries(left) } : others;
    }),
  );
}
