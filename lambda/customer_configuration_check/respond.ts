import { randomUUID } from 'node:crypto';
import type { Report } from '../../core/report.ts';
import { type Aws, connectToAws } from './aws.ts';
import { answerInvocation } from './batch.ts';
import { readConfiguration } from './configuration.ts';
import { createSessionCache, type SessionCache } from './session.ts';

/** Open connections, and sessions that are still valid. */
export interface Kept {
  aws?: Aws;
  sessions?: SessionCache;
}

/** The part of Lambda's context that the check uses. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
  readonly invokedFunctionArn?: string;
  readonly awsRequestId?: string;
}

export async function respond(
  input: unknown,
  context: InvocationContext,
  kept: Kept,
): Promise<Report | { reports: Report[] }> {
  const configuration = readConfiguration(process.env, context.invokedFunctionArn);
  kept.aws ??= connectToAws(configuration);
  kept.sessions ??= createSessionCache();
  const { aws, sessions } = kept;
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const remainingMs = () => context.getRemainingTimeInMillis();
  const { awsRequestId: requestId = '' } = context;
  const clock = { remainingMs, now: () => new Date() };
  return answerInvocation(input, { configuration, aws, sessions, ...clock, newRunId: randomUUID, requestId, log });
}
