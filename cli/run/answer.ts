import type { Report } from '../../core/report.ts';

/** What became of one test event. */
export type FunctionAnswer =
  | { readonly kind: 'reports'; readonly reports: readonly Report[]; readonly batch: boolean }
  /** The function refused the event and names every problem in it. */
  | { readonly kind: 'invalid-event'; readonly message: string }
  /** The function could not answer: it crashed, ran out of time, or answered something that is no report. */
  | { readonly kind: 'failed'; readonly message: string };

/** By this name the function throws what a wrong event deserves. */
const invalidEvent = 'InvalidTestEvent';

export function answerOfError(errorType: string, message: string): FunctionAnswer {
  if (errorType === invalidEvent) return { kind: 'invalid-event', message };
  return { kind: 'failed', message: `The function failed: ${message} (${errorType}).` };
}

/** @param payload what the function answered, which may come from another version of it */
export async function answerOfPayload(payload: unknown): Promise<FunctionAnswer> {
  const batch = typeof payload === 'object' && payload !== null && 'reports' in payload;
  const candidates: unknown = batch ? payload.reports : [payload];
  // Only needed now; loading the schema takes longer than reading the answer.
  const [{ reportSchema }, z] = await Promise.all([import('../../core/report.ts'), import('zod/mini')]);
  const parsed = z.array(reportSchema).safeParse(candidates);
  if (parsed.success) return { kind: 'reports', reports: parsed.data, batch };
  const [issue] = parsed.error.issues;
  const path = issue?.path.slice(batch ? 0 : 1).join('.');
  const reason = `${path ? `${path}: ` : ''}${issue?.message ?? 'unreadable'}`;
  return {
    kind: 'failed',
    message: `The function's answer is not a report of schema version 1 (${reason}): is it another version of the function?`,
  };
}
