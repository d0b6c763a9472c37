import { namesOf, type Step, steps, type Verdict } from '../../core/vocabulary.ts';
import type { Fault } from './faults.ts';

interface TrueOutcome {
  readonly verdict: Verdict;
  readonly deniedStep?: Step;
}

/**
 * The verdict of a check in a world with these faults. The first step that one of them stops decides. Faults of
 * clean-up don't change the verdict.
 */
export function outcomeOf(faults: readonly Pick<Fault, 'step' | 'layer' | 'action' | 'side'>[]): TrueOutcome {
  const stopping = faults.filter(({ step }) => step !== 'clean-up');
  const deniedStep = namesOf(steps).find((step) => stopping.some((fault) => fault.step === step));
  if (deniedStep === undefined) return { verdict: 'passed' };
  const first = stopping.filter(({ step }) => step === deniedStep);
  // S3 looks up the bucket before it checks permissions. Other misconfigurations only show to authorized callers.
  // Over plain HTTP, S3 doesn't call KMS.
  const answered = first.some(isPlainHttp) ? first.filter(({ action }) => action.startsWith('s3:')) : first;
  const isMisconfigured = first.some(isToldToAll) || answered.every(isToldToTheAuthorized);
  return { verdict: isMisconfigured ? 'misconfigured' : 'denied', deniedStep };
}

function isToldToAll({ layer, action }: Pick<Fault, 'layer' | 'action'>): boolean {
  return layer === 'bucket-missing' || (layer === 'region' && action.startsWith('s3:'));
}

/** KMS doesn't reveal if another account's key exists, so its answer is a denial. */
function isToldToTheAuthorized({ layer, side }: Pick<Fault, 'layer' | 'side'>): boolean {
  if (isPlainHttp({ layer })) return true;
  return layer === 'key-state' || ((layer === 'key-missing' || layer === 'region') && side === 'service');
}

function isPlainHttp({ layer }: Pick<Fault, 'layer'>): boolean {
  return layer === 'plain-http';
}
