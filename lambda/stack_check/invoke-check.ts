import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { valueAt } from '../../core/json.ts';
import { asError } from '../../core/values.ts';
import { verdicts } from '../../core/vocabulary.ts';
import type { CheckOutcome, CheckReport } from './result.ts';
import type { StacksEvent } from './test-event.ts';

export type InvokeCheck = (event: StacksEvent, signal: AbortSignal) => Promise<CheckOutcome>;

/** The error that a function returns; the rest is in its own log. */
const longestError = 500;

/**
 * Runs the check where it is deployed, with its own role, so that this function needs no permission but to ask for it.
 * Make it once a process.
 */
export function connectToCheck(functionArn: string, region: string): InvokeCheck {
  const client = new LambdaClient({ region, maxAttempts: 3, requestHandler: { connectionTimeout: 2_000 } });
  return async (event, abortSignal) => {
    try {
      const command = new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) });
      const { FunctionError, Payload } = await client.send(command, { abortSignal });
      const text = Buffer.from(Payload ?? []).toString('utf8');
      if (FunctionError !== undefined) return failed(`The check failed: ${text}`);
      const answer: unknown = JSON.parse(text);
      return isReport(answer) ? { kind: 'report', report: answer } : failed(`The check answered no report: ${text}`);
    } catch (error) {
      const { name, message } = asError(error);
      return failed(`The check could not be invoked: ${name}: ${message}`);
    }
  };
}

function failed(why: string): CheckOutcome {
  return { kind: 'failed', why: why.slice(0, longestError) };
}

function isReport(answer: unknown): answer is CheckReport {
  const verdict = valueAt(answer, ['verdict']);
  return (
    typeof verdict === 'string' &&
    Object.hasOwn(verdicts, verdict) &&
    typeof valueAt(answer, ['startedAt']) === 'string' &&
    Array.isArray(valueAt(answer, ['diagnoses']))
  );
}
