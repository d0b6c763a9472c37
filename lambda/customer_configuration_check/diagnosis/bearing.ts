import type { Effect, EvidenceSource, Layer } from '../vocabulary.ts';
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
  effect?: Effect,
): readonly Fact[] {
  return layers.map((layer) => ({
    source,
    detail,
    bearing: { on: { layer, ...permission(edge) }, verdict, ...(effect && { effect }) },
  }));
}

/** The same, of every layer. */
export function allowedFact(edge: DeliveryEdge, source: EvidenceSource, detail: string): Fact {
  return { source, detail, bearing: { on: permission(edge), verdict: 'excludes' } };
}

/** A test object may have any name; a key has only its own. */
function permission({ action, on, resource }: DeliveryEdge): NonNullable<Fact['bearing']>['on'] {
  return on.endsWith('-key') ? { action, resource } : { action, role: on };
}
