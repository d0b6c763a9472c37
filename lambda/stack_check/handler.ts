import { setTimeout as pause } from 'node:timers/promises';
import { valueAt } from '../../core/json.ts';
import { readStackCheckConfiguration, type StackCheckConfiguration } from './configuration.ts';
import { probeOverHttps, putOverHttps } from './deliver.ts';
import { answerStacks, type Checking, type StackCheckMeans } from './stack-check.ts';

/** Kept from one invocation to the next. */
let connected: Omit<Checking, 'invocationId'> | undefined;

/** The part of Lambda's context that is needed. */
export interface InvocationContext {
  /** Stays the same when Lambda retries an invocation. */
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Handles events from SNS. */
export async function handler(event: unknown, context: InvocationContext): Promise<void> {
  const means = meansIn(context);
  connected ??= await connect(means.configuration);
  await answerStacks(event, { ...means, checking: { ...connected, invocationId: context.awsRequestId } });
}

/**
 * Handles an event for which the handler above has failed for good. It answers without checking, so that the stack
 * doesn't wait until it times out. It depends on nothing that may have failed.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function lastResort(failure: unknown, context: InvocationContext): Promise<void> {
  await answerStacks(valueAt(failure, ['requestPayload']), meansIn(context));
}

async function connect(configuration: StackCheckConfiguration): Promise<NonNullable<typeof connected>> {
  const [{ connectToCheck }, { connectToRecords }, { connectToRegistry }] = await Promise.all([
    import('./invoke-check.ts'),
    import('./account-records.ts'),
    import('./own-objects.ts'),
  ]);
  const check = connectToCheck(configuration.checkFunctionArn, configuration.region);
  return { check, records: connectToRecords(configuration), registeredAccount: connectToRegistry(configuration) };
}

function meansIn(context: InvocationContext): StackCheckMeans {
  return {
    configuration: readStackCheckConfiguration(process.env),
    send: putOverHttps,
    probe: probeOverHttps,
    remainingMs: () => context.getRemainingTimeInMillis(),
    now: () => new Date(),
    pause,
    log: (line) => process.stdout.write(`${line}\n`),
  };
}
