import { type NamedPolicy, type Statement, statementsIn } from './document.ts';
import { type ClosestStatement, closestOf, conditionsOf, type Mismatch } from './explain.ts';
import type { Granted } from './grants.ts';
import { type LayerRules, namingIn, referenceTo, type StatementReference, statementHolds } from './match.ts';
import type { Naming } from './principals.ts';
import type { Scope } from './request.ts';
import { any, or, type Truth } from './truth.ts';

/** The result of one layer's policies alone. */
export type LayerResult = Pick<Layer, keyof Layer>;

/** The result of one layer, decided and explained only on demand. */
export class Layer {
  private found: readonly Found[] | undefined;

  constructor(
    private readonly policies: readonly NamedPolicy[],
    private readonly scope: Scope,
    private readonly rules: LayerRules,
    /** What else allows the request, or may, besides the statements. */
    private readonly granted: readonly Granted[] = [],
  ) {}

  get denies(): Truth {
    return this.says('Deny');
  }

  get allows(): Truth {
    return or(
      this.says('Allow'),
      any(this.granted, ({ holds }) => holds),
    );
  }

  /** True if the allowing statement names the session itself, or everyone. */
  get allowsCaller(): Truth {
    return this.says('Allow', (naming) => naming === 'caller');
  }

  /** True if whatever allows names more than the caller's account. */
  get allowsPrincipal(): Truth {
    const isPrincipal = (naming: Naming | undefined) => naming !== 'account';
    const granted = any(this.granted, ({ naming, holds }) => isPrincipal(naming) && holds);
    return or(granted, this.says('Allow', isPrincipal));
  }

  /** The unknown keys that it depends on. */
  get unknown(): readonly string[] {
    return [...new Set([...this.matching, ...this.granted].flatMap(({ hangsOn }) => hangsOn))];
  }

  /** The statements that decide: those that deny, or may; if there are none, those that allow, or may. */
  get matched(): readonly StatementReference[] {
    return this.decisive().map(({ policy, statement }) => referenceTo(policy, statement));
  }

  /** The conditions of the first denying statement. */
  conditions(): readonly Mismatch[] | undefined {
    const [first] = this.denies === false ? [] : this.decisive();
    return first && conditionsOf(first.statement, this.scope);
  }

  /** If nothing certainly allows: the closest statement, and what keeps it from matching. */
  closest(): ClosestStatement | undefined {
    return this.allows === true ? undefined : closestOf(this.policies, this.scope, this.rules);
  }

  private says(effect: 'Allow' | 'Deny', counts?: (naming: Naming | undefined) => boolean): Truth {
    let truth: Truth = false;
    for (const { statement, holds } of this.matching) {
      if (statement.effect !== effect || counts?.(namingIn(statement, this.scope, this.rules)) === false) continue;
      truth = or(truth, holds);
    }
    return truth;
  }

  /** The statements that match, or may. */
  private get matching(): readonly Found[] {
    this.found ??= this.find();
    return this.found;
  }

  private find(): readonly Found[] {
    const found: Found[] = [];
    for (const policy of this.policies) {
      for (const statement of statementsIn(policy.document)) {
        this.scope.asked = undefined;
        const holds = statementHolds(statement, this.scope, this.rules);
        // A statement that certainly doesn't match can't depend on unknown keys.
        if (holds !== false)
          found.push({ policy, statement, holds, hangsOn: holds === true ? [] : this.scope.remember() });
      }
    }
    return found;
  }

  private decisive(): readonly Found[] {
    const { denies, allows } = this;
    const [effect, truth] = denies === false ? ['Allow', allows] : ['Deny', denies];
    return this.matching.filter(({ statement, holds }) => statement.effect === effect && holds === truth);
  }
}

interface Found {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
  readonly holds: Truth;
  /** If it is unknown: the keys that decide. */
  readonly hangsOn: readonly string[];
}
