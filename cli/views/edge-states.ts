import type { StepStatus, Verdict } from '../../core/vocabulary.ts';

/**
 * The states of a permission in a report. Each has its own mark and label, so that nothing depends on color, and a
 * meaning for the legend.
 */
export const edgeStates = {
  allowed: {
    mark: 'check',
    tone: 'good',
    label: 'allowed',
    means: 'AWS let it through, or every policy that applies allows it.',
  },
  refused: { mark: 'cross', tone: 'bad', label: 'refused', means: 'AWS refused it, or it is proven that it would.' },
  broken: {
    mark: 'bang',
    tone: 'bad',
    label: 'cannot work',
    means: 'The bucket, the key or the Region is not as it must be.',
  },
  suspected: {
    mark: 'question',
    tone: 'warn',
    label: 'most likely refused',
    means: 'The likeliest of several explanations says so.',
  },
  possible: {
    mark: 'maybe',
    tone: 'warn',
    label: 'may be refused',
    means: 'One of the explanations that were not ruled out says so.',
  },
  untold: { mark: 'dot', tone: 'faint', label: 'not known', means: "Neither AWS's answers nor the documents say it." },
  untried: { mark: 'dash', tone: 'faint', label: 'not tried', means: 'The step that asks for it was not tried.' },
} as const;
export type EdgeState = keyof typeof edgeStates;
/** True if nothing is known to stop it. It is then a gray arrow, not one that ends early. */
export function isThrough(state: EdgeState): boolean {
  return state === 'allowed' || state === 'untold' || state === 'untried' || state === 'possible';
}

export type MarkShape = (typeof edgeStates)[EdgeState]['mark'];
export type Tone = (typeof edgeStates)[EdgeState]['tone'];

interface Look {
  readonly mark: MarkShape;
  readonly tone: Tone;
}

export const statusLooks: Readonly<Record<StepStatus, Look>> = {
  passed: edgeStates.allowed,
  denied: edgeStates.refused,
  failed: edgeStates.broken,
  skipped: edgeStates.untried,
};

export const verdictLooks: Readonly<Record<Verdict, Look>> = {
  passed: edgeStates.allowed,
  denied: edgeStates.refused,
  misconfigured: edgeStates.broken,
  inconclusive: edgeStates.suspected,
};
