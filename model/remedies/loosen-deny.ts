import { nameOf } from '../../core/arn.ts';
import type { PolicyKind } from '../../policy/grammar.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { PolicyStatement } from '../world/world.ts';
import { type About, about, rightValues, tightestFor } from './about.ts';
import type { Place, Proposal, ProposedEdit } from './proposal.ts';
import {
  allAndEach,
  type Comparison,
  comparisonsOf,
  conditionsOf,
  eachAndAll,
  freeSid,
  hasWildcard,
  isSameKey,
  plainOperator,
  takesWildcards,
  titleOf,
  valuesIn,
  withComparison,
} from './statement-parts.ts';

/**
 * What takes a Deny off a delivery, the least first: one value that it lacks; the caller exempted; the caller exempted
 * only as far as it does what a delivery does.
 */
export function loosenedDenies(place: Place): readonly Proposal[] {
  const { fault } = place.about;
  const index = fault.statement?.index ?? -1;
  const denying = statementsOf(place.document)[index];
  if (denying?.Effect !== 'Deny') return [];
  const title = titleOf(denying, index);
  const replacing = ({ statement, summary }: Loosened): ProposedEdit => ({
    edit: { kind: 'replace', index, statement },
    summary,
  });
  const exempt = exempting(denying, title, place.about);
  return [
    ...[...withRightValue(denying, title, place.about), ...sparing(denying, title, place.about)].map((loosened) => [
      replacing(loosened),
    ]),
    ...exempt.map((loosened) => [replacing(loosened)]),
    ...exempt.flatMap((loosened) => narrowed(denying, title, place).map((kept) => [...kept, replacing(loosened)])),
  ];
}

interface Loosened {
  readonly statement: PolicyStatement;
  readonly summary: string;
}

/** A condition of a Deny says which requests it spares, mostly by what they must not differ from. */
function withRightValue(denying: PolicyStatement, title: string, about: About): readonly Loosened[] {
  return comparisonsOf(denying).flatMap((comparison): readonly Loosened[] => {
    const { operator, key, values } = comparison;
    const right = rightValues(key, about);
    if (plainOperator(operator) === 'Bool') return turnedRound(denying, comparison, right, title);
    if (!/^(String|Arn)Not/.test(plainOperator(operator))) return [];
    const missing = right.filter(
      (value) => !values.includes(value) && (takesWildcards(operator) || !hasWildcard(value)),
    );
    return allAndEach(missing).map((more) => ({
      statement: withComparison(denying, { ...comparison, values: [...values, ...more] }),
      summary: `Let ${title} spare also ${key} ${more.join(' and ')}.`,
    }));
  });
}

/** `aws:SecureTransport` is what people get the wrong way round. */
function turnedRound(
  denying: PolicyStatement,
  { operator, key, values }: Comparison,
  right: readonly string[],
  title: string,
): readonly Loosened[] {
  const [wrong] = right.map((value) => (value === 'true' ? 'false' : 'true'));
  if (wrong === undefined || values.includes(wrong)) return [];
  return [
    {
      statement: withComparison(denying, { operator, key, values: [wrong] }),
      summary: `Let ${title} deny ${key} ${wrong} instead of ${values.join(' and ')}.`,
    },
  ];
}

/** A Deny of all but some resources lacks one. */
function sparing(denying: PolicyStatement, title: string, { alike, world, event }: About): readonly Loosened[] {
  const spared = valuesIn(denying['NotResource']);
  const refused = alike.map((fault) => about({ world, event, fault, faults: [] }));
  const missing = [...new Set(refused.flatMap((one) => valuesIn(placeOf(one))))].filter((one) => !spared.includes(one));
  if (spared.length === 0 || missing.length === 0) return [];
  return [
    {
      statement: { ...denying, NotResource: [...spared, ...missing] },
      summary: `Let ${title} spare also ${missing.join(' and ')}.`,
    },
  ];
}

const principalArn = 'aws:PrincipalArn';

/** Conditions of one statement must all hold, so that one more makes a Deny narrower. */
function exempting(denying: PolicyStatement, title: string, { who }: About): readonly Loosened[] {
  // The root user's ARN is its account's.
  if (!who.includes(':role/')) return [];
  const operator = 'ArnNotEquals';
  const spared = comparisonsOf(denying).find((one) => one.operator === operator && isSameKey(one.key, principalArn));
  const values = [...(spared?.values ?? []), who];
  return [
    {
      statement: withComparison(denying, { operator, key: spared?.key ?? principalArn, values }),
      summary: `Exempt ${nameOf(who) ?? who} from ${title}.`,
    },
  ];
}

/**
 * The Deny once more for the caller alone: for whatever no delivery needs, and for each action that one needs, except
 * with each thing that a delivery has.
 */
function narrowed(
  denying: PolicyStatement,
  title: string,
  { about: it, of, document }: Place,
): readonly (readonly ProposedEdit[])[] {
  const forCaller = withComparison(denying, { operator: 'ArnEquals', key: principalArn, values: [it.who] });
  const refused = it.alike.map((fault) => about({ ...it, fault, faults: [] }));
  const kept = [...elsewhere(forCaller, refused), ...refused.flatMap((one) => otherwise(forCaller, one, of.kind))];
  const sid = freeSid(document, `${title}Narrowed`);
  return eachAndAll(kept).map((some) =>
    some.map(({ except, denial }, nth) => ({
      edit: { kind: 'add', statement: { ...denial, Sid: nth === 0 ? sid : `${sid}${nth + 1}` } },
      summary: `Keep denying ${nameOf(it.who) ?? it.who} what ${title} denies, except ${except}.`,
    })),
  );
}

interface Kept {
  readonly except: string;
  readonly denial: PolicyStatement;
}

function elsewhere(forCaller: PolicyStatement, refused: readonly About[]): readonly Kept[] {
  const resources = [...new Set(refused.flatMap((one) => valuesIn(placeOf(one))))];
  const { Resource: resource, ...anywhere } = forCaller;
  const spared = valuesIn(forCaller['NotResource']);
  if ((resource === undefined && spared.length === 0) || resources.length === 0) return [];
  return [{ except: `on ${resources.join(' and ')}`, denial: { ...anywhere, NotResource: [...spared, ...resources] } }];
}

/** A key policy has no other name for its key than `*`, and a policy of the caller does. */
function placeOf({ ofCaller }: About): unknown {
  return ofCaller?.['Resource'];
}

function otherwise(forCaller: PolicyStatement, refused: About, kind: PolicyKind): readonly Kept[] {
  const { NotAction: _, ...rest } = forCaller;
  const statement: PolicyStatement = { ...rest, Action: refused.fault.action };
  return comparisonsOf(tightestFor(kind, refused) ?? {}).flatMap(({ operator, key, values }) => {
    const denial = opposites[operator]?.(statement, key, values);
    return denial ? [{ except: `with ${key} ${values.join(' or ')}`, denial }] : [];
  });
}

type Opposite = (statement: PolicyStatement, key: string, values: readonly string[]) => PolicyStatement;

/** A Deny that spares two values spares each: the values of two negated comparisons of one key add up. */
const unless =
  (operator: string): Opposite =>
  (statement, key, values) => {
    const [, spared] =
      Object.entries(conditionsOf(statement)[operator] ?? {}).find(([other]) => isSameKey(other, key)) ?? [];
    return withComparison(statement, { operator, key, values: [...new Set([...valuesIn(spared), ...values])] });
  };

const opposites: Readonly<Record<string, Opposite>> = {
  StringEquals: unless('StringNotEquals'),
  StringLike: unless('StringNotLike'),
  Bool: (statement, key, [value]) =>
    withComparison(statement, { operator: 'Bool', key, values: [value === 'true' ? 'false' : 'true'] }),
};
