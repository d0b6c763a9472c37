import { setTimeout as pause } from 'node:timers/promises';
import { valueAt } from '../../core/event-rules.ts';
import { readConfiguration } from './configuration.ts';
import type { InvokeCheck } from './invoke-check.ts';
import { putOverHttps } from './send.ts';
import { answerStacks, type Means } from './stack-check.ts';

/** Kept from one invocation to the next. */
let check: InvokeCheck | undefined;

/** The part of Lambda's context that is used. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Takes what SNS sends. */
export async function handler(event: unknown, context: InvocationContext): Promise<void> {
  const means = meansIn(context);
  if (check === undefined) {
    const { connectToCheck } = await import('./invoke-check.ts');
    check = connectToCheck(means.configuration.checkFunctionArn, means.configuration.region);
  }
  await answerStacks(event, { ...means, check });
}

/**
 * Takes what Lambda sends when the handler above has failed for good, and answers without checking, so that no stack waits
 * in vain. It needs none of what may have failed.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function lastResort(failure: unknown, context: InvocationContext): Promise<void> {
  await answerStacks(valueAt(failure, ['requestPayload']), meansIn(context));
}

function meansIn(context: InvocationContext): Means {
  return {
    configuration: readConfiguration(process.env),
    send: putOverHttps,
    remainingMs: () => context.getRemainingTimeInMillis(),
    now: () => new Date(),
    pause,
    log: (line) => process.stdout.write(`${line}\n`),
  };
}
