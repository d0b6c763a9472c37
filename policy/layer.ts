import { type NamedPolicy, type Statement, statementsIn } from './document.ts';
import { type ClosestStatement, closestOf, conditionsOf, type Mismatch } from './explain.ts';
import { type LayerRules, matchOf, namingIn, referenceTo, type StatementReference, statementHolds } from './match.ts';
import type { Scope } from './request.ts';
import { or, type Truth } from './truth.ts';

/** What the policies of one layer say by themselves about a request. */
export type LayerResult = Pick<Layer, keyof Layer>;

/** What a layer says; it is decided when that is first asked for, and explained only where that is. */
export class Layer {
  private said: Said | undefined;

  constructor(
    private readonly policies: readonly NamedPolicy[],
    private readonly scope: Scope,
    private readonly rules: LayerRules,
    /** What it says where no statement allows. */
    private readonly otherwise: Truth = false,
  ) {}

  get denies(): Truth {
    return this.decided.denies;
  }

  get allows(): Truth {
    return or(this.decided.allows, this.otherwise);
  }

  /** Whether what allows names the session itself, or everybody. */
  get allowsCaller(): Truth {
    return this.decided.allowsCaller;
  }

  /** Whether what allows names more than the caller's account. */
  get allowsPrincipal(): Truth {
    return this.decided.allowsPrincipal;
  }

  /** The keys that it hangs on. */
  get unknown(): readonly string[] {
    return [...new Set(this.decided.unknown)];
  }

  /** The statements that decide: those that deny (or may), else those that allow (or may). */
  get matched(): readonly StatementReference[] {
    return this.decisive().map(({ policy, statement }) => referenceTo(policy, statement));
  }

  /** What the conditions of the first denying statement ask for. */
  conditions(): readonly Mismatch[] | undefined {
    const [first] = this.denies === false ? [] : this.decisive();
    return first && conditionsOf(first.statement, this.scope);
  }

  /** Where nothing certainly allows: the statement that comes closest, and what keeps it from matching. */
  closest(): ClosestStatement | undefined {
    if (this.allows === true) return undefined;
    const all = this.policies.flatMap((policy) =>
      statementsIn(policy.document).map((one) => matchOf(policy, one, this.scope, this.rules)),
    );
    return closestOf(all, this.scope);
  }

  private get decided(): Said {
    this.said ??= decideLayer(this.policies, this.scope, this.rules);
    return this.said;
  }

  private decisive(): readonly Found[] {
    const { denies, allows, found } = this.decided;
    const [effect, truth] = denies === false ? ['Allow', allows] : ['Deny', denies];
    return found.filter(({ statement, holds }) => statement.effect === effect && holds === truth);
  }
}

interface Said {
  denies: Truth;
  allows: Truth;
  allowsCaller: Truth;
  allowsPrincipal: Truth;
  readonly unknown: string[];
  readonly found: Found[];
}

interface Found {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
  readonly holds: Truth;
}

function decideLayer(policies: readonly NamedPolicy[], scope: Scope, rules: LayerRules): Said {
  const said: Said = {
    denies: false,
    allows: false,
    allowsCaller: false,
    allowsPrincipal: false,
    unknown: [],
    found: [],
  };
  for (const policy of policies) {
    for (const statement of statementsIn(policy.document)) {
      scope.asked = undefined;
      const holds = statementHolds(statement, scope, rules);
      if (holds === false) continue;
      said.found.push({ policy, statement, holds });
      // What a statement asks that does not match anyway makes no difference.
      if (holds === 'unknown') said.unknown.push(...scope.remember());
      if (statement.effect === 'Deny') {
        said.denies = or(said.denies, holds);
        continue;
      }
      const naming = namingIn(statement, scope, rules);
      said.allows = or(said.allows, holds);
      if (naming === 'caller') said.allowsCaller = or(said.allowsCaller, holds);
      if (naming !== 'account') said.allowsPrincipal = or(said.allowsPrincipal, holds);
    }
  }
  return said;
}
