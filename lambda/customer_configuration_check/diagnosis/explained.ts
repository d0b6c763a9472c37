import type { Diagnosis, Evidence } from '../../../core/report.ts';
import { defined } from '../../../core/values.ts';
import type { Layer } from '../../../core/vocabulary.ts';

export interface Explained {
  /** Tells whether something is denied; `not-understood` if not even that is known. */
  readonly kind: 'denial' | 'no-denial' | 'not-understood';
  readonly diagnosis: Diagnosis;
  /** The way to find out if no remedy may be given. */
  readonly advice?: string;
}

/** A failure in a text that is not AWS's sentence about one denied request. */
export interface SaidCause {
  readonly summary: string;
  /** The likeliest cause, if the text says that much. */
  readonly layer?: Layer;
  readonly action?: string;
  readonly candidates?: readonly (readonly [layer: Layer, why: string, action?: string])[];
}

/** @param resource that the text names */
export function diagnosisOfCause(
  { summary, layer, action, candidates = [] }: SaidCause,
  evidence: readonly Evidence[],
  resource?: string,
): Diagnosis {
  return {
    summary,
    denial: defined({ action, resource, layer }),
    // Only KMS knows that a key is in an unusable state.
    confidence: layer === 'key-state' ? 'proven' : layer ? 'inferred' : 'unknown',
    evidence: [...evidence],
    candidates: candidates.map(([one, why, needed]) => ({ layer: one, ...defined({ action: needed }), why })),
  };
}
