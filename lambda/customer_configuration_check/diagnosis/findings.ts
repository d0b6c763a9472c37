import type { DeniedDelivery } from '../../../core/advice/asked.ts';
import type { DeliveryRequest } from '../../../core/delivery/requests.ts';
import type { Evidence, RequestSummary, ServiceError } from '../../../core/report.ts';
import type { Confidence, Effect, EvidenceSource, Layer, Lookup } from '../../../core/vocabulary.ts';
import type { Fact } from './explanation.ts';

/** The facts from a check that did not pass, on which diagnoses are based. */
export interface DiagnosisCase extends DeniedDelivery {
  readonly findings?: Findings | undefined;
}

/** One permission of this delivery: an edge of the table with its resource. */
export interface DeliveryEdge extends Omit<DeliveryRequest, 'action'> {
  readonly action: string;
}

/** An answer about a permission in AWS's own words, which is read like the answer of a step. */
export interface ProbedAnswer {
  readonly step: DeliveryEdge['step'];
  readonly error: ServiceError;
  /** The request, if it is not one of the step's own. */
  readonly request?: RequestSummary;
  /** The attempt, worded as the beginning of a sentence. */
  readonly tried: string;
  /** @default 'probe' */
  readonly source?: EvidenceSource;
  /** Set if KMS gave this answer to the step's own request and S3 did not pass it on: the denied permission. */
  readonly isOfStep?: DeliveryEdge;
  /** True if the request went to another Region than the step's. A policy may treat the two differently. */
  readonly isElsewhere?: true;
}

/** A denial that no step met, because an earlier request was denied. */
export interface FoundRefusal {
  readonly edge: DeliveryEdge;
  readonly layer: Layer;
  readonly effect?: Effect | undefined;
  readonly confidence: Exclude<Confidence, 'unknown'>;
  /** False if it counts only when AWS has named the same layer for another permission. */
  readonly isAlone: boolean;
  /** True if the simulator's answer could not be checked against a known one. */
  readonly isUnchecked?: true;
  readonly evidence: Evidence;
}

/**
 * A control for the policy simulator's denials: a permission of the same role and service that AWS has just granted.
 * The simulator evaluates conditions of service control policies and boundaries on keys that it wasn't given, and
 * doesn't name those keys. https://github.com/aws/aws-cli/issues/10525
 */
export interface Control {
  readonly roleArn: string;
  readonly service: string;
}

/** Facts that count only if the simulator has allowed the control. */
interface Pending {
  readonly control: Control;
  readonly facts: readonly Fact[];
  readonly refusals: readonly FoundRefusal[];
}

export interface Findings {
  /** Compared with the explanations of known denials. */
  readonly facts: readonly Fact[];
  readonly answers: readonly ProbedAnswer[];
  readonly refusals: readonly FoundRefusal[];
  readonly allowed: readonly DeliveryEdge[];
  /** The outcome of each lookup in CloudTrail. */
  readonly lookups: readonly Lookup[];
  readonly pending: readonly Pending[];
  /** The controls for which the simulator gave the same answer as AWS. */
  readonly controls: readonly Control[];
}

export const nothingFound: Findings = {
  facts: [],
  answers: [],
  refusals: [],
  allowed: [],
  lookups: [],
  pending: [],
  controls: [],
};

export function findings(some: Partial<Findings>): Findings {
  return { ...nothingFound, ...some };
}

/** Evidence that supports or excludes nothing. */
export function evidenceAlone(source: EvidenceSource, detail: string, step?: DeliveryEdge['step']): Findings {
  return findings({ facts: [{ source, detail, ...(step && { step }) }] });
}

export function together(all: readonly Findings[]): Findings {
  return {
    facts: all.flatMap(({ facts }) => facts),
    answers: all.flatMap(({ answers }) => answers),
    refusals: all.flatMap(({ refusals }) => refusals),
    allowed: all.flatMap(({ allowed }) => allowed),
    lookups: all.flatMap(({ lookups }) => lookups),
    pending: all.flatMap(({ pending }) => pending),
    controls: all.flatMap(({ controls }) => controls),
  };
}

export function isSameControl(a: Control, b: Control): boolean {
  return a.roleArn === b.roleArn && a.service === b.service;
}

/** Call after the last question. Facts that depend on a control now count, or become evidence without effect. */
export function settled(found: Findings): Findings {
  const { pending, controls } = found;
  const checked = pending.map(({ control, facts, refusals }) => {
    if (controls.some((one) => isSameControl(one, control))) return findings({ facts, refusals });
    return findings({
      facts: facts.map(({ source, detail }) => ({ source, detail: `${detail} ${unchecked}` })),
      refusals: refusals.map((one) => ({ ...one, isUnchecked: true })),
    });
  });
  return together([{ ...found, pending: [] }, ...checked]);
}

const unchecked =
  'This proves nothing: the simulator did not allow, or was not asked about, a permission that AWS has just granted.';
