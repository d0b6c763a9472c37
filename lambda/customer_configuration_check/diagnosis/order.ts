import { permissionEdges } from '../../../core/permissions.ts';
import type { Diagnosis } from '../../../core/report.ts';
import { type Layer, namesOf, steps } from '../../../core/vocabulary.ts';

/** What is certain comes before what is likely, of one permission; layers stand as AWS looks at them. */
const layersInOrder: readonly Layer[] = [
  'service-control-policy',
  'resource-control-policy',
  // Beside a policy of the caller's, this is a role that does not exist: no policy for it helps.
  'role-trust-policy',
  'identity-policy',
  'permissions-boundary',
  'session-policy',
  'vpc-endpoint-policy',
];

/** In the order in which a delivery meets them: by step, then by permission. */
export function inOrder(diagnoses: readonly Diagnosis[]): readonly Diagnosis[] {
  return diagnoses
    .map((diagnosis, at) => ({ diagnosis, rank: [...rankOf(diagnosis), at] }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ diagnosis }) => diagnosis);
}

function rankOf({ step, denial, confidence }: Diagnosis): readonly number[] {
  const edge = permissionEdges.findIndex((one) => one.step === step && one.action === denial.action);
  const layer = denial.layer ? layersInOrder.indexOf(denial.layer) : -1;
  return [
    step ? namesOf(steps).indexOf(step) : 0,
    // What is not about one permission (a missing bucket, an encryption that is not as asked for) comes first.
    edge,
    confidence === 'proven' ? 0 : 1,
    layer === -1 ? layersInOrder.length : layer,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
