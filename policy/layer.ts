import { type NamedPolicy, type Statement, statementsIn } from './document.ts';
import { type ClosestStatement, closestOf, conditionsOf, type Mismatch } from './explain.ts';
import { type LayerRules, matchOf, namingIn, referenceTo, type StatementReference, statementHolds } from './match.ts';
import type { Scope } from './request.ts';
import { or, type Truth } from './truth.ts';

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
  const own: Scope = { ...scope, hangsOn: new Map() };
  const unknown = new Set<string>();
  const found: Found[] = [];
  let denies: Truth = false;
  let allows: Truth = false;
  let allowsCaller: Truth = false;
  let allowsPrincipal: Truth = false;
  for (const policy of policies) {
    for (const statement of statementsIn(policy.document)) {
      const holds = statementHolds(statement, own, rules);
      // What a statement asks that does not match anyway makes no difference.
      if (holds === 'unknown') {
        for (const [id, keys] of own.hangsOn) {
          scope.hangsOn.set(id, keys);
          for (const key of keys) unknown.add(key);
        }
      }
      if (own.hangsOn.size > 0) own.hangsOn.clear();
      if (holds === false) continue;
      found.push({ policy, statement, holds });
      if (statement.effect === 'Deny') {
        denies = or(denies, holds);
        continue;
      }
      const naming = namingIn(statement, own, rules);
      allows = or(allows, holds);
      if (naming === 'caller') allowsCaller = or(allowsCaller, holds);
      if (naming !== 'account') allowsPrincipal = or(allowsPrincipal, holds);
    }
  }
  const [effect, truth] = denies === false ? (['Allow', allows] as const) : (['Deny', denies] as const);
  const decisive = found.filter(({ statement, holds }) => statement.effect === effect && holds === truth);
  const all = () =>
    policies.flatMap((policy) => statementsIn(policy.document).map((one) => matchOf(policy, one, own, rules)));
  return {
    denies,
    allows,
    allowsCaller,
    allowsPrincipal,
    matched: decisive.map(({ policy, statement }) => referenceTo(policy, statement)),
    conditions: () => (denies === false || !decisive[0] ? undefined : conditionsOf(decisive[0].statement, own)),
    closest: () => (allows === true ? undefined : closestOf(all(), own)),
    unknown: unknown.size === 0 ? nothing : [...unknown],
  };
}

interface Found {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
  readonly holds: Truth;
}

const nothing: readonly string[] = [];
