import type { Diagnosis, Evidence } from '../../../core/report.ts';
import { defined } from '../../../core/values.ts';
import type { Layer } from '../../../core/vocabulary.ts';

export interface Explained {
  /** Says if something was denied; `not-understood` if even that is unknown. */
  readonly kind: 'denial' | 'no-denial' | 'not-understood';
  readonly diagnosis: Diagnosis;
  /** How to find out, if no remedy may be given. */
  readonly advice?: string;
}

/** A failure in a text that is not AWS's sentence about one denied request. */
export interface SaidCause {
  readonly summary: string;
  /** The most likely cause, if the text shows it. */
  readonly layer?: Layer;
  readonly action?: string;
  readonly candidates?: readonly (readonly [layer: Layer, why: string, action?: string])[];
}

/** @param resource the resource that the text names */
export function diagnosisOfCause(
  { summary, layer, action, candidates = [] }: SaidCause,
  evidence: readonly Evidence[],
  resource?: string,
): Diagnosis {
  return {
    summary,
    denial: defined({ action, resource, layer }),
    // Only KMS reports that a key is in an unusable state.
    confidence: layer === 'key-state' ? 'proven' : layer ? 'inferred' : 'unknown',
    evidence: [...evidence],
    candidates: candidates.map(([one, why, needed]) => ({ layer: one, ...defined({ action: needed }), why })),
  };
}
