import { type NamedPolicy, type Statement, statementsIn } from './document.ts';
import { type ClosestStatement, closestOf, conditionsOf, type Mismatch } from './explain.ts';
import { type LayerRules, type Match, matchOf, referenceTo, type StatementReference } from './match.ts';
import type { Scope } from './request.ts';
import type { Truth } from './truth.ts';

/** What the policies of one layer say by themselves about a request. */
export interface LayerResult {
  readonly denies: Truth;
  readonly allows: Truth;
  /** Whether what allows names the session itself, or everybody. */
  readonly allowsCaller: Truth;
  /** Whether what allows names more than the caller's account. */
  readonly allowsPrincipal: Truth;
  /** The statements that decide: those that deny (or may), else those that allow (or may). */
  readonly matched: readonly StatementReference[];
  /** What the conditions of the first denying statement ask for. */
  readonly conditions: () => readonly Mismatch[] | undefined;
  /** Where nothing certainly allows: the statement that comes closest, and what keeps it from matching. */
  readonly closest: () => ClosestStatement | undefined;
  /** The keys that it hangs on. */
  readonly unknown: readonly string[];
}

export function decideLayer(policies: readonly NamedPolicy[], scope: Scope, rules: LayerRules): LayerResult {
  const unknown = new Map<string, ReadonlySet<string>>();
  const own: Scope = { ...scope, hangsOn: new Map() };
  const found: Match[] = [];
  for (const policy of policies) {
    for (const statement of statementsIn(policy.document)) {
      const match = matchOf(policy, statement, own, rules);
      // What a statement asks that does not match anyway makes no difference.
      if (match.all === 'unknown') for (const [id, keys] of own.hangsOn) unknown.set(id, keys);
      own.hangsOn.clear();
      found.push(match);
    }
  }
  for (const [id, keys] of unknown) scope.hangsOn.set(id, keys);
  const truthOf = (effect: Statement['effect'], only?: (match: Match) => boolean): Truth => {
    let truth: Truth = false;
    for (const match of found) {
      if (match.all === false || match.statement.effect !== effect || (only && !only(match))) continue;
      if (match.all === true) return true;
      truth = 'unknown';
    }
    return truth;
  };
  const [denies, allows] = [truthOf('Deny'), truthOf('Allow')];
  const effect = denies === false ? 'Allow' : 'Deny';
  const decisive = found.filter(
    ({ statement, all }) =>
      statement.effect === effect && all === (denies === false ? allows : denies) && all !== false,
  );
  return {
    denies,
    allows,
    allowsCaller: truthOf('Allow', ({ naming }) => naming === 'caller'),
    allowsPrincipal: truthOf('Allow', ({ naming }) => naming !== 'account'),
    matched: decisive.map(referenceTo),
    conditions: () => (denies === false || !decisive[0] ? undefined : conditionsOf(decisive[0], own)),
    closest: () => (allows === true ? undefined : closestOf(found, own)),
    unknown: unknown.size === 0 ? [] : [...new Set([...unknown.values()].flatMap((keys) => [...keys]))],
  };
}
