import { rankOfLayer } from '../../../core/layers.ts';
import type { Diagnosis } from '../../../core/report.ts';
import { namesOf, steps } from '../../../core/vocabulary.ts';
import type { DeliveryEdge } from './findings.ts';

/**
 * In the order in which a delivery meets them: by step, then by permission; of one permission, what is certain comes before
 * what is likely, and layers in the order in which AWS looks at them.
 */
export function inDeliveryOrder(diagnoses: readonly Diagnosis[], edges: readonly DeliveryEdge[]): readonly Diagnosis[] {
  return diagnoses
    .map((diagnosis, at) => ({ diagnosis, rank: [...rankOf(diagnosis, edges), at] }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ diagnosis }) => diagnosis);
}

function rankOf({ step, denial, confidence }: Diagnosis, edges: readonly DeliveryEdge[]): readonly number[] {
  const edge = edges.findIndex((one) => one.step === step && one.action === denial.action);
  return [
    step ? namesOf(steps).indexOf(step) : 0,
    // Faults that are not about one permission (a missing bucket, another encryption than requested) come first.
    edge,
    confidence === 'proven' ? 0 : 1,
    rankOfLayer(denial.layer),
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
