import type { PermissionEdge } from '../../../core/permissions.ts';
import type { Evidence, ServiceError } from '../../../core/report.ts';
import type { Confidence, Effect, EvidenceSource, Layer, Lookup } from '../../../core/vocabulary.ts';
import type { Fact } from './explanation.ts';

/** One permission of this delivery: an edge of the table with its resource. */
export interface DeliveryEdge extends Pick<PermissionEdge, 'step' | 'action' | 'on'> {
  readonly resource: string;
  /** Whether the resource belongs to another account than the delivery role: then both accounts have to allow. */
  readonly isForeign: boolean;
}

/** What a question told of a permission, in AWS's own words: to be read as a step's answer is. */
export interface ProbedAnswer {
  readonly step: DeliveryEdge['step'];
  readonly error: ServiceError;
  /** What was tried, as the beginning of a sentence. */
  readonly tried: string;
  /** @default 'probe' */
  readonly source?: EvidenceSource;
  /** The permission, where these are the words that the step itself was refused with, and that S3 did not pass on. */
  readonly isOfStep?: DeliveryEdge;
  /** True where another Region was asked than the step asks: a policy may tell the two apart. */
  readonly isElsewhere?: true;
}

/** A refusal that no step met, because another came before it. */
export interface Refusal {
  readonly edge: DeliveryEdge;
  readonly layer: Layer;
  readonly effect?: Effect | undefined;
  readonly confidence: Exclude<Confidence, 'unknown'>;
  /** False where it is believed only if AWS has named the same layer for another permission. */
  readonly isAlone: boolean;
  readonly evidence: Evidence;
}

/** What the questions after a denial have told. */
export interface Findings {
  /** Held against the explanations of refusals that are known. */
  readonly facts: readonly Fact[];
  readonly answers: readonly ProbedAnswer[];
  readonly refusals: readonly Refusal[];
  /** Permissions that were seen to be there. */
  readonly allowed: readonly DeliveryEdge[];
  /** What became of each look into CloudTrail. */
  readonly lookups: readonly Lookup[];
}

export const nothingFound: Findings = { facts: [], answers: [], refusals: [], allowed: [], lookups: [] };

export function findings(some: Partial<Findings>): Findings {
  return { ...nothingFound, ...some };
}

export function together(all: readonly Findings[]): Findings {
  return {
    facts: all.flatMap(({ facts }) => facts),
    answers: all.flatMap(({ answers }) => answers),
    refusals: all.flatMap(({ refusals }) => refusals),
    allowed: all.flatMap(({ allowed }) => allowed),
    lookups: all.flatMap(({ lookups }) => lookups),
  };
}
