import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { isObject } from '../../core/json.ts';
import { asError } from '../../core/values.ts';
import type { SourceDocument } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { Identified } from '../collect/accounts-to-read.ts';
import { answeredByAws } from '../collect/ask-aws.ts';

/** The given text: a stack's outputs, or only its test event. */
export interface GivenOutputs {
  /** Named in messages: the file, or the option with the stack's name. */
  readonly source: string;
  /** Not yet validated. */
  readonly event: unknown;
  /** All outputs of the stack, if given. */
  readonly outputs: Outputs;
}

const allowed =
  'the answer of aws cloudformation describe-stacks for one stack, its Outputs, a map of output names to values, or the value of the output TestEvent';

/**
 * Reads what a customer sends, in any of its formats.
 *
 * @throws InputError if it has none of them
 */
export function givenOutputs({ value, file }: Pick<SourceDocument, 'value' | 'file'>): GivenOutputs {
  if (typeof value === 'string') return { source: file, event: parsedEvent(value, file), outputs: {} };
  if (isObject(value) && ('inbox' in value || 'customer' in value)) return { source: file, event: value, outputs: {} };
  return fromOutputs(outputsIn(value, file), file);
}

/** @throws InputError if the stack has no output with a test event */
export function fromOutputs(outputs: Outputs, source: string): GivenOutputs {
  const { TestEvent: text } = outputs;
  if (text === undefined) {
    const names = Object.keys(outputs).join(', ') || 'none';
    throw new InputError(
      `${source}: has no output TestEvent; its outputs: ${names}. Allowed: those of a stack that was made from ` +
        'cloudformation/secure-inbox.yaml. Where the customer has another template, write the test event yourself (docs/test-event.md).',
    );
  }
  return { source, event: parsedEvent(text, `${source}: the output TestEvent`), outputs };
}

function outputsIn(value: unknown, file: string): Outputs {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isOutput)) {
      return Object.fromEntries(value.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    }
    throw notUnderstood(file, value.length === 0 ? 'an empty list' : 'a list of something else than outputs');
  }
  if (!isObject(value)) throw notUnderstood(file, JSON.stringify(value));
  const { Stacks: stacks, Outputs: outputs, StackStatus: status } = value;
  if (Array.isArray(stacks)) {
    const [stack] = stacks as readonly unknown[];
    if (stacks.length !== 1 || !isObject(stack)) {
      throw notUnderstood(file, `${stacks.length} stacks, where it is not said which one is meant`);
    }
    return outputsIn(stack, file);
  }
  if (outputs !== undefined || status !== undefined) {
    refuseUnfinished(`${file}: the stack`, typeof status === 'string' ? status : undefined);
    return outputsIn(outputs ?? [], file);
  }
  const entries = Object.entries(value);
  if (entries.length > 0 && entries.every(isText)) return Object.fromEntries(entries);
  throw notUnderstood(
    file,
    entries.length === 0 ? 'an empty object' : `an object with ${Object.keys(value).join(', ')}`,
  );
}

function parsedEvent(text: string, subject: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${subject}: is not JSON: ${asError(error).message}. It may have been cut or reformatted; ask for it again, as a file.`,
    );
  }
}

function notUnderstood(file: string, found: string): InputError {
  return new InputError(`${file}: holds ${found}. Allowed: ${allowed}.`);
}

function isText(entry: readonly [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function isOutput(value: unknown): value is { readonly OutputKey: string; readonly OutputValue: string } {
  return isObject(value) && typeof value['OutputKey'] === 'string' && typeof value['OutputValue'] === 'string';
}

interface WantedStack {
  readonly name: string;
  readonly region: string;
  readonly option: string;
  /** The options to give instead if the credentials are for another account. */
  readonly profileOption: string;
  readonly regionOption: string;
}

export type Outputs = Readonly<Record<string, string>>;

/**
 * A stack's outputs and status.
 *
 * @throws InputError if the stack doesn't exist, is not ready, or may not be read
 */
export async function stackOutputs({ accountId, arn, clients }: Identified, wanted: WantedStack): Promise<Outputs> {
  const { name, region, option, profileOption, regionOption } = wanted;
  const command = new DescribeStacksCommand({ StackName: name });
  const { Stacks: [stack] = [] } = await clients
    .cloudformation(region)
    .send(command)
    .catch((error: unknown) => {
      const { name: code, message } = answeredByAws(error);
      if (code === 'ValidationError' && message.includes('does not exist')) return { Stacks: [] };
      throw new InputError(
        `${option}: the stack ${name} of account ${accountId} in ${region} cannot be read: ${message} (${code}). ` +
          `It takes cloudformation:DescribeStacks; ${profileOption} names other credentials.`,
      );
    });
  if (!stack) {
    throw new InputError(
      `${option}: account ${accountId} has no stack ${name} in ${region} (asked as ${arn}). Give the name that it was ` +
        `deployed under, its Region with ${regionOption}, or credentials of its account with ${profileOption}.`,
    );
  }
  refuseUnfinished(`${option}: the stack ${name}`, stack.StackStatus);
  return Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const ready: readonly string[] = [
  'CREATE_COMPLETE',
  'IMPORT_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
];

/**
 * @param subject the beginning of the message
 * @param status absent if unknown
 * @throws InputError for a stack whose outputs are not valid yet or anymore
 */
function refuseUnfinished(subject: string, status: string | undefined): void {
  if (status === undefined || ready.includes(status)) return;
  const next = status.endsWith('_IN_PROGRESS')
    ? 'Wait until it is done, then try again.'
    : 'Its events have the reason (aws cloudformation describe-stack-events). Fix or re-create it first.';
  throw new InputError(`${subject} is ${status}. Allowed: ${ready.join(', ')}. ${next}`);
}
