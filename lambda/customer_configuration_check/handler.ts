import { randomUUID } from 'node:crypto';
import type { Report } from '../../core/report.ts';
import { type Aws, connectToAws } from './aws.ts';
import { answer } from './batch.ts';
import { readConfiguration } from './configuration.ts';
import { createSessionCache } from './session.ts';

/** Kept from one invocation to the next: open connections, and sessions that are still valid. */
let aws: Aws | undefined;
const sessions = createSessionCache();

/** The part of Lambda's context that the check uses. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
  readonly invokedFunctionArn?: string;
  readonly awsRequestId?: string;
}

export async function handler(input: unknown, context: InvocationContext): Promise<Report | { reports: Report[] }> {
  const configuration = readConfiguration(process.env, context.invokedFunctionArn);
  aws ??= connectToAws(configuration);
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const remainingMs = () => context.getRemainingTimeInMillis();
  const { awsRequestId: requestId = '' } = context;
  const clock = { remainingMs, now: () => new Date() };
  return answer(input, { configuration, aws, sessions, ...clock, newRunId: randomUUID, requestId, log });
}
