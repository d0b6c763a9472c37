import type { StepStatus, Verdict } from '../../../core/vocabulary.ts';
import type { Page } from './page.ts';

/** Each has a mark of its own, so that nothing depends on colour. */
export const statusMarks = {
  passed: { mark: '✓', tone: 'good' },
  denied: { mark: '✗', tone: 'bad' },
  failed: { mark: '!', tone: 'bad' },
  skipped: { mark: '·', tone: 'faint' },
} as const satisfies Readonly<Record<StepStatus, { mark: string; tone: keyof Page['paint'] }>>;

export const verdictMarks = {
  passed: { mark: '✓', tone: 'good' },
  denied: { mark: '✗', tone: 'bad' },
  misconfigured: { mark: '!', tone: 'bad' },
  inconclusive: { mark: '?', tone: 'warn' },
} as const satisfies Readonly<Record<Verdict, { mark: string; tone: keyof Page['paint'] }>>;
