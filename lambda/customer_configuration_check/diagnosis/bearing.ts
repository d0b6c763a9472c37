import { defined } from '../../../core/values.ts';
import type { Effect, EvidenceSource, Layer } from '../../../core/vocabulary.ts';
import type { Fact } from './explanation.ts';
import type { DeliveryEdge } from './findings.ts';

type Verdict = NonNullable<Fact['bearing']>['verdict'];

/** A fact about some layers of one permission, and about no other permission. */
export function bearingOn(
  edge: DeliveryEdge,
  layers: readonly Layer[],
  verdict: Verdict,
  source: EvidenceSource,
  detail: string,
  told: Pick<NonNullable<Fact['bearing']>, 'missing' | 'namesNoDeletedRole'> & {
    readonly effect?: Effect | undefined;
  } = {},
): readonly Fact[] {
  return layers.map((layer) => ({
    source,
    detail,
    bearing: {
      on: { layer, ...permissionOf(edge) },
      verdict,
      ...defined(told),
    },
  }));
}

/** A fact about a key that applies to every use of the key. */
export function bearingOnKey(
  { resource }: DeliveryEdge,
  layers: readonly Layer[],
  verdict: Verdict,
  source: EvidenceSource,
  detail: string,
): readonly Fact[] {
  return layers.map((layer) => ({ source, detail, bearing: { on: { layer, resource }, verdict } }));
}

/** A fact about every layer of one permission. */
export function allowedFact(
  edge: DeliveryEdge,
  source: EvidenceSource,
  detail: string,
  verdict: Extract<Verdict, 'excludes' | 'weakens'> = 'excludes',
): Fact {
  return { source, detail, bearing: { on: permissionOf(edge), verdict } };
}

/**
 * Test objects may have any name, so the role identifies an object. A key has one ARN but may serve both buckets, and
 * what holds in one bucket's encryption context may not hold in the other's.
 */
export function permissionOf({ action, on, resource }: DeliveryEdge): NonNullable<Fact['bearing']>['on'] {
  return on.endsWith('-key') ? { action, role: on, resource } : { action, role: on };
}
