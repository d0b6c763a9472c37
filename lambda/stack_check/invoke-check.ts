import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { valueAt } from '../../core/json.ts';
import { asError } from '../../core/values.ts';
import { verdicts } from '../../core/vocabulary.ts';
import type { CheckOutcome, CheckReport } from './result.ts';
import type { StacksEvent } from './test-event.ts';

export type InvokeCheck = (event: StacksEvent, signal: AbortSignal) => Promise<CheckOutcome>;

/** The maximum length of a function's error that is kept. The rest is in that function's log. */
const longestError = 500;

/**
 * Invokes the deployed check, which uses its own role, so that this function only needs permission to invoke it. Call
 * it once per process.
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
