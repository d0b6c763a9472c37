import { printable } from '../../core/printable.ts';
import { within } from '../../core/time.ts';
import { asError } from '../../core/values.ts';
import type { AccountRecords } from './account-records.ts';
import type { StackCheckConfiguration } from './configuration.ts';
import { deliver, type ResponseProbe, type Send } from './deliver.ts';
import type { InvokeCheck } from './invoke-check.ts';
import { type Message, messagesOf, readRequest, type StackRequest } from './request.ts';
import { responseToDelete, responseWith } from './response.ts';
import { inconclusive, notCheckedResult, type Result, resultOf } from './result.ts';
import { type RegisteredAccount, type StacksEvent, testEventIn } from './test-event.ts';
import { untilPassed } from './until-passed.ts';

/** The dependencies for answering a stack. */
export interface StackCheckMeans {
  readonly configuration: StackCheckConfiguration;
  /** Absent if nothing is left to try; then every result is inconclusive. */
  readonly checking?: Checking;
  readonly probe: ResponseProbe;
  readonly send: Send;
  /** Time until Lambda ends the invocation. */
  readonly remainingMs: () => number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Writes one line; the line break is added. */
  readonly log: (line: string) => void;
}

/** The means of running a check. */
export interface Checking {
  readonly check: InvokeCheck;
  readonly records: AccountRecords;
  readonly registeredAccount: (signal: AbortSignal) => RegisteredAccount;
  /** The request ID of this invocation. A retry has the same ID. */
  readonly invocationId: string;
}

/** Reserved for sending the response, including retries. */
const answerMs = 20_000;

const probeMs = 3_000;

/**
 * Answers customers' stacks that request a check. An SNS message contains a request of CloudFormation to a custom
 * resource. A trusted request gets an answer, whatever happens to the check.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-sns.html
 *
 * @throws if a response did not reach CloudFormation, so that Lambda tries again
 */
export async function answerStacks(event: unknown, means: StackCheckMeans): Promise<void> {
  // SNS sends a function one message at a time, in a list.
  await Promise.all(messagesOf(event).map((message) => answerStack(message, means)));
}

async function answerStack(message: Message, means: StackCheckMeans): Promise<void> {
  const read = readRequest(message, means.configuration, means.now());
  if (!read.trusted) {
    // An alarm counts these.
    const what = 'A request is not trusted, and was not answered.';
    logged(means, 'ERROR', what, { trusted: false, topic: message.topicArn, why: read.why });
    return;
  }
  const { request } = read;
  const of = { stack: request.stackId, type: request.type, requestId: request.requestId };
  const body = await responseTo(request, means);
  if (body === undefined) {
    logged(means, 'INFO', 'A request came twice, and is answered once.', of);
    return;
  }
  const delivered = await deliver(request.responseUrl, body, means);
  if (delivered.kind === 'refused') {
    // An alarm counts these.
    const { status } = delivered;
    logged(means, 'ERROR', 'CloudFormation does not take the response.', { ...of, responseRefused: true, status });
  } else if (delivered.kind === 'unreachable') {
    throw new Error(`The stack ${request.stackId} has no response yet: ${delivered.why}`);
  }
}

/** @returns undefined if another invocation answers */
async function responseTo(request: StackRequest, means: StackCheckMeans): Promise<string | undefined> {
  const { type, stackId, requestId, properties } = request;
  const of = { stack: stackId, type, requestId };
  if (type === 'Delete') {
    logged(means, 'INFO', 'A stack no longer wants to be checked.', of);
    return responseToDelete(request);
  }
  let result: Result | undefined;
  try {
    result = await within(means.remainingMs() - answerMs, (signal) => resultFor(request, signal, means));
  } catch (error) {
    logged(means, 'ERROR', 'A stack could not be checked.', { ...of, why: asError(error).stack });
    result = inconclusive();
  }
  if (result === undefined) return undefined;
  logged(means, 'INFO', `Check of a stack: ${result.verdict}`, { ...of, verdict: result.verdict });
  return responseWith(request, result, properties['FailOnDenied'] === 'yes');
}

async function resultFor(
  request: StackRequest,
  signal: AbortSignal,
  means: StackCheckMeans,
): Promise<Result | undefined> {
  const { configuration, checking } = means;
  if (checking === undefined) return inconclusive();
  const { accountId, requestId, stackId, type } = request;
  const asked = await testEventIn(request.properties, accountId, configuration, checking.registeredAccount(signal));
  if (!asked.valid) return notCheckedResult(asked.verdict, asked.why);
  const isTaken = await within(probeMs, (probing) => means.probe(request.responseUrl, probing)).catch(() => true);
  if (!isTaken) return notCheckedResult('inconclusive', 'The response URL of the request is not valid.');

  const { records, invocationId } = checking;
  const now = means.now().getTime();
  const asking = { requestId, invocationId, now, until: now + means.remainingMs() };
  const { kind } = await records.admit(accountId, asking, signal);
  if (kind === 'repeated') return undefined;
  if (kind !== 'admitted') {
    // An alarm counts requests over the limit.
    logged(means, 'ERROR', 'No check was started for a stack.', { stack: stackId, type, requestId, limited: kind });
    return notCheckedResult('inconclusive', whyNot(kind, configuration));
  }
  try {
    return await checked(asked.event, request, signal, means, checking);
  } finally {
    await records.release(accountId, invocationId);
  }
}

function whyNot(kind: 'busy' | 'too-many', { checksPerHour }: StackCheckConfiguration): string {
  const why = {
    busy: 'Another check for a stack of this account is running; only one runs at a time.',
    'too-many': `Stacks of this account have started ${checksPerHour} checks within an hour, which is the limit.`,
  };
  return `${why[kind]} This says nothing about your configuration. Change the stack's parameter CheckSerial later to check again.`;
}

async function checked(
  event: StacksEvent,
  { stackId }: StackRequest,
  signal: AbortSignal,
  means: StackCheckMeans,
  { check }: Checking,
): Promise<Result> {
  const { configuration, remainingMs, now, pause } = means;
  const found = await untilPassed(() => check(event, signal), {
    patienceMs: configuration.patienceMs,
    remainingMs: () => remainingMs() - answerMs,
    now,
    pause,
  });
  if (found.kind === 'report') return resultOf(found.report, event);
  logged(means, 'ERROR', 'A stack could not be checked.', { stack: stackId, why: found.why });
  return inconclusive();
}

function logged({ log, now }: StackCheckMeans, level: 'INFO' | 'ERROR', message: string, more: object): void {
  log(printable(JSON.stringify({ timestamp: now().toISOString(), level, message, ...more })));
}
