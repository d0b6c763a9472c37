import type { Diagnosis, Report } from '../../../core/report.ts';
import { namesOf, steps, type Verdict } from '../../../core/vocabulary.ts';
import type { CheckFunction } from './fleet.ts';
import { TaskFailed } from './integrations.ts';

/** Answers like the function, immediately and as the test wants; deployed-check.test.ts runs the function itself. */
export interface StandInCheck extends CheckFunction {
  /** The verdicts of the customers' next checks; `passed` by default. */
  readonly finds: Map<number, Verdict>;
  /** The start time of checks, in seconds. Each report adds one. */
  now: number;
  /** Added to every report, to make it large. */
  padding: number;
}

export function standInCheck(customers: number): StandInCheck {
  const finds = new Map<number, Verdict>();
  const keys = Array.from(
    { length: customers },
    (_, index) => `customers/customer-${String(index).padStart(5, '0')}.json`,
  );
  const positions = new Map(keys.map((key, index) => [key, index]));
  const check: StandInCheck = {
    keys,
    finds,
    now: 0,
    padding: 0,
    async invoke(payload, crash) {
      if (crash) throw new TaskFailed('Runtime.ExitError', 'Runtime exited with error: exit status 1');
      const items = payload['Items'] as readonly { readonly Key: string }[];
      const reports = items.map(({ Key }) => {
        const index = positions.get(Key) ?? -1;
        const startedAt = new Date(Date.UTC(2026, 0, 1) + 1000 * check.now++).toISOString();
        return reportOf(index, finds.get(index) ?? 'passed', startedAt, ' '.repeat(check.padding));
      });
      return { reports };
    },
    stop: async () => undefined,
  };
  return check;
}

export function inboxOf(customer: number): { readonly bucket: string; readonly kmsKeyArn: string } {
  const accountId = String(333333300000 + customer);
  const kmsKeyArn = `arn:aws:kms:us-east-1:${accountId}:key/00000000-0000-4000-8000-000000000002`;
  return { bucket: `secure-inbox-${accountId}-us-east-1`, kmsKeyArn };
}

function reportOf(customer: number, verdict: Verdict, startedAt: string, padding: string): Report {
  const tried = verdict !== 'inconclusive';
  const wrong = verdict === 'denied' || verdict === 'misconfigured';
  return {
    schemaVersion: 1,
    customer: `customer-${String(customer).padStart(5, '0')}`,
    verdict,
    startedAt,
    durationMs: 1,
    ...(wrong && { deniedStep: 'copy-to-inbox' as const }),
    steps: namesOf(steps).map((step) => ({
      step,
      status: tried ? 'passed' : 'skipped',
      durationMs: 0,
      reason: `Why.${padding}`,
      ...(tried && { request: { operation: 'CopyObject', region: 'us-east-1', ...inboxOf(customer) } }),
    })),
    diagnoses: wrong ? [diagnosis] : [],
  };
}

const diagnosis: Diagnosis = {
  step: 'copy-to-inbox',
  summary: 'The bucket policy does not let secure-inbox-delivery do s3:PutObject.',
  denial: { layer: 'bucket-policy', side: 'customer' },
  confidence: 'inferred',
  evidence: [],
  candidates: [],
  remedy: { side: 'customer', instruction: 'Add this statement.' },
};
