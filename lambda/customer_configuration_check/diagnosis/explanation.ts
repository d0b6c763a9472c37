import type { ResourceRole } from '../../../core/permissions.ts';
import type { Confidence, Effect, EvidenceSource, Layer, Side, Step } from '../../../core/vocabulary.ts';

/** A missing resource, and the one that exists instead. */
interface Missing {
  readonly instead?: string;
}

export interface Explanation {
  readonly layer?: Layer | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly role?: ResourceRole | undefined;
  readonly effect?: Effect | undefined;
  readonly side?: Side | undefined;
  readonly accountId?: string | undefined;
  /** Set if the resource itself doesn't exist. */
  readonly missing?: Missing | undefined;
  /** True if its policy was read and has no ID of a deleted role or user. */
  readonly namesNoDeletedRole?: true | undefined;
  readonly why: string;
}

/**
 * A fact from an answer of AWS, and how it affects explanations. If AWS did not answer (denied, throttled, timed out),
 * the fact has no effect and is only evidence that the question is open.
 */
export interface Fact {
  readonly source: EvidenceSource;
  readonly detail: string;
  /** The step that it is about; absent if it is about all steps. */
  readonly step?: Step;
  readonly bearing?: {
    /** Applies to explanations that match every property given here. */
    readonly on: Partial<Pick<Explanation, 'layer' | 'action' | 'resource' | 'role' | 'side'>>;
    readonly verdict: keyof typeof bearingVerdicts;
    /** The effect, a Deny or a missing Allow, if the answer shows it. */
    readonly effect?: Effect;
    /** Set if the answer shows that the resource doesn't exist. */
    readonly missing?: Missing;
    /** Set if the policy was read and has no ID of a deleted role or user. */
    readonly namesNoDeletedRole?: true;
  };
}

export const bearingVerdicts = {
  excludes: 'The explanation is not true.',
  weakens: 'The explanation becomes less likely than those without a contradiction.',
  supports: 'The explanation becomes more likely than those without support.',
  proves: 'The explanation is true.',
  accompanies: 'The explanation is as likely as before; the fact is additional information.',
} as const;

/** The possible explanations of one denial, based only on AWS's message. */
export interface Hypotheses {
  /** Most likely first; never empty. */
  readonly explanations: readonly [Explanation, ...Explanation[]];
  readonly confidence: Confidence;
  /** True if no other explanation exists, so that the last remaining one is proven. */
  readonly exhaustive: boolean;
  /**
   * True if AWS's own message names the first explanation. It then remains a fault, though not a certain one, next to
   * another that is proven.
   */
  readonly namedByAws?: boolean;
}

export interface Conclusion {
  readonly explanation: Explanation;
  readonly isSupported?: boolean;
  readonly candidates: readonly Explanation[];
  readonly confidence: Confidence;
}

/**
 * The result of comparing explanations with facts: one conclusion, or one for each proven explanation, because several
 * layers may deny the same request.
 */
export function weigh(hypotheses: Hypotheses, facts: readonly Fact[]): readonly [Conclusion, ...Conclusion[]] {
  const { explanations, exhaustive, namedByAws } = hypotheses;
  const has = (explanation: Explanation, verdict: keyof typeof bearingVerdicts) =>
    facts.some(({ bearing }) => bearing?.verdict === verdict && bearsOn(bearing, explanation));

  const [named, ...others] = explanations;
  const withEffect = (one: Explanation): Explanation => {
    const told = facts.flatMap(({ bearing }) => (bearing && bearsOn(bearing, one) ? bearing : []));
    const effect = one.effect ?? told.find((bearing) => bearing.effect)?.effect;
    const missing = told.find((bearing) => bearing.missing)?.missing;
    const read = told.some(({ namesNoDeletedRole }) => namesNoDeletedRole) && { namesNoDeletedRole: true as const };
    return { ...one, ...(effect && { effect }), ...(missing && { missing }), ...read };
  };
  const [proven, ...alsoProven] = explanations.filter((one) => has(one, 'proves') && !has(one, 'excludes'));
  const standing = explanations.filter((one) => !has(one, 'excludes'));
  if (proven) {
    const conclude = (one: Explanation): Conclusion => ({
      explanation: withEffect(one),
      candidates: [],
      confidence: 'proven',
    });
    const isLeft = namedByAws && !has(named, 'proves') && !has(named, 'excludes') && !has(named, 'weakens');
    const left: Conclusion = { explanation: named, candidates: [], confidence: 'inferred' };
    return [conclude(proven), ...alsoProven.map(conclude), ...(isLeft ? [left] : [])];
  }

  const rankOf = (one: Explanation) => (has(one, 'supports') ? 0 : has(one, 'weakens') ? 2 : 1);
  const [first, ...rest] = [0, 1, 2].flatMap((rank) => standing.filter((one) => rankOf(one) === rank));
  // If facts exclude every explanation, they contradict each other or AWS's answer. Report that without resolving it.
  if (!first) return [{ explanation: named, candidates: others, confidence: 'unknown' }];
  if (hypotheses.confidence === 'proven') {
    const contradicted = has(named, 'excludes');
    return [{ explanation: named, candidates: others, confidence: contradicted ? 'inferred' : 'proven' }];
  }
  const last = exhaustive && rest.length === 0 && explanations.length > 1;
  const confidence = last ? 'proven' : hypotheses.confidence;
  const support = has(first, 'supports') && { isSupported: true };
  return [{ explanation: withEffect(first), candidates: rest, confidence, ...support }];
}

export function bearsOn({ on }: NonNullable<Fact['bearing']>, explanation: Explanation): boolean {
  const pairs = Object.entries(on) as [keyof typeof on, string][];
  return pairs.every(([property, value]) => explanation[property] === value);
}
