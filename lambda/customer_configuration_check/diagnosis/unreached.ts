import type { Diagnosis } from '../../../core/report.ts';
import type { Layer } from '../../../core/vocabulary.ts';
import { deliveryEdges, isSameEdge } from './delivery-edges.ts';
import { bearsOn } from './explanation.ts';
import { type DeliveryEdge, type DiagnosisCase, type FoundRefusal, nothingFound } from './findings.ts';

/** The next denials that are likely once this one is fixed. */
interface Expectation {
  /** The permission that was denied, and the layers that denied it. */
  readonly after: { readonly step: DeliveryEdge['step']; readonly action: string; readonly layers: readonly Layer[] };
  /** True to exclude a Deny, which lists what it denies. */
  readonly unlessExplicit: boolean;
  readonly next: { readonly step: DeliveryEdge['step']; readonly action: string };
  readonly because: string;
}

const decryptedToo =
  'The copy must also decrypt the waiting object with this key. No object could be stored to try it, and the same policy decides.';

export const expectations: readonly Expectation[] = [
  {
    after: { step: 'put-internal', action: 'kms:GenerateDataKey', layers: ['key-policy', 'resource-control-policy'] },
    unlessExplicit: false,
    next: { step: 'copy-to-inbox', action: 'kms:Decrypt' },
    because: decryptedToo,
  },
  {
    after: { step: 'put-internal', action: 'kms:GenerateDataKey', layers: ['session-policy'] },
    unlessExplicit: true,
    next: { step: 'copy-to-inbox', action: 'kms:Decrypt' },
    because: decryptedToo,
  },
  {
    after: { step: 'put-internal', action: 's3:PutObject', layers: ['vpc-endpoint-policy', 'session-policy'] },
    unlessExplicit: true,
    next: { step: 'copy-to-inbox', action: 's3:PutObject' },
    because:
      'The copy must also write to the inbox. There was no object to copy, and a policy that does not even allow the internal bucket is unlikely to allow the inbox.',
  },
];

/**
 * Permissions that could not be tried, but are probably denied by the same policy as another one, so that one fix
 * solves both.
 */
export function likelyRefusals(
  input: DiagnosisCase,
  found: readonly Diagnosis[],
  allowed: readonly DeliveryEdge[],
): readonly FoundRefusal[] {
  const edges = deliveryEdges(input);
  return expectations.flatMap(({ after, unlessExplicit, next, because }) => {
    const known = found.find(
      ({ step, denial: { action, layer, effect } }) =>
        step === after.step &&
        action === after.action &&
        layer !== undefined &&
        after.layers.includes(layer) &&
        !(unlessExplicit && effect === 'explicit'),
    );
    const edge = edges.find(({ step, action }) => step === next.step && action === next.action);
    const layer = known?.denial.layer;
    if (!edge || !layer) return [];
    if (wasTried(input, edge, allowed) || speaksAgainst(input, edge, layer)) return [];
    const evidence = { source: 'service-message', detail: because } as const;
    return [{ edge, layer, effect: known.denial.effect, confidence: 'inferred', isAlone: true, evidence }];
  });
}

/** True if a step has tested it: a copy that was tried has written to the inbox, or was denied that. */
function wasTried({ steps }: DiagnosisCase, edge: DeliveryEdge, allowed: readonly DeliveryEdge[]): boolean {
  if (allowed.some((one) => isSameEdge(one, edge))) return true;
  const copy = steps.find(({ step }) => step === 'copy-to-inbox');
  return edge.action === 's3:PutObject' && copy?.status !== 'skipped';
}

function speaksAgainst({ findings = nothingFound }: DiagnosisCase, edge: DeliveryEdge, layer: Layer): boolean {
  return findings.facts.some(
    ({ bearing, source }) =>
      source === 'probe' &&
      (bearing?.verdict === 'excludes' || bearing?.verdict === 'weakens') &&
      bearing.on.action === edge.action &&
      bearsOn(bearing, { layer, action: edge.action, resource: edge.resource, role: edge.on, why: '' }),
  );
}
