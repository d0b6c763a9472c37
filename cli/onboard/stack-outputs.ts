import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InputError } from '../../model/text/input-error.ts';
import type { Identified } from '../collect/accounts.ts';
import { answeredByAws } from '../collect/ask.ts';

interface WantedStack {
  readonly name: string;
  readonly region: string;
  readonly option: string;
  /** What else to give where the credentials are another account's. */
  readonly profileOption: string;
  readonly regionOption: string;
}

export type Outputs = Readonly<Record<string, string>>;

/**
 * What a stack says about itself.
 *
 * @throws InputError where there is none of that name, where it is not ready, or where it may not be read
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
 * @param subject what the message begins with
 * @param status absent where no one said it
 * @throws InputError for a stack whose outputs don't hold yet, or don't hold any more
 */
export function refuseUnfinished(subject: string, status: string | undefined): void {
  if (status === undefined || ready.includes(status)) return;
  const next = status.endsWith('_IN_PROGRESS')
    ? 'Wait until it is done, then try again.'
    : 'Its events have the reason (aws cloudformation describe-stack-events). Fix or re-create it first.';
  throw new InputError(`${subject} is ${status}. Allowed: ${ready.join(', ')}. ${next}`);
}
