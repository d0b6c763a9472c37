import { within } from '../../core/time.ts';
import type { Configuration } from './configuration.ts';
import { deliver } from './deliver.ts';
import type { InvokeCheck } from './invoke-check.ts';
import { type Message, messagesOf, readRequest, type StackRequest } from './request.ts';
import { answered, deleted } from './response.ts';
import { inconclusive, notChecked, type Result, resultOf } from './result.ts';
import type { Send } from './send.ts';
import { testEventIn } from './test-event.ts';
import { untilPassed } from './until-passed.ts';

/** All that answering a stack needs from outside. */
export interface Means {
  readonly configuration: Configuration;
  /** Absent where there is nothing left to try: then everything is inconclusive. */
  readonly check?: InvokeCheck;
  readonly send: Send;
  /** Until Lambda ends the invocation. */
  readonly remainingMs: () => number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Takes one line, without the line break. */
  readonly log: (line: string) => void;
}

/** Kept back for sending the response, with what it may take to reach S3. */
const answerMs = 20_000;

/**
 * Answers the stacks of customers that want to be checked: what is in an SNS message is a request of CloudFormation to a
 * custom resource. Whatever happens to the check, a trusted request is answered.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-sns.html
 *
 * @throws where a response did not reach CloudFormation, so that Lambda tries again
 */
export async function answerStacks(event: unknown, means: Means): Promise<void> {
  // SNS sends one message at a time to a function, in a list.
  await Promise.all(messagesOf(event).map((message) => answerStack(message, means)));
}

async function answerStack(message: Message, means: Means): Promise<void> {
  const read = readRequest(message, means.configuration);
  if (!read.trusted) {
    // An alarm counts these.
    const what = 'A request is not trusted, and was not answered.';
    logged(means, 'ERROR', what, { trusted: false, topic: message.topicArn, why: read.why });
    return;
  }
  const { request } = read;
  const body = await responseTo(request, means);
  const delivered = await deliver(request.responseUrl, body, means);
  const of = { stack: request.stackId, type: request.type, requestId: request.requestId };
  if (delivered.kind === 'refused') {
    logged(means, 'ERROR', 'CloudFormation does not take the response.', { ...of, status: delivered.status });
  } else if (delivered.kind === 'unreachable') {
    throw new Error(`The stack ${request.stackId} has no response yet: ${delivered.why}`);
  }
}

async function responseTo(request: StackRequest, means: Means): Promise<string> {
  const { type, stackId, requestId, properties } = request;
  const of = { stack: stackId, type, requestId };
  if (type === 'Delete') {
    logged(means, 'INFO', 'A stack no longer wants to be checked.', of);
    return deleted(request);
  }
  let result: Result;
  try {
    result = await within(means.remainingMs() - answerMs, (signal) => resultFor(request, signal, means));
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    logged(means, 'ERROR', 'A stack could not be checked.', { ...of, why });
    result = inconclusive();
  }
  logged(means, 'INFO', `Check of a stack: ${result.verdict}`, { ...of, verdict: result.verdict });
  return answered(request, result, properties['FailOnDenied'] === 'yes');
}

async function resultFor(
  { accountId, stackId, properties }: StackRequest,
  signal: AbortSignal,
  means: Means,
): Promise<Result> {
  const { configuration, check, remainingMs, now, pause } = means;
  if (check === undefined) return inconclusive();
  const asked = await testEventIn(properties, accountId, configuration);
  if (!asked.valid) return notChecked(asked.verdict, asked.why);
  const { event } = asked;
  const checked = await untilPassed(() => check(event, signal), {
    patienceMs: configuration.patienceMs,
    remainingMs: () => remainingMs() - answerMs,
    now,
    pause,
  });
  if (checked.kind === 'report') return resultOf(checked.report, event);
  logged(means, 'ERROR', 'A stack could not be checked.', { stack: stackId, why: checked.why });
  return inconclusive();
}

function logged({ log, now }: Means, level: 'INFO' | 'ERROR', message: string, more: object): void {
  log(JSON.stringify({ timestamp: now().toISOString(), level, message, ...more }));
}
